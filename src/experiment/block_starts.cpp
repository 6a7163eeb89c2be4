#include "experiment/block_starts.hpp"

#include <algorithm>
#include <cmath>
#include <optexplore/error.hpp>

#include "catalog/parameters.hpp"
#include "experiment/blocks.hpp"
#include "language/ast.hpp"
#include "program/build.hpp"
#include "program/shapes.hpp"
#include "text/pattern.hpp"
#include "text/place.hpp"
#include "text/suggest.hpp"
#include "text/wrap.hpp"

namespace optexplore::experiment {
namespace {

using language::Draw;
using program::Graph;
using program::NodeId;

/// All is constant in such a graph: draws, too.
NodeId build_value(Graph& graph, const Formula& formula, const PointBlock& block, const StartDraw& draw) {
  program::Scope scope;
  scope.set("n", graph.constant(static_cast<double>(block.size())));
  scope.set("rank", graph.constant(block.rank));
  scope.set("rows", graph.constant(static_cast<double>(block.rows)));
  scope.set("cols", graph.constant(static_cast<double>(block.columns)));
  std::uint32_t calls = 0;
  const auto offer = [&](const char* name, Draw kind) {
    scope.functions[name] = {[&, kind, name](const program::CallArguments& args) {
      if (!args.empty()) throw InputError(std::string("a start has a draw for each coordinate: write ") + name + "()");
      std::vector<double> values(block.size());
      for (std::size_t i = 0; i < values.size(); ++i) values[i] = draw(kind, calls, block.offset + i);
      ++calls;
      return shape_of(block).scalar() ? graph.constant(values[0]) : graph.constant(std::move(values), shape_of(block));
    }};
  };
  offer("rand", Draw::uniform);
  offer("randn", Draw::normal);
  offer("rademacher", Draw::rademacher);
  return program::build(graph, formula.tree(), scope);
}

void put(const BlockStart& given, const PointBlock& block, const StartDraw& draw, std::vector<double>& point) {
  Graph graph;
  const auto* formula = std::get_if<Formula>(&given.value);
  const NodeId value = formula != nullptr ? build_value(graph, *formula, block, draw)
                                          : catalog::parameter_node(graph, std::get<Parameter>(given.value));
  const NodeId fitting = program::broadcast_to(graph, value, shape_of(block));
  if (fitting == program::no_node)
    throw InputError("'" + block.name + "' is " + program::describe(shape_of(block)) + ", this is " +
                     program::describe(graph.shape(value)));
  for (std::size_t i = 0; i < block.size(); ++i) {
    if (!graph.is_constant(fitting)) throw InputError("expected an expression of n, rank, rows, cols and draws");
    const double x = graph.constant_element(fitting, static_cast<std::uint32_t>(i));
    if (!std::isfinite(x))
      throw InputError("expected finite numbers, found " + std::string(std::isnan(x) ? "nan" : "inf"));
    point[block.offset + i] = x;
  }
}

}  // namespace

std::vector<PointBlock> start_blocks(const FunctionSpec& function) {
  std::vector<PointBlock> blocks = function.blocks();
  if (!function.entry.definition.tree().of_numbers()) return blocks;
  blocks.clear();
  for (std::size_t i = 0; i < function.dim; ++i) blocks.push_back({function.coordinate(i), i, 0});
  return blocks;
}

std::vector<double> block_start(const StartSpec& start, const FunctionSpec& function, const StartDraw& draw) {
  std::vector<double> point = function.start();
  const bool has_own = !point.empty();
  point.resize(function.dim);
  for (const PointBlock& block : start_blocks(function)) {
    const auto given = std::ranges::find_if(
        start.blocks, [&](const BlockStart& each) { return text::matches(each.blocks, block.name); });
    if (given != start.blocks.end())
      text::with_place([&] { return given->place; }, [&] { put(*given, block, draw, point); });
    else if (!has_own)
      throw InputError("there is no start for the block '" + block.name + "' of " + function.entry.name);
  }
  return point;
}

void check_block_starts(const StartSpec& start, const std::vector<FunctionSpec>& functions) {
  std::vector<std::string> names;
  for (const FunctionSpec& function : functions)
    for (const PointBlock& block : start_blocks(function)) names.push_back(block.name);
  for (const BlockStart& each : start.blocks)
    if (std::ranges::none_of(names, [&](const std::string& name) { return text::matches(each.blocks, name); }))
      throw InputError("no block is called '" + each.blocks + "'; there are " + text::join(names, ", ") +
                           text::did_you_mean(each.blocks, names),
                       "", each.place);
  for (const FunctionSpec& function : functions) block_start(start, function, [](auto...) { return 0.618; });
}

}  // namespace optexplore::experiment
