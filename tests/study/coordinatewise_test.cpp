#include "study/coordinatewise.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace optexplore::program;
using optexplore::language::Draw;
using optexplore::language::Op;
using optexplore::study::coordinatewise;

TEST_CASE("elementwise operations go coordinate by coordinate, reductions don't") {
  Graph graph;
  const NodeId x = graph.input({3}), g = graph.input({3}), lr = graph.input({});
  const auto alone = [&](NodeId result) { return coordinatewise(graph, std::array{result}, {x, g}); };
  const NodeId step = graph.sub(x, graph.mul(lr, g));
  CHECK(alone(x));
  CHECK(alone(step));
  CHECK(alone(graph.apply(Op::sqrt, {graph.add(graph.mul(g, g), graph.constant(1e-8))})));
  CHECK(alone(graph.add(x, graph.random(Draw::normal, {3}))));
  CHECK(alone(graph.add(x, graph.constant({2, 2, 2}))));
  CHECK_FALSE(alone(graph.add(x, graph.constant({1, 2, 3}))));
  CHECK_FALSE(alone(graph.div(g, graph.apply(Op::norm, {g}))));
  CHECK_FALSE(alone(graph.apply(Op::sum, {x})));
  CHECK_FALSE(alone(graph.mul(x, graph.element(g, 0))));
  CHECK_FALSE(alone(graph.gather(x, {2, 1, 0})));
  CHECK_FALSE(alone(graph.cumsum(x)));
  CHECK(coordinatewise(graph, std::array{step, x}, {x, g}));
  CHECK_FALSE(coordinatewise(graph, std::array{step, graph.apply(Op::norm, {x})}, {x, g}));
}

TEST_CASE("what is known is not looked into") {
  Graph graph;
  const NodeId x = graph.input({3});
  const NodeId g = graph.div(x, graph.apply(Op::norm, {x}));
  CHECK(coordinatewise(graph, std::array{graph.sub(x, g)}, {x, g}));
  CHECK_FALSE(coordinatewise(graph, std::array{graph.sub(x, g)}, {x}));
}
