#include "program/graph.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "program/graph_tools.hpp"

using namespace optexplore::language;
using namespace optexplore::program;
using optexplore::test::interpret;
using optexplore::test::same_bits;
using optexplore::test::Setting;
using Vector = std::vector<double>;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();

Vector special_values() {
  const double tiny = std::numeric_limits<double>::denorm_min();
  const double least = std::numeric_limits<double>::min();
  const double huge = std::numeric_limits<double>::max();
  return {0.0,    -0.0,        1.0,  -1.0,  0.5, -2.0, 3.0,          -0.1,  tiny,    -tiny,    3 * tiny, least,
          -least, 1.5 * least, huge, -huge, inf, -inf, std::nan(""), 1e200, -1e-200, 0x1p1023, 0x1p-1022};
}

/// An expression as it was written: evaluated without any graph, so without sharing and simplification.
struct Raw {
  int variable = -1;
  double constant = 0;
  Op op = Op::constant;
  std::int32_t exponent = 0;
  std::vector<Raw> args;

  double value(const Vector& point) const {
    if (variable >= 0) return point[static_cast<std::size_t>(variable)];
    if (op == Op::constant) return constant;
    double v[3] = {};
    for (std::size_t k = 0; k < args.size(); ++k) v[k] = args[k].value(point);
    return evaluate(op, v, exponent);
  }
  NodeId build(Graph& g, const std::vector<NodeId>& variables) const {
    if (variable >= 0) return variables[static_cast<std::size_t>(variable)];
    if (op == Op::constant) return g.constant(constant);
    std::vector<NodeId> nodes;
    for (const Raw& arg : args) nodes.push_back(arg.build(g, variables));
    return op == Op::powi ? g.integer_power(nodes[0], exponent) : g.apply(op, nodes);
  }
};

Raw random_raw(std::mt19937_64& random, int depth) {
  const auto pick = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  Raw raw;
  if (depth == 0 || pick(6) == 0) {
    constexpr double constants[] = {0.0, -0.0, 1.0, -1.0, 2.0, -0.5, 0.1, 0x1p-1022, 0x1p1023, inf, -3.0, 0x1p-1074};
    if (pick(2) == 0)
      raw.variable = static_cast<int>(pick(3));
    else
      raw.constant = constants[pick(std::size(constants))];
    return raw;
  }
  constexpr Op ops[] = {Op::neg, Op::neg, Op::abs,  Op::add,         Op::sub, Op::mul, Op::div, Op::where,
                        Op::min, Op::max, Op::powi, Op::logical_and, Op::eq,  Op::lt,  Op::sign};
  raw.op = ops[pick(std::size(ops))];
  if (raw.op == Op::powi) raw.exponent = static_cast<std::int32_t>(pick(8)) - 3;
  for (int k = 0; k < info(raw.op).arity; ++k) raw.args.push_back(random_raw(random, depth - 1));
  return raw;
}

}  // namespace

TEST_CASE("equal computations are one node") {
  Setting s;
  s.scalar("x");
  s.scalar("y");
  s.vector("v", 4);
  CHECK(s.build("x + y") == s.build("y + x"));
  CHECK(s.build("x*y*2") == s.build("2*(y*x)"));
  CHECK(s.build("x == y") == s.build("y == x"));
  CHECK(s.build("sum(k,1,3,v[k]^2)") == s.build("sum(v[1:3]^2)"));
  CHECK(s.build("x - y") == s.build("x + -y"));
  CHECK(s.build("-(x*y)") == s.build("x*-y"));
  CHECK(s.build("x/2") == s.build("x*0.5"));
  CHECK(s.build("x - y") != s.build("y - x"));
  CHECK(s.build("min(x,y)") != s.build("min(y,x)"));  // they differ in which zero or NaN they return
  CHECK(s.build("x/3") != s.build("x*(1/3)"));
  CHECK(s.build("x + 0") != s.build("x"));  // -0 + 0 is 0
  CHECK(s.build("x*0") != s.build("0"));
  CHECK(s.build("x - x") != s.build("0"));
  CHECK(s.g.constant(0.0) != s.g.constant(-0.0));
  CHECK(s.g.constant(std::nan("1")) == s.g.constant(-std::nan("2")));
  CHECK(s.g.constant(Vector{1, 2}) == s.g.constant(Vector{1, 2}));
  CHECK(s.g.constant(Vector{1, 2}) != s.g.constant(Vector{1, 3}));
  CHECK(s.g.constant(Vector{1}) != s.g.constant(1.0));
  CHECK(s.g.input({}) != s.g.input({}));
  CHECK(s.g.random(Draw::uniform, {}) != s.g.random(Draw::uniform, {}));
}

TEST_CASE("vectors that differ only after their beginning are different") {
  Graph g;
  Vector a(40, 1.0);
  Vector b = a;
  b[39] = 2;
  CHECK(g.constant(a) != g.constant(b));
}

TEST_CASE("arguments come before the nodes that use them") {
  Setting s;
  s.scalar("x");
  s.vector("v", 9);
  s.build("sum(k,1,9,where(v[k] > x, sin(v[k])^3/k, hypot(x,k)))*prod(v) - norm(v[2:5])");
  for (NodeId id = 0; id < s.g.size(); ++id)
    for (const NodeId arg : s.g[id].args) CHECK(arg < id);
}

TEST_CASE("folding constants gives what evaluating them gives") {
  const Vector values = special_values();
  for (int i = static_cast<int>(Op::neg); i <= static_cast<int>(Op::where); ++i) {
    const Op op = static_cast<Op>(i);
    Graph g;
    for (const double a : values)
      for (const double b : values) {
        const double v[3] = {a, b, 7.0};
        const std::vector<NodeId> args = {g.constant(a), g.constant(b), g.constant(7.0)};
        const NodeId id = op == Op::powi ? g.integer_power(args[0], -3)
                                         : g.apply(op, std::span(args).first(static_cast<std::size_t>(info(op).arity)));
        INFO(info(op).name, " ", a, " ", b);
        REQUIRE(g.is_constant(id));
        CHECK(same_bits(g[id].value, evaluate(op, v, -3)));
        if (info(op).arity == 1) break;
      }
  }
}

TEST_CASE("constant vectors fold element by element and reduce in the engine's order") {
  Graph g;
  const NodeId v = g.constant(Vector{1, -2, 4});
  const NodeId sum = g.add(v, g.constant(0.5));
  REQUIRE(g.is_constant(sum));
  CHECK(*g[sum].data == Vector{1.5, -1.5, 4.5});
  CHECK(g.constant_element(g.apply(Op::sum, {v}), 0) == 3);
  CHECK(g.constant_element(g.apply(Op::dot, {v, v}), 0) == 21);
  CHECK(g.constant_element(g.apply(Op::norm, {v}), 0) == std::sqrt(21.0));
  CHECK(g.constant_element(g.apply(Op::reduce_min, {v}), 0) == -2);
  CHECK(g.constant_element(g.apply(Op::reduce_max, {v}), 0) == 4);
  Vector many(29);
  for (std::size_t i = 0; i < many.size(); ++i) many[i] = 1.0 / static_cast<double>(3 * i + 1);
  CHECK(g.constant_element(g.apply(Op::sum, {g.constant(many)}), 0) == optexplore::test::ordered(many));
  CHECK(g.constant_element(g.apply(Op::reduce_max, {g.constant(Vector{1, std::nan(""), 2})}), 0) !=
        g.constant_element(g.apply(Op::reduce_max, {g.constant(Vector{1, std::nan(""), 2})}), 0));
}

TEST_CASE("no simplification changes a bit, whatever the values") {
  constexpr std::uint64_t seed = 7;
  INFO("seed ", seed);
  std::mt19937_64 random(seed);
  const Vector values = special_values();
  std::uniform_real_distribution<double> between(-5, 5);
  for (int tree = 0; tree < 20000; ++tree) {
    const Raw raw = random_raw(random, 1 + tree % 4);
    Graph g;
    const std::vector<NodeId> variables = {g.input({}), g.input({}), g.input({})};
    const NodeId root = raw.build(g, variables);
    for (int trial = 0; trial < 8; ++trial) {
      Vector point(3);
      for (double& v : point) v = random() % 4 == 0 ? between(random) : values[random() % values.size()];
      const double direct = raw.value(point);
      const double simplified = interpret<double>(
          g, root, {{variables[0], {point[0]}}, {variables[1], {point[1]}}, {variables[2], {point[2]}}})[0];
      if (!same_bits(direct, simplified)) {
        FAIL("tree ", tree, " at ", point[0], " ", point[1], " ", point[2], ": ", direct, " became ", simplified);
      }
    }
  }
}

TEST_CASE("identities that keep every bit are used") {
  Setting s;
  const NodeId x = s.scalar("x");
  const NodeId y = s.scalar("y");
  const NodeId v = s.vector("v", 3);
  for (const std::string text : {"--x", "x - 0", "x + -0", "x*1", "1*x", "x/1", "where(1,x,y)", "where(nan,x,y)",
                                 "where(0,y,x)", "where(y,x,x)", "-1*-x", "-x/-1"})
    CHECK_MESSAGE(s.build(text) == x, text);
  CHECK(s.build("abs(-x)") == s.build("abs(x)"));
  CHECK(s.build("-x*-y") == s.build("x*y"));
  CHECK(s.build("-x/-y") == s.build("x/y"));
  CHECK(s.build("-x + y") == s.build("y - x"));
  CHECK(s.build("v - 0") == v);
  CHECK(s.g.shape(s.build("1*v")) == Shape{3});
  CHECK(s.g.shape(s.build("where(1,x,v)")) == Shape{3});  // still a vector
  CHECK(s.g.shape(s.g.mul(s.g.constant(Vector{1, 1, 1}), x)) == Shape{3});
  CHECK(x != y);
}

TEST_CASE("parts of parts are parts of the whole") {
  Setting s;
  const NodeId v = s.vector("v", 9);
  const NodeId x = s.scalar("x");
  CHECK(s.build("v[3:8][2:4]") == s.build("v[4:6]"));
  CHECK(s.build("v[3:8][2]") == s.build("v[4]"));
  CHECK(s.g.slice(v, 0, 9) == v);
  CHECK(s.g.gather(v, {2, 3, 4}) == s.build("v[3:5]"));
  CHECK(s.g.element(s.g.gather(v, {7, 1, 5}), 1) == s.build("v[2]"));
  CHECK(s.g.element(s.g.fill(x, {4}), 3) == x);
  const NodeId parts[] = {x, s.build("v[2:3]"), s.g.constant(1.0)};
  const NodeId joined = s.g.concat(parts);
  CHECK(s.g.shape(joined) == Shape{4});
  CHECK(s.g.element(joined, 0) == x);
  CHECK(s.g.element(joined, 2) == s.build("v[3]"));
  CHECK(s.g.element(joined, 3) == s.g.constant(1.0));
  CHECK(interpret<double>(s.g, joined, {{v, {1, 2, 3, 4, 5, 6, 7, 8, 9}}, {x, {0}}}) == Vector{0, 2, 3, 1});
}

TEST_CASE("substitution recomputes only what depends on the replaced nodes") {
  Setting s;
  const NodeId x = s.scalar("x");
  const NodeId y = s.scalar("y");
  const NodeId v = s.vector("v", 3);
  const NodeId w = s.vector("w", 3);
  const NodeId f = s.build("sin(x)*y + sum(v^2)/x - v[2]");
  CHECK(s.g.substitute(f, {{x, y}}) == s.build("sin(y)*y + sum(v^2)/y - v[2]"));
  CHECK(s.g.substitute(f, {{x, y}, {y, x}}) == s.build("sin(y)*x + sum(v^2)/y - v[2]"));  // at once, not in turn
  CHECK(s.g.substitute(f, {{v, w}}) == s.build("sin(x)*y + sum(w^2)/x - w[2]"));
  CHECK(s.g.substitute(f, {{v, s.build("2*w - v")}}) == s.build("sin(x)*y + sum((2*w - v)^2)/x - (2*w - v)[2]"));
  CHECK(s.g.substitute(f, {{w, v}}) == f);
  CHECK(s.g.substitute(x, {{x, f}}) == f);
  CHECK(s.g.substitute(x, {{y, f}}) == x);
  CHECK(s.g.is_constant(s.g.substitute(s.build("x^2 + 1"), {{x, s.g.constant(3.0)}}), 10.0));
  CHECK(s.g.substitute(s.build("v[range(3,3)] + v[1]"), {{v, w}}) == s.build("w[range(3,3)] + w[1]"));
}
