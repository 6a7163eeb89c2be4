#include "picture/schedule_picture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optexplore/experiment.hpp>
#include <optexplore/run.hpp>

namespace optexplore::picture {

std::vector<double> schedule_values(const std::string& expression, std::size_t steps) {
  // A hyperparameter of a rule that stays where it is; hp.lr is its value in the coming update.
  Overrides overrides;
  overrides.function = "f(x) = x";
  overrides.start = "0";
  overrides.optimizers = {"sgd"};
  Experiment experiment = read_experiment("", "schedule", overrides);
  OptimizerSpec& optimizer = experiment.optimizers.front();
  optimizer.chain.front().rule.update = {"x = x - 0*lr"};
  optimizer.chain.front().settings = {{"lr", expression}};
  optimizer.chain.front().rule.params = {{"lr", 0.0}};
  experiment.steps = steps;
  experiment.columns = {{"hp.lr", ""}};
  RunStream stream(experiment, {});
  std::vector<double> values;
  while (const auto block = stream.next())
    for (std::size_t r = 0; r < block->rows; ++r) values.push_back(block->at(0, r));
  values.resize(steps);  // the last row belongs to an update that is not done
  return values;
}

std::string picture(const std::vector<double>& values, std::size_t width) {
  constexpr std::array<const char*, 8> blocks = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  if (values.empty()) return "";
  const double low = std::min(0.0, *std::ranges::min_element(values));
  const double high = *std::ranges::max_element(values);
  std::string text;
  for (std::size_t column = 0; column < width; ++column) {
    const double value = values[column * values.size() / width];
    const double part = high > low ? (value - low) / (high - low) : 0;
    text += blocks[static_cast<std::size_t>(std::lround(std::clamp(part, 0.0, 1.0) * (blocks.size() - 1)))];
  }
  return text;
}

}  // namespace optexplore::picture
