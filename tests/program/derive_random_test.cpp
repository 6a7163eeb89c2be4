#include <doctest/doctest.h>

#include "program/derive.hpp"
#include "program/graph_tools.hpp"

using namespace optexplore::language;
using namespace optexplore::program;
using optexplore::test::complex_step;
using optexplore::test::interpret;
using optexplore::test::Values;
using Vector = std::vector<double>;

namespace {

/// Random smooth functions of one vector, with every argument kept inside its function's domain.
class Generator {
 public:
  Generator(Graph& graph, NodeId point, std::uint64_t seed) : g_(graph), point_(point), random_(seed) {}

  NodeId scalar(int depth) {
    const std::uint32_t n = g_.shape(point_).length;
    if (depth <= 0) return pick(3) == 0 ? constant() : g_.element(point_, static_cast<std::uint32_t>(pick(n)));
    switch (pick(9)) {
      case 0: return g_.apply(Op::sum, {vector(depth - 1)});
      case 1: return g_.apply(Op::dot, {vector(depth - 1), vector(depth - 1)});
      case 2: return g_.apply(Op::norm, {g_.add(vector(depth - 1), g_.constant(3.0))});
      case 3: return product(g_.apply(Op::sin, {vector(depth - 1)}));
      case 4: return g_.element(vector(depth - 1), static_cast<std::uint32_t>(pick(n)));
      default: return elementwise(depth, [this](int d) { return scalar(d); });
    }
  }

  NodeId vector(int depth) {
    const std::uint32_t n = g_.shape(point_).length;
    if (depth <= 0) return pick(4) == 0 ? g_.constant(constants(n)) : point_;
    switch (pick(8)) {
      case 0: return rotated(vector(depth - 1));
      case 1: return gathered(vector(depth - 1));
      case 2: return g_.mul(scalar(depth - 1), vector(depth - 1));
      case 3: return g_.fill(scalar(depth - 1), {n});
      default: return elementwise(depth, [this](int d) { return vector(d); });
    }
  }

  Vector constants(std::size_t n) {
    Vector values(n);
    for (double& v : values) v = std::uniform_real_distribution<double>(-1.5, 1.5)(random_);
    return values;
  }

 private:
  std::size_t pick(std::size_t n) { return static_cast<std::size_t>(random_() % n); }
  NodeId constant() { return g_.constant(constants(1)[0]); }

  /// The product of the elements by halves, as prod() builds it.
  NodeId product(NodeId v) {
    NodeId result = g_.element(v, 0);
    for (std::uint32_t i = 1; i < g_.shape(v).length; ++i) result = g_.mul(result, g_.element(v, i));
    return result;
  }
  NodeId rotated(NodeId v) {
    const std::uint32_t n = g_.shape(v).length;
    if (n == 1) return v;
    const NodeId parts[] = {g_.slice(v, 1, n - 1), g_.element(v, 0)};
    return g_.concat(parts);
  }
  NodeId gathered(NodeId v) {
    std::vector<std::uint32_t> indices(g_.shape(v).length);
    for (auto& i : indices) i = static_cast<std::uint32_t>(pick(indices.size()));
    return g_.gather(v, indices);
  }
  NodeId bounded(NodeId v) { return g_.mul(g_.constant(0.8), g_.apply(Op::sin, {v})); }  // in (-0.8, 0.8)
  NodeId positive(NodeId v) { return g_.add(g_.constant(1.5), bounded(v)); }             // in (0.7, 2.3)

  template <class Operand>
  NodeId elementwise(int depth, Operand operand) {
    const NodeId a = operand(depth - 1);
    constexpr Op tame[] = {Op::neg, Op::sin, Op::cos, Op::atan, Op::tanh, Op::erf};
    constexpr Op of_bounded[] = {Op::asin, Op::acos, Op::tan, Op::sinh, Op::cosh, Op::exp, Op::expm1, Op::log1p};
    constexpr Op of_positive[] = {Op::sqrt, Op::cbrt, Op::log, Op::log2, Op::log10, Op::abs};
    constexpr Op of_two[] = {Op::add, Op::sub, Op::mul};
    switch (pick(9)) {
      case 0: return g_.apply(tame[pick(std::size(tame))], {a});
      case 1: return g_.apply(of_bounded[pick(std::size(of_bounded))], {bounded(a)});
      case 2: return g_.apply(of_positive[pick(std::size(of_positive))], {positive(a)});
      case 3: return g_.apply(Op::div, {a, positive(operand(depth - 1))});
      case 4: return g_.integer_power(positive(a), static_cast<std::int32_t>(pick(9)) - 4);
      case 5: return g_.apply(Op::pow, {positive(a), bounded(operand(depth - 1))});
      case 6: return g_.apply(pick(2) == 0 ? Op::hypot : Op::atan2, {positive(a), positive(operand(depth - 1))});
      case 7: return g_.where(g_.apply(Op::lt, {a, operand(depth - 1)}), g_.apply(Op::sin, {a}), a);
      default: return g_.apply(of_two[pick(std::size(of_two))], {a, operand(depth - 1)});
    }
  }

  Graph& g_;
  NodeId point_;
  std::mt19937_64 random_;
};

double dot(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

double norm(const Vector& a) { return std::sqrt(dot(a, a)); }

}  // namespace

TEST_CASE("gradients of random functions agree with the complex step") {
  constexpr std::uint64_t seed = 11;
  double worst = 0;
  int compared = 0;
  for (std::uint64_t tree = 0; tree < 800; ++tree) {
    Graph g;
    const auto n = static_cast<std::uint32_t>(1 + tree % 5);
    const NodeId x = g.input({n});
    Generator generator(g, x, seed + tree);
    const NodeId f = generator.scalar(3 + static_cast<int>(tree % 4));
    const NodeId df = gradient(g, f, x);
    REQUIRE(g.shape(df) == Shape{n});
    const Values<double> at{{x, generator.constants(n)}};
    const Vector exact = interpret(g, df, at);
    Vector stepped(n);
    for (std::uint32_t i = 0; i < n; ++i) {
      Vector direction(n, 0.0);
      direction[i] = 1;
      stepped[i] = complex_step(g, f, at, x, direction);
    }
    const double scale = norm(stepped);
    if (!(scale < 1e8)) continue;  // overflowing or ill-conditioned by construction
    Vector error(n);
    for (std::uint32_t i = 0; i < n; ++i) error[i] = exact[i] - stepped[i];
    INFO("seed ", seed, ", tree ", tree);
    CHECK(norm(error) <= 1e-12 * std::max(scale, 1e-3));
    worst = std::max(worst, norm(error) / std::max(scale, 1e-3));
    ++compared;
  }
  CHECK(compared > 750);
  MESSAGE("largest relative error ", worst, " over ", compared, " functions");
}

TEST_CASE("Hessian-vector products are the gradient's derivative, and symmetric") {
  constexpr std::uint64_t seed = 5000;
  double worst = 0;
  int compared = 0;
  for (std::uint64_t tree = 0; tree < 500; ++tree) {
    Graph g;
    const auto n = static_cast<std::uint32_t>(1 + tree % 5);
    const NodeId x = g.input({n});
    const NodeId along = g.input({n});
    Generator generator(g, x, seed + tree);
    const NodeId f = generator.scalar(2 + static_cast<int>(tree % 3));
    const NodeId df = gradient(g, f, x);
    const NodeId hv = gradient(g, g.apply(Op::dot, {df, along}), x);
    const Vector u = generator.constants(n);
    const Vector v = generator.constants(n);
    Values<double> at{{x, generator.constants(n)}, {along, v}};
    const Vector exact = interpret(g, hv, at);
    Vector error(n);
    Vector stepped(n);
    for (std::uint32_t i = 0; i < n; ++i) stepped[i] = complex_step(g, df, at, x, v, i);
    for (std::uint32_t i = 0; i < n; ++i) error[i] = exact[i] - stepped[i];
    at[along] = u;
    const Vector hu = interpret(g, hv, at);
    const double scale = std::max({norm(stepped), norm(hu), 1e-3});
    if (!(scale < 1e8)) continue;
    INFO("seed ", seed, ", tree ", tree);
    CHECK(norm(error) <= 2e-11 * scale);
    CHECK(std::fabs(dot(u, exact) - dot(v, hu)) <= 2e-11 * scale * std::max(norm(u), norm(v)));
    worst = std::max(worst, norm(error) / scale);
    ++compared;
  }
  CHECK(compared > 450);
  MESSAGE("largest relative error ", worst, " over ", compared, " functions");
}

TEST_CASE("known functions have their known gradients and Hessians") {
  optexplore::test::Setting s;
  const NodeId x = s.vector("x", 4);
  s.scope.set("n", s.g.constant(4.0));
  const NodeId f = s.build("sum(k,1,n-1,100*(x[k+1] - x[k]^2)^2 + (1 - x[k])^2)");  // Rosenbrock
  const NodeId df = gradient(s.g, f, x);
  const Vector p = {-1.2, 1.0, 0.5, -0.3};
  Vector expected(4, 0.0);
  for (std::size_t k = 0; k < 3; ++k) {
    expected[k] += -400 * p[k] * (p[k + 1] - p[k] * p[k]) - 2 * (1 - p[k]);
    expected[k + 1] += 200 * (p[k + 1] - p[k] * p[k]);
  }
  const Vector got = interpret<double>(s.g, df, {{x, p}});
  for (std::size_t k = 0; k < 4; ++k) CHECK(got[k] == doctest::Approx(expected[k]).epsilon(1e-14));
  for (std::size_t j = 0; j < 4; ++j) {
    Vector unit(4, 0.0);
    unit[j] = 1;
    const NodeId hv = gradient(s.g, s.g.apply(Op::dot, {df, s.g.constant(unit)}), x);
    const Vector column = interpret<double>(s.g, hv, {{x, p}});
    for (std::size_t i = 0; i < 4; ++i) {
      double h = 0;
      if (i == j && i < 3) h += 1200 * p[i] * p[i] - 400 * p[i + 1] + 2;
      if (i == j && i > 0) h += 200;
      if (i + 1 == j || j + 1 == i) h = -400 * p[std::min(i, j)];
      CHECK(column[i] == doctest::Approx(h).epsilon(1e-14));
    }
  }
}
