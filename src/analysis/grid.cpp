#include "analysis/grid.hpp"

#include <algorithm>
#include <optexplore/error.hpp>
#include <utility>

#include "backend/backend.hpp"
#include "study/columns.hpp"

namespace optexplore::analysis {
namespace {

constexpr std::size_t block_lanes = 128;

}  // namespace

Grid::Grid(const FunctionSpec& function, GridSpec spec) : spec_(std::move(spec)) {
  // A function alone: columns stand on a step of no rule.
  Experiment experiment;
  experiment.functions = {function};
  const OptimizerSpec nobody;
  study::Step step(function, nobody, {});
  const study::Vocabulary vocabulary(experiment);
  study::ColumnScope scope(step, vocabulary, study::ColumnScope::Has::points);
  for (const std::size_t axis : spec_.axes) schema_.columns.push_back({function.coordinate(axis)});
  compile::ProgramSpec program;
  program.inputs.push_back({step.point, true, false, program::no_node});
  for (const ColumnSpec& column : spec_.columns)
    for (const study::Cell& cell : scope.cells(column, "--columns")) {
      if (cell.source != study::Cell::Source::node)
        throw InputError("a grid has points and no " + cell.name, "", "--columns");
      schema_.columns.push_back({cell.name});
      program.observed.emplace_back(cell.node, cell.name);
    }
  if (spec_.log_above) {
    program::Graph& graph = step.graph();
    const program::NodeId above = graph.sub(step.f, graph.constant(*spec_.log_above));
    const program::NodeId positive = graph.apply(language::Op::max, {above, graph.constant(0.0)});
    schema_.columns.push_back({"log_f"});
    program.observed.emplace_back(graph.apply(language::Op::log10, {positive}), "log_f");
  }
  program_ = backend::compile(step.graph(), program);
  schema_.line = line_length();
  columns_ = row_major(schema_.columns.size());
}

/// Both ends are met exactly.
double Grid::coordinate(std::size_t axis, std::size_t index) const {
  const auto [low, high] = spec_.ranges[axis];
  const std::size_t last = spec_.counts[axis] - 1;
  if (index == last) return high;
  const double part = static_cast<double>(index) / static_cast<double>(last);
  return low + (high - low) * part;
}

Block Grid::compute(std::size_t first, std::size_t count) const {
  const std::size_t nx = line_length(), width = schema_.columns.size();
  const std::size_t points = nx * count;
  Block block;
  block.columns = columns_;
  block.rows = points;
  block.begins = first == 0;
  block.numbers.resize(points * width);

  const std::unique_ptr<backend::Machine> block_machine = program_->machine(std::min(block_lanes, points));
  backend::Machine& machine = *block_machine;
  const backend::LaneView point = machine.input(0);
  for (std::size_t i = 0; i < point.rows; ++i)
    for (std::size_t l = 0; l < machine.lanes(); ++l) point.at(i, l) = spec_.at[i];
  machine.prologue();
  for (std::size_t begin = 0; begin < points; begin += machine.lanes()) {
    const std::size_t lanes = std::min(machine.lanes(), points - begin);
    for (std::size_t l = 0; l < lanes; ++l) {
      double* row = block.numbers.data() + (begin + l) * width;
      row[0] = point.at(spec_.axes[0], l) = coordinate(0, (begin + l) % nx);
      row[1] = point.at(spec_.axes[1], l) = coordinate(1, first + (begin + l) / nx);
    }
    machine.observe();
    for (std::size_t c = 2; c < width; ++c) {
      const backend::LaneView values = machine.observed(c - 2);
      for (std::size_t l = 0; l < lanes; ++l) block.numbers[(begin + l) * width + c] = values.at(0, l);
    }
  }
  return block;
}

}  // namespace optexplore::analysis
