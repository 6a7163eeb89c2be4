#pragma once

#include <map>
#include <optexplore/error.hpp>
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

/// A rule as an optimizer that can run alone, or with the steps of sgd before or behind it; empty: it can't be built.
/// @param settings  begin with a comma
inline std::string optimizer(const std::string& name, const std::string& settings) {
  const std::string self = R"({"type": ")" + name + "\"" + settings + "}";
  const std::string sgd = R"({"type": "sgd", "lr": 0.02})";
  for (const std::string& text :
       {self, R"({"chain": [)" + self + ", " + sgd + "]}", R"({"chain": [)" + sgd + ", " + self + "]}"}) {
    std::string labelled = text;
    labelled.replace(0, 1, R"({"label": "o", )");
    try {
      run(R"({"function": "himmelblau", "start": [0.5, 1.25], "steps": 1, "optimizers": [)" + labelled + "]}");
      return labelled;
    } catch (const optexplore::InputError&) {
      continue;
    }
  }
  return "";
}

}  // namespace run_tools
