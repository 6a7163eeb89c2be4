#include "analysis/grid.hpp"

#include <algorithm>
#include <optexplore/error.hpp>

#include "backend/interpreter/machine.hpp"
#include "study/columns.hpp"

namespace optexplore::analysis {
namespace {

constexpr std::size_t block_lanes = 128;

}  // namespace

Grid::Grid(const FunctionSpec& function, const GridSpec& spec) : spec_(spec) {
  // A function alone: columns stand on a step of no rule.
  Experiment experiment;
  experiment.functions = {function};
  const OptimizerSpec nobody;
  study::Step step(function, nobody, {});
  const study::Vocabulary vocabulary(experiment);
  study::ColumnScope scope(step, vocabulary, study::ColumnScope::Has::points);
  for (const std::size_t axis : spec_.axes) columns_.push_back({function.coordinate(axis), ColumnInfo::Kind::number});
  compile::ProgramSpec program;
  program.inputs.push_back({step.point, true, false, program::no_node});
  for (const ColumnSpec& column : spec_.columns)
    for (const study::Cell& cell : scope.cells(column, "--columns")) {
      if (cell.source != study::Cell::Source::node)
        throw InputError("a grid has points and no " + cell.name, "", "--columns");
      columns_.push_back({cell.name, ColumnInfo::Kind::number});
      program.observed.push_back(cell.node);
    }
  if (spec_.log_above) {
    program::Graph& graph = step.graph();
    const program::NodeId above = graph.sub(step.f, graph.constant(*spec_.log_above));
    const program::NodeId positive = graph.apply(language::Op::max, {above, graph.constant(0.0)});
    columns_.push_back({"log_f", ColumnInfo::Kind::number});
    program.observed.push_back(graph.apply(language::Op::log10, {positive}));
  }
  program_ = compile::compile(step.graph(), program);
  auto info = std::make_shared<TrajectoryInfo>();
  info->present.assign(columns_.size(), true);
  info_ = std::move(info);
}

/// Both ends are met exactly.
double Grid::coordinate(std::size_t axis, std::size_t index) const {
  const auto [low, high] = spec_.ranges[axis];
  const std::size_t last = spec_.counts[axis] - 1;
  if (index == last) return high;
  const double part = static_cast<double>(index) / static_cast<double>(last);
  return low + (high - low) * part;
}

RowBlock Grid::compute(std::size_t first, std::size_t count) const {
  const std::size_t nx = line_length(), width = columns_.size();
  const std::size_t points = nx * count;
  RowBlock block;
  block.trajectory = info_;
  block.rows = points;
  block.first = first == 0;
  block.last = first + count == lines();
  block.values.resize(points * width);

  backend::Machine machine(program_, std::min(block_lanes, points));
  const backend::LaneView point = machine.input(0);
  for (std::size_t i = 0; i < point.rows; ++i)
    for (std::size_t l = 0; l < machine.lanes(); ++l) point.at(i, l) = spec_.at[i];
  machine.prologue();
  for (std::size_t begin = 0; begin < points; begin += machine.lanes()) {
    const std::size_t lanes = std::min(machine.lanes(), points - begin);
    for (std::size_t l = 0; l < lanes; ++l) {
      double* row = block.values.data() + (begin + l) * width;
      row[0] = point.at(spec_.axes[0], l) = coordinate(0, (begin + l) % nx);
      row[1] = point.at(spec_.axes[1], l) = coordinate(1, first + (begin + l) / nx);
    }
    machine.observe();
    for (std::size_t c = 2; c < width; ++c) {
      const backend::LaneView values = machine.observed(c - 2);
      for (std::size_t l = 0; l < lanes; ++l) block.values[(begin + l) * width + c] = values.at(0, l);
    }
  }
  return block;
}

}  // namespace optexplore::analysis
