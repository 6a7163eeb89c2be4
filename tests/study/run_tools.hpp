#pragma once

#include <map>
#include <optexplore/experiment.hpp>
#include <optexplore/run.hpp>
#include <string>
#include <vector>

namespace run_tools {

/// One trajectory's columns by name, and how it ended.
struct Run {
  optexplore::TrajectoryInfo info;
  std::map<std::string, std::vector<double>> columns;
  optexplore::Status status{};
  std::uint64_t steps = 0;
  std::vector<double>& operator[](const std::string& name) { return columns.at(name); }
};

/// Runs a config to the end and returns its trajectories in order.
inline std::vector<Run> run(const std::string& config, optexplore::RunOptions options = {}) {
  const optexplore::Config read = optexplore::read_config(config, "test");
  options.columns = read.columns;
  optexplore::RunStream stream(read.experiment, options);
  std::vector<std::string> names;
  for (const optexplore::ColumnInfo& column : stream.columns()) {
    using Kind = optexplore::ColumnInfo::Kind;
    if (column.kind == Kind::integer || column.kind == Kind::number) names.push_back(column.name);
  }
  std::vector<Run> runs;
  while (auto block = stream.next()) {
    if (block->first) runs.push_back({*block->trajectory, {}, {}, 0});
    for (std::size_t r = 0; r < block->rows; ++r)
      for (std::size_t c = 0; c < names.size(); ++c)
        runs.back().columns[names[c]].push_back(block->values[r * names.size() + c]);
    if (!block->last) continue;
    runs.back().status = block->status;
    runs.back().steps = block->steps;
  }
  return runs;
}

/// A config on f(x,y) = x²/20 + y² from (-7, 2) with these optimizers (JSON) and more keys (JSON, begins with a comma).
inline std::string book(const std::string& optimizers, const std::string& more = "") {
  return R"({"function": "book", "start": [-7, 2], "steps": 20, "optimizers": [)" + optimizers + "]" + more + "}";
}

}  // namespace run_tools
