#include "study/view.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace optexplore;
using namespace optexplore::program;
using study::View;

namespace {

const PointBlock W{"W", 0, 2, 3, 2};
const PointBlock b{"b", 6, 1, 2, 1};
const PointBlock s{"s", 8, 0, 1, 1};

std::vector<double> numbers(const Graph& graph, NodeId constant) {
  std::vector<double> values;
  for (std::uint32_t i = 0; i < graph.shape(constant).size(); ++i)
    values.push_back(graph.constant_element(constant, i));
  return values;
}

}  // namespace

TEST_CASE("a view of one block has its shape, of several it is a vector") {
  Graph graph;
  const NodeId point = graph.constant({1, 2, 3, 4, 5, 6, 7, 8, 9});
  CHECK(graph.shape(View(W).of(graph, point)) == matrix_shape(3, 2));
  CHECK(numbers(graph, View(W).of(graph, point)) == std::vector<double>{1, 2, 3, 4, 5, 6});
  CHECK(numbers(graph, View(b).of(graph, point)) == std::vector<double>{7, 8});
  CHECK(graph.shape(View(s).of(graph, point)).scalar());
  CHECK(numbers(graph, View(s).of(graph, point)) == std::vector<double>{9});
  const std::vector<PointBlock> ends = {W, s};
  CHECK(graph.shape(View(ends).of(graph, point)) == Shape{7});
  CHECK(numbers(graph, View(ends).of(graph, point)) == std::vector<double>{1, 2, 3, 4, 5, 6, 9});
  CHECK(View(W).rank() == 2);
  CHECK(View(b).rank() == 1);
  CHECK(View(s).rank() == 0);
  CHECK(View(ends).rank() == 1);
}

TEST_CASE("all blocks together are the point itself") {
  Graph graph;
  const NodeId point = graph.input({9});
  const std::vector<PointBlock> all = {W, b, s};
  CHECK(View(all).of(graph, point) == point);
  const View whole(all), first(W), second(b), third(s);
  const std::pair<const View*, NodeId> same = {&whole, point};
  CHECK(View::replaced(graph, graph.input({9}), {&same, 1}) == point);
  const std::vector<std::pair<const View*, NodeId>> parts = {
      {&third, third.of(graph, point)}, {&first, first.of(graph, point)}, {&second, second.of(graph, point)}};
  CHECK(View::replaced(graph, graph.input({9}), parts) == point);
}

TEST_CASE("what a view sees is replaced, the rest stays") {
  Graph graph;
  const NodeId point = graph.constant({1, 2, 3, 4, 5, 6, 7, 8, 9});
  const std::vector<PointBlock> ends = {W, s};
  const View outer(ends), inner(b);
  const std::vector<std::pair<const View*, NodeId>> both = {{&inner, graph.constant({-1, -2})},
                                                            {&outer, graph.constant({10, 20, 30, 40, 50, 60, 90})}};
  CHECK(numbers(graph, View::replaced(graph, point, both)) == std::vector<double>{10, 20, 30, 40, 50, 60, -1, -2, 90});
  CHECK(numbers(graph, View::replaced(graph, point, {both.data(), 1})) ==
        std::vector<double>{1, 2, 3, 4, 5, 6, -1, -2, 9});
}
