#include <doctest/doctest.h>

#include <limits>

#include "backend/machine_tools.hpp"

using namespace optexplore;
using namespace optexplore::language;
using namespace optexplore::program;
using test::Experiment;

namespace {

/// Random programs with every kind of input, node, update and observed value.
class Generator {
 public:
  explicit Generator(std::uint64_t seed, std::size_t longest = 6)
      : random_(seed), n_(static_cast<std::uint32_t>(1 + pick(longest))) {}

  Graph g;
  Experiment e;

  void run() {
    const std::size_t inputs = 2 + pick(6);
    for (std::size_t k = 0; k < inputs; ++k) add_input();
    for (const double c : {0.5, -1.0, 0.0}) scalars_.push_back(g.constant(c));
    vectors_.push_back(g.constant(values(n_)));
    const std::size_t nodes = 3 + pick(30);
    for (std::size_t k = 0; k < nodes; ++k) add_node();
    for (auto& input : e.spec.inputs)
      if (!input.constant && !input.clock && pick(5) != 0)
        input.update = g.shape(input.node).scalar() ? scalar() : vector();
    const std::size_t wanted = pick(4);
    for (std::size_t k = 0; k < wanted; ++k) e.spec.observed.push_back(any());
    for (std::size_t k = pick(4); k > 0; --k) e.spec.recorded.push_back(any());
    for (int k = 0; k < 4; ++k) e.record.push_back(pick(2) == 0);
  }

 private:
  std::size_t pick(std::size_t n) { return static_cast<std::size_t>(random_() % n); }
  std::vector<double> values(std::size_t n) {
    std::vector<double> v(n);
    constexpr double inf = std::numeric_limits<double>::infinity();
    constexpr double odd[] = {0.0,
                              -0.0,
                              inf,
                              -inf,
                              std::numeric_limits<double>::quiet_NaN(),
                              5e-324,
                              -1e-310,
                              4503599627370495.5,
                              4503599627370496.5,
                              1.7e308};
    const bool special = pick(3) == 0;
    for (double& x : v)
      x = special && pick(6) == 0 ? odd[pick(std::size(odd))] : std::uniform_real_distribution<double>(-2, 2)(random_);
    return v;
  }
  // Recent nodes more often: deep graphs.
  NodeId recent(const std::vector<NodeId>& pool) {
    return pick(2) == 0 ? pool[pick(pool.size())] : pool[pool.size() - 1 - pick(std::min<std::size_t>(pool.size(), 4))];
  }
  NodeId scalar() { return recent(scalars_); }
  NodeId vector() { return recent(vectors_); }
  NodeId any() { return pick(2) == 0 ? scalar() : vector(); }

  void add_input() {
    const Shape shape{pick(3) == 0 ? 0 : n_};
    compile::ProgramInput input;
    input.node = g.input(shape);
    input.per_lane = pick(2) == 0;
    input.constant = pick(4) == 0;
    input.clock = !has_clock_ && shape.scalar() && pick(3) == 0;
    has_clock_ = has_clock_ || input.clock;
    if (input.clock) input.per_lane = input.constant = false;
    e.start.emplace_back();
    const std::size_t lanes = input.per_lane ? 11 : 1;
    for (std::size_t l = 0; l < lanes; ++l) e.start.back().push_back(values(shape.size()));
    if (input.constant && !input.per_lane && shape.scalar() && pick(2) == 0) input.value = e.start.back()[0][0];
    e.spec.inputs.push_back(input);
    (shape.scalar() ? scalars_ : vectors_).push_back(input.node);
  }

  void keep(NodeId id) { (g.shape(id).scalar() ? scalars_ : vectors_).push_back(id); }

  NodeId elementwise(NodeId a, NodeId b, NodeId c) {
    constexpr Op one[] = {Op::neg, Op::abs, Op::sin, Op::tanh, Op::exp, Op::atan, Op::sign, Op::floor, Op::erf};
    constexpr Op two[] = {Op::add, Op::sub, Op::mul,   Op::div, Op::min,  Op::max,
                          Op::lt,  Op::eq,  Op::hypot, Op::mod, Op::atan2};
    switch (pick(8)) {
      case 0:
      case 1: return g.apply(one[pick(std::size(one))], {a});
      case 2: return g.where(g.apply(Op::lt, {a, c}), b, c);
      case 3: return g.integer_power(a, static_cast<std::int32_t>(pick(6)) - 2);
      default: return g.apply(two[pick(std::size(two))], {a, b});
    }
  }

  /// A vector of n elements joined from parts: scalars, slices, computed slices, a part twice.
  NodeId joined() {
    std::vector<NodeId> parts;
    std::uint32_t left = n_;
    while (left > 0) {
      const auto length = static_cast<std::uint32_t>(1 + pick(left));
      if (!parts.empty() && pick(4) == 0 && g.shape(parts.back()).size() <= left) {
        parts.push_back(parts.back());
      } else if (length == 1) {
        parts.push_back(pick(2) == 0 ? scalar() : g.mul(scalar(), scalar()));
      } else {
        const NodeId slice = g.slice(vector(), static_cast<std::uint32_t>(pick(n_ - length + 1)), length);
        parts.push_back(pick(3) == 0 ? slice : elementwise(slice, slice, scalar()));
      }
      left -= g.shape(parts.back()).size();
    }
    return g.concat(parts);
  }

  /// A loop that carries a vector and a number, and stacks two numbers.
  NodeId loop() {
    const auto body = std::make_shared<Body>();
    Graph& b = body->graph;
    const NodeId x = b.input({n_}), s = b.input({}), v = b.input({n_}), q = b.input({});
    body->index = b.input({});
    body->captured = {v, q};
    body->carried = {x, s};
    const NodeId sum = b.apply(Op::sum, {b.mul(x, v)});
    const NodeId half = b.apply(Op::tanh, {b.mul(b.add(x, s), b.constant(0.5))});
    body->next = {pick(2) == 0 ? half : b.fill(b.add(s, b.element(v, 0)), {n_}), pick(2) == 0 ? sum : b.sub(s, q)};
    body->stacked = {b.mul(body->index, s), pick(2) == 0 ? sum : q};
    const NodeId captured[] = {g.fill(any(), {n_}), scalar()}, carried[] = {g.fill(any(), {n_}), scalar()};
    const auto count = static_cast<std::uint32_t>(1 + pick(4));
    const NodeId done = g.loop(body, count, captured, carried);
    keep(g.element(done, n_ + 1 + static_cast<std::uint32_t>(pick(2 * count))));
    return g.slice(done, 0, n_);
  }

  /// Something of a body's inputs, perhaps with a loop or a branch of its own.
  NodeId inner_vector(Graph& b, NodeId x, NodeId v, NodeId s, int depth) {
    switch (pick(depth > 0 ? 5 : 3)) {
      case 0: return b.apply(Op::tanh, {b.add(x, b.mul(v, s))});
      case 1: return b.mul(b.sub(x, v), b.constant(0.5));
      case 2: return b.apply(Op::max, {x, b.fill(s, {n_})});
      case 3: return b.slice(loop_with_test(b, v, s, x, s, depth - 1), 0, n_);
      default: return branch(b, b.apply(Op::gt, {b.element(x, 0), s}), x, b.add(s, b.element(v, 0)), depth - 1);
    }
  }

  /// While a number that shrinks is large: each lane stops at a time of its own; sometimes by a number that isn't one.
  NodeId loop_with_test(Graph& outer, NodeId v, NodeId q, NodeId x0, NodeId s0, int depth) {
    const auto body = std::make_shared<Body>();
    Graph& b = body->graph;
    const NodeId x = b.input({n_}), s = b.input({}), cv = b.input({n_}), cq = b.input({});
    if (pick(2) == 0) body->index = b.input({});
    body->captured = {cv, cq};
    body->carried = {x, s};
    const NodeId shared = b.apply(Op::dot, {x, cv});
    body->test = pick(3) == 0 ? b.apply(Op::gt, {b.apply(Op::abs, {shared}), b.apply(Op::abs, {cq})})
                              : b.apply(Op::gt, {b.apply(Op::abs, {s}), b.constant(0.2)});
    const NodeId next_s =
        body->index == no_node ? b.mul(s, b.constant(0.6)) : b.div(s, b.add(body->index, b.constant(0.5)));
    body->next = {inner_vector(b, x, cv, s, depth),
                  pick(3) == 0 ? b.add(next_s, b.mul(b.constant(0.01), shared)) : next_s};
    const NodeId captured[] = {v, q}, carried[] = {x0, s0};
    return outer.loop(body, static_cast<std::uint32_t>(1 + pick(12)), captured, carried);
  }

  /// One of two vectors.
  NodeId branch(Graph& outer, NodeId condition, NodeId v, NodeId q, int depth) {
    std::shared_ptr<Body> bodies[2];
    for (auto& body : bodies) {
      body = std::make_shared<Body>();
      Graph& b = body->graph;
      const NodeId cv = b.input({n_}), cq = b.input({});
      body->captured = {cv, cq};
      body->next = {inner_vector(b, cv, cv, cq, depth)};
    }
    const NodeId captured[] = {v, q};
    return outer.branch(condition, bodies[0], bodies[1], captured);
  }

  void add_node() {
    constexpr Op reductions[] = {Op::sum, Op::norm, Op::reduce_min, Op::reduce_max};
    switch (pick(17)) {
      case 15: {
        const NodeId done = loop_with_test(g, g.fill(any(), {n_}), scalar(), g.fill(any(), {n_}), scalar(), 2);
        keep(g.element(done, n_ + static_cast<std::uint32_t>(pick(2))));
        return keep(g.slice(done, 0, n_));
      }
      case 16: return keep(branch(g, scalar(), g.fill(any(), {n_}), scalar(), 2));
      case 0: return keep(g.apply(reductions[pick(4)], {vector()}));
      case 1: return keep(g.apply(Op::dot, {vector(), vector()}));
      case 2: return keep(g.element(vector(), static_cast<std::uint32_t>(pick(n_))));
      case 3: return keep(g.fill(scalar(), {n_}));
      case 4: return keep(joined());
      case 5: return keep(joined());
      case 6: {
        std::vector<std::uint32_t> indices(n_);
        for (auto& i : indices) i = static_cast<std::uint32_t>(pick(n_));
        return keep(g.gather(vector(), indices));
      }
      case 7: {
        std::vector<double> indices(n_);
        for (auto& i : indices) i = static_cast<double>(pick(n_));
        return keep(g.scatter(vector(), std::make_shared<const std::vector<double>>(indices), n_));
      }
      case 8: return keep(g.random(static_cast<Draw>(pick(3)), pick(2) == 0 ? Shape{} : Shape{n_}));
      case 9: return keep(loop());
      case 10:
      case 11: return keep(elementwise(scalar(), scalar(), scalar()));
      default: return keep(elementwise(any_like(), vector(), any_like()));
    }
  }
  NodeId any_like() { return pick(3) == 0 ? scalar() : vector(); }

  std::mt19937_64 random_;
  std::uint32_t n_;
  bool has_clock_ = false;
  std::vector<NodeId> scalars_;
  std::vector<NodeId> vectors_;
};

}  // namespace

TEST_CASE("random programs compute in every lane what the plain interpreter computes") {
  constexpr std::uint64_t seed = 100;
  for (std::uint64_t trial = 0; trial < 3000; ++trial) {
    Generator generator(seed + trial);
    generator.run();
    const std::size_t lanes = test::lane_counts[trial % (trial % 50 == 0 ? 9 : 8)];
    const backend::KernelTable& kernels = trial % 2 == 0   ? backend::best_kernels()
                                          : trial % 4 == 1 ? backend::baseline_kernels()
                                                           : backend::portable_kernels();
    INFO("seed ", seed + trial, ", ", lanes, " lanes");
    CHECK(test::compare(generator.g, generator.e, lanes, kernels) == "");
    CHECK(test::compare(generator.g, generator.e, 1, kernels, {}, compile::Form::single) == "");
  }
}

TEST_CASE("every pass can be left out without changing a bit") {
  for (std::uint64_t trial = 0; trial < 500; ++trial) {
    Generator generator(300000 + trial, trial % 5 == 0 ? 40 : 6);
    generator.run();
    INFO("seed ", 300000 + trial);
    compile::Passes passes;
    for (bool* pass : {&passes.clock, &passes.fuse, &passes.in_place}) {
      *pass = false;
      CHECK(test::compare(generator.g, generator.e, 3, backend::best_kernels(), {}, compile::Form::block, passes) ==
            "");
      *pass = true;
    }
  }
}

TEST_CASE("random programs of long vectors compute the same tile by tile") {
  constexpr backend::Tiling tiny = {8, 3, 16};  // so that a few dozen elements are many tiles
  constexpr std::uint64_t seed = 500000;
  for (std::uint64_t trial = 0; trial < 3000; ++trial) {
    Generator generator(seed + trial, 90);
    generator.run();
    const std::size_t lanes = trial % 4 == 0 ? 3 : 1;
    INFO("seed ", seed + trial, ", ", lanes, " lanes");
    const auto form = trial % 4 == 1 ? compile::Form::single : compile::Form::block;
    CHECK(test::compare(generator.g, generator.e, lanes, backend::best_kernels(), tiny, form) == "");
  }
}

TEST_CASE("results don't depend on which steps are recorded") {
  for (std::uint64_t trial = 0; trial < 200; ++trial) {
    Generator generator(77000 + trial);
    generator.run();
    INFO("seed ", 77000 + trial);
    for (const bool record : {true, false}) {
      generator.e.record.assign(4, record);
      CHECK(test::compare(generator.g, generator.e, 5, backend::best_kernels()) == "");
    }
  }
}
