#pragma once

#include <map>
#include <optexplore/experiment.hpp>
#include <optexplore/run.hpp>
#include <string>
#include <vector>

namespace run_tools {

/// One trajectory's columns by name, and how it ended.
struct Run {
  optexplore::Group group;
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
  const std::vector<optexplore::Column>& columns = stream.schema().columns;
  std::vector<Run> runs;
  while (auto block = stream.next()) {
    if (block->begins) runs.push_back({*block->group, {}, {}, 0});
    for (std::size_t c = 0; c < columns.size(); ++c)
      if (columns[c].kind != optexplore::Column::Kind::text)
        for (std::size_t r = 0; r < block->rows; ++r) runs.back().columns[columns[c].name].push_back(block->at(c, r));
    if (!block->ending) continue;
    runs.back().status = block->ending->status;
    runs.back().steps = block->ending->steps;
  }
  return runs;
}

/// A config on f(x,y) = x²/20 + y² from (-7, 2) with these optimizers (JSON) and more keys (JSON, begins with a comma).
inline std::string book(const std::string& optimizers, const std::string& more = "") {
  return R"({"function": "book", "start": [-7, 2], "steps": 20, "optimizers": [)" + optimizers + "]" + more + "}";
}

}  // namespace run_tools
