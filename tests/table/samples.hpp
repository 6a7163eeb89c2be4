#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <memory>
#include <optexplore/run.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "os/sink.hpp"
#include "table/format.hpp"
#include "table/pipeline.hpp"

namespace optexplore::table::samples {

inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();
inline constexpr double inf = std::numeric_limits<double>::infinity();

/// An experiment of f(x,y) and optimizers with these labels.
inline Experiment experiment(const std::vector<std::string>& labels) {
  Experiment made;
  FunctionSpec function;
  function.entry.name = "f";
  function.entry.definition = "f(x,y) = x²/20 + y²";
  function.dim = 2;
  made.functions = {function};
  for (const std::string& label : labels) {
    OptimizerSpec optimizer;
    optimizer.label = label;
    optimizer.type = "sgd";
    made.optimizers.push_back(optimizer);
  }
  made.steps = 2;
  return made;
}

/// optimizer, step, x, y, f
inline std::vector<ColumnInfo> columns() {
  using Kind = ColumnInfo::Kind;
  return {{"optimizer", Kind::optimizer},
          {"step", Kind::integer},
          {"x", Kind::number},
          {"y", Kind::number},
          {"f", Kind::number}};
}

/// The blocks of one trajectory, of at most `block_rows` rows each; `rows` hold its numbers.
inline std::vector<RowBlock> trajectory(TrajectoryInfo info, const std::vector<std::vector<double>>& rows,
                                        Status status = Status::max_steps, std::size_t block_rows = 2) {
  if (info.present.empty()) info.present.assign(5, true);
  const auto shared = std::make_shared<const TrajectoryInfo>(std::move(info));
  std::vector<RowBlock> blocks;
  for (std::size_t begin = 0; begin < rows.size(); begin += block_rows) {
    RowBlock block;
    block.trajectory = shared;
    block.rows = std::min(block_rows, rows.size() - begin);
    for (std::size_t r = begin; r < begin + block.rows; ++r) {
      block.values.insert(block.values.end(), rows[r].begin(), rows[r].end());
    }
    block.first = begin == 0;
    block.last = begin + block.rows == rows.size();
    block.status = status;
    block.steps = rows.size() - 1;
    blocks.push_back(std::move(block));
  }
  return blocks;
}

inline TrajectoryInfo info(std::size_t index, const std::string& label) {
  TrajectoryInfo made;
  made.index = index;
  made.optimizer = label;
  made.type = "sgd";
  made.function = "f";
  made.run = 1;
  made.hyperparameters = {{"lr", 0.95}};
  return made;
}

inline BlockSource source(std::vector<RowBlock> blocks) {
  return [blocks = std::move(blocks), next = std::size_t{0}]() mutable -> std::optional<RowBlock> {
    if (next == blocks.size()) return std::nullopt;
    return blocks[next++];
  };
}

/// What a format writes of these blocks.
inline std::string written(const std::string& format, const Document& document, std::vector<RowBlock> blocks,
                           unsigned jobs = 1) {
  os::StringSink sink;
  const auto made = make_format(format, document);
  write_all(source(std::move(blocks)), *made, sink, jobs);
  return sink.text;
}

/// Two short trajectories: an ordinary one, and one with an awkward label that diverges.
inline const std::string awkward_label = "a,\"b\"\né";

inline std::vector<RowBlock> two_trajectories() {
  std::vector<RowBlock> blocks =
      trajectory(info(0, "sgd"), {{0, -7, 2, 0.1}, {1, 0.1, 1e-8, 1e22}, {2, 0.5, -0.25, 3}});
  TrajectoryInfo second = info(1, awkward_label);
  for (RowBlock& block : trajectory(second, {{0, -7, 2, 1.0 / 3}, {1, inf, -inf, -nan}}, Status::diverged)) {
    blocks.push_back(std::move(block));
  }
  return blocks;
}

}  // namespace optexplore::table::samples
