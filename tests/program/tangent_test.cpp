#include "program/tangent.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>

#include "program/graph_tools.hpp"
#include "program/outline.hpp"

using namespace optexplore;
using namespace optexplore::test;
using program::Part;
using program::Shape;
using program::Tangents;

namespace {

NodeId expression(Graph& graph, NodeId x, const std::string& text) {
  program::Scope scope;
  scope.set("x", x);
  for (std::uint32_t i = 0; i < 4; ++i) scope.set("x" + std::to_string(i + 1), graph.element(x, i));
  scope.set("A", graph.reshape(x, program::matrix_shape(2, 2)));
  return program::build(graph, language::parse_expression(text), scope);
}

/// A loop of what stands between `begin` and `next`, which is the carried input's next value.
NodeId loop_of(Graph& graph, NodeId begin, NodeId now, NodeId next, NodeId test, NodeId initial, std::uint32_t count) {
  const Part part{begin, true, {now}};
  const std::vector<NodeId> results = {next, test};
  program::Outlines outlines = program::take_out(graph, part, std::span(&results, 1));
  program::Outline& outline = outlines.outlines[0];
  outline.body->carried = outline.own;
  outline.body->next = {outline.results[0]};
  outline.body->test = outline.results[1];
  const std::array<NodeId, 1> carried = {initial};
  return graph.loop(outline.body, count, outlines.captured, carried);
}

void check_direction(Graph& graph, NodeId value, NodeId x) {
  const Vector at = {0.7, 1.3, -0.4, 2.1}, direction = {1, -0.5, 0.25, 2};
  const NodeId v = graph.input({4});
  const NodeId tangent = Tangents(graph, {{x, v}}).of(value);
  REQUIRE(tangent != program::no_node);
  REQUIRE(graph.shape(tangent) == graph.shape(value));
  const Vector found = interpret(graph, tangent, Values<double>{{x, at}, {v, direction}});
  for (std::uint32_t i = 0; i < graph.shape(value).size(); ++i) {
    CAPTURE(i);
    const NodeId element = graph.shape(value).scalar() ? value : graph.element(value, i);
    const double stepped = complex_step(graph, element, Values<double>{{x, at}}, x, direction);
    CHECK(std::fabs(found[i] - stepped) <= 1e-13 * std::max(1.0, std::fabs(stepped)));
  }
}

}  // namespace

TEST_CASE("tangents of operations are those of the complex step") {
  for (const char* text : {"x1*x2 + sin(x3)/x4",
                           "exp(x)",
                           "x^3 - 2*x",
                           "norm(x)",
                           "sum(x*x[4])",
                           "A @ A",
                           "A.T @ x[1:2]",
                           "solve(A + 3*eye(2), x[1:2])",
                           "x2^x1",
                           "where(x1 > 0, x2*x1, x3)",
                           "max(x1, x2)*min(x3, x4)",
                           "cumsum(x)",
                           "sort(x)*x1",
                           "logsumexp(x)",
                           "outer(x, x)[2]",
                           "x[2]*x[3:4]",
                           "sqrt(x1*x2)",
                           "mean(A, 1)",
                           "concat(x, x1*x2)",
                           "trace(A @ A.T)",
                           "hypot(x1, x2)",
                           "x/x1",
                           "det(A)"}) {
    CAPTURE(text);
    Graph graph;
    const NodeId x = graph.input({4});
    check_direction(graph, expression(graph, x, text), x);
  }
}

TEST_CASE("what doesn't depend on what moves has no tangent, and what stands still keeps it at a pole") {
  Graph graph;
  const NodeId x = graph.input({4}), other = graph.input({4});
  CHECK(Tangents(graph, {{x, x}}).of(graph.mul(other, other)) == program::no_node);
  CHECK(Tangents(graph, {{x, x}}).of(graph.apply(Op::floor, {x})) == program::no_node);
  const NodeId v = graph.input({4});
  const NodeId root = Tangents(graph, {{x, v}}).of(graph.apply(Op::sqrt, {x}));
  const Vector found = interpret(graph, root, Values<double>{{x, {0, 4, 0, 1}}, {v, {0, 1, 1, 0}}});
  CHECK(found[0] == 0);
  CHECK(found[1] == 0.25);
  CHECK(std::isinf(found[2]));
  CHECK(found[3] == 0);
}

TEST_CASE("a loop carries the tangents of what it carries") {
  Graph graph;
  const NodeId x = graph.input({4});
  const NodeId limit = expression(graph, x, "x2*x4");
  const auto begin = static_cast<NodeId>(graph.size());
  const NodeId now = graph.input({4});
  const NodeId next = graph.add(graph.mul(now, graph.constant(1.5)), graph.mul(limit, x));
  const NodeId size = graph.apply(Op::norm, {now});
  const NodeId test = graph.apply(Op::lt, {size, graph.constant(20.0)});
  const NodeId all = loop_of(graph, begin, now, next, test, x, 10);
  const Vector rounds = interpret(graph, graph.element(all, 4), Values<double>{{x, {0.7, 1.3, -0.4, 2.1}}});
  CHECK(rounds[0] == 2);
  check_direction(graph, graph.slice(all, 0, 4), x);
  check_direction(graph, expression(graph, x, "x1*x2"), x);
}

TEST_CASE("a branch has the tangent of the side that is taken") {
  for (const double threshold : {0.0, 1.0}) {
    CAPTURE(threshold);
    Graph graph;
    const NodeId x = graph.input({4});
    const NodeId condition = graph.apply(Op::gt, {graph.element(x, 0), graph.constant(threshold)});
    const auto begin = static_cast<NodeId>(graph.size());
    const std::vector<std::vector<NodeId>> results = {{expression(graph, x, "x*x1"), expression(graph, x, "x1 + x2")},
                                                      {expression(graph, x, "exp(x)"), graph.constant(3.0)}};
    program::Outlines both = program::take_out(graph, {begin, false, {}}, results);
    for (program::Outline& outline : both.outlines) outline.body->next = outline.results;
    const NodeId all = graph.branch(condition, both.outlines[0].body, both.outlines[1].body, both.captured);
    check_direction(graph, all, x);
  }
}

TEST_CASE("an outline keeps outside what a loop doesn't change, and inside what may go wrong") {
  Graph graph;
  const NodeId x = graph.input({4});
  const auto begin = static_cast<NodeId>(graph.size());
  const NodeId now = graph.input({4});
  const Part part{begin, true, {now}};
  const NodeId fixed = graph.apply(Op::exp, {x}), changing = graph.mul(now, fixed);
  const NodeId draw = graph.random(language::Draw::normal, {4});
  const NodeId index = graph.index(graph.element(x, 0), 4, nullptr);
  CHECK(!program::inside(graph, part, fixed));
  CHECK(!program::inside(graph, part, x));
  CHECK(program::inside(graph, part, changing));
  CHECK(program::inside(graph, part, draw));
  CHECK(program::inside(graph, part, index));
  CHECK(program::inside(graph, {begin, false, {}}, fixed));
  const std::vector<NodeId> results = {graph.add(changing, draw)};
  const program::Outlines outlines = program::take_out(graph, part, std::span(&results, 1));
  CHECK(outlines.captured == std::vector<NodeId>{fixed});
}
