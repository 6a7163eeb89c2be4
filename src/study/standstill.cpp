#include "study/standstill.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "experiment/hyperparameters.hpp"
#include "text/number.hpp"

namespace optexplore::study {
namespace {

constexpr double far = 0.01;
/// Who asks for a few steps wants to see these, and no minimum.
constexpr std::uint64_t fewest_steps = 50;

double distance(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(sum);
}

/// The learning rate, when it is a number that stays.
std::optional<double> learning_rate(const OptimizerSpec& optimizer) {
  for (const experiment::Hyperparameter& each : experiment::hyperparameters(optimizer))
    if (each.parameter == "lr" && each.kind() == experiment::Hyperparameter::Kind::constant)
      return std::get<double>(*each.setting);
  return std::nullopt;
}

std::string number(double value, int digits) {
  std::string text;
  text::append_number(text, value, {.precision = digits});
  return text;
}

}  // namespace

double share_of_way(const FunctionSpec& function, const std::vector<double>& start, const std::vector<double>& last) {
  double way = std::numeric_limits<double>::infinity();
  for (const std::vector<double>& minimizer : function.minimizers) way = std::min(way, distance(start, minimizer));
  return way > 0 && std::isfinite(way) ? distance(start, last) / way : std::numeric_limits<double>::quiet_NaN();
}

void Standstill::observe(const Group& trajectory, const Ending& ending) {
  constexpr double unknown = std::numeric_limits<double>::infinity();
  const bool counts = ending.status == Status::max_steps && ending.steps >= fewest_steps && !std::isnan(ending.way);
  double& farthest = farthest_.emplace(trajectory.text("optimizer"), 0).first->second;
  farthest = std::max(farthest, counts ? ending.way : unknown);
}

std::vector<std::string> Standstill::notes(const Experiment& experiment) const {
  std::vector<std::string> notes;
  for (const OptimizerSpec& optimizer : experiment.optimizers) {
    const auto found = farthest_.find(optimizer.label);
    if (found == farthest_.end() || !(found->second < far)) continue;
    std::string note = "'" + optimizer.label + "' moved " + number(100 * found->second, 2) +
                       " % of the way to the minimizer; try more steps (-n)";
    if (const auto lr = learning_rate(optimizer); lr && found->second > 0) {
      const double factor = std::pow(10, std::floor(std::log10(1 / found->second)));
      note += ", or a greater lr, such as " + number(*lr * factor, 2) + " in place of " + number(*lr, 2);
    }
    notes.push_back(note);
  }
  return notes;
}

}  // namespace optexplore::study
