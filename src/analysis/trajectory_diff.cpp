#include "analysis/trajectory_diff.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optexplore/catalog.hpp>
#include <optexplore/error.hpp>

#include "experiment/hyperparameters.hpp"
#include "study/expansion.hpp"

namespace optexplore::analysis {
namespace {

/// What only_run() records behind the coordinates: f, and what was asked for.
constexpr std::size_t behind_point = 4;

/// The rows of a stream's only trajectory, one by one: the coordinates, then f and the evaluations.
class Rows {
 public:
  explicit Rows(RunStream stream) : stream_(std::move(stream)) {
    for (const Column& column : stream_.schema().columns) names_.push_back(column.name);
    values_.resize(names_.size());
  }

  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  [[nodiscard]] std::size_t width() const { return names_.size(); }
  [[nodiscard]] std::uint64_t steps() const { return block_.ending->steps; }
  [[nodiscard]] Status status() const { return block_.ending->status; }

  /// The next row, or nothing behind the last one.
  const double* next() {
    if (row_ == block_.rows) {
      if (block_.ending) return nullptr;
      block_ = std::move(*stream_.next());
      row_ = 0;
    }
    for (std::size_t c = 0; c < width(); ++c) values_[c] = block_.at(c, row_);
    ++row_;
    return values_.data();
  }
  /// Goes to the end, for steps() and status().
  void finish() {
    while (next() != nullptr) {
    }
  }

 private:
  RunStream stream_;
  std::vector<std::string> names_;
  Block block_;
  std::size_t row_ = 0;
  std::vector<double> values_;  ///< of the row
};

/// |a - b|, 0 for two equal infinities or two NaNs, infinite when only one is a number.
double distance(double a, double b) {
  if (a == b || (std::isnan(a) && std::isnan(b))) return 0;
  const double d = std::fabs(a - b);
  return std::isnan(d) ? std::numeric_limits<double>::infinity() : d;
}

double relative(double a, double b) {
  const double d = distance(a, b);
  return std::isinf(d) ? d : d / std::max({1.0, std::fabs(a), std::fabs(b)});
}

/// 1, 2, 5, 10, 20, 50, …
bool tabulated(std::uint64_t step) {
  while (step >= 10 && step % 10 == 0) step /= 10;
  return step == 1 || step == 2 || step == 5;
}

}  // namespace

double Gap::value() const { return distance(value_a, value_b); }

std::vector<std::string> telling_functions() { return {"book", "rastrigin", "rosenbrock"}; }

std::vector<Trial> telling_trials(std::size_t functions) {
  std::vector<Trial> trials;
  for (std::size_t f = 0; f < functions; ++f) trials.push_back({f, false});
  trials.push_back({0, true});
  return trials;
}

RunStream only_run(Experiment experiment, const Trial& trial, double off) {
  experiment.functions = {FunctionSpec(experiment.functions[trial.function])};
  if (trial.noisy) {
    RuleUse noise = experiment::default_use(catalog::rule("gradient_noise"));
    for (auto& [name, setting] : noise.settings) setting = name == "eta" ? 1.0 : 0.0;
    std::vector<RuleUse>& chain = experiment.optimizers.front().chain;
    chain.insert(chain.begin(), std::move(noise));
  }
  if (off != 0) {
    std::vector<double> start =
        study::Expansion(experiment, experiment.functions[0], experiment.optimizers[0]).start(0);
    for (double& x : start) x *= 1 + off;
    experiment.start = {StartSpec::Kind::points, {start}, {}, {}, {}};
  }
  RunStream stream(experiment, {{{"point", {}}, {"f", {}}, {"evals_f", {}}, {"evals_g", {}}, {"evals_h", {}}}});
  if (stream.trajectories() != 1)
    throw InputError("expected one run of '" + experiment.optimizers.front().label + "', found " +
                     std::to_string(stream.trajectories()) + "; give one value to each setting and one start");
  return stream;
}

TrajectoryDiff compare(RunStream first, RunStream second, RunStream nudged) {
  Rows a(std::move(first)), b(std::move(second)), c(std::move(nudged));
  double grown_nudge = 0;
  TrajectoryDiff result;
  const std::size_t dim = a.width() - behind_point;
  Gap gap;
  for (std::uint64_t step = 0;; ++step) {
    const double* x = a.next();
    const double* y = b.next();
    if (x == nullptr || y == nullptr) break;
    gap = {step, 0, x[dim], y[dim], {x[dim + 1], x[dim + 2], x[dim + 3]}, {y[dim + 1], y[dim + 2], y[dim + 3]}};
    double worst = 0;
    std::size_t at = 0;
    const double* z = c.next();
    for (std::size_t i = 0; i < dim; ++i)
      if (z != nullptr) grown_nudge = std::max(grown_nudge, relative(x[i], z[i]));
    for (std::size_t i = 0; i < dim; ++i) {
      gap.point = std::max(gap.point, distance(x[i], y[i]));
      const double error = relative(x[i], y[i]);
      if (error > worst) at = i;
      worst = std::max(worst, error);
    }
    const bool grown = worst > rounding && worst <= rounding / nudge * grown_nudge;
    if (grown && result.grown == 0) result.grown = step;
    if (!grown) result.largest = std::max(result.largest, worst);
    if (worst > rounding && !grown && !result.differ) {
      result.differ = true;
      result.first_step = step;
      result.coordinate = a.names()[at];
      result.first_a = x[at];
      result.first_b = y[at];
    }
    if (tabulated(step)) result.gaps.push_back(gap);
  }
  if (result.gaps.empty() || result.gaps.back().step != gap.step) result.gaps.push_back(gap);
  a.finish();
  b.finish();
  result.steps_a = a.steps();
  result.steps_b = b.steps();
  result.status_a = a.status();
  result.status_b = b.status();
  return result;
}

}  // namespace optexplore::analysis
