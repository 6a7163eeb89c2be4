#include "analysis/theory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optexplore/catalog.hpp>
#include <optexplore/error.hpp>
#include <optexplore/function.hpp>
#include <optexplore/run.hpp>

#include "experiment/hyperparameters.hpp"
#include "program/linear_solve.hpp"

namespace optexplore::analysis {
namespace {

/// The values of some columns in the first row of a run.
std::vector<double> at_start(Experiment experiment, const std::vector<std::string>& columns) {
  experiment.steps = 0;
  RunOptions options;
  for (const std::string& name : columns) options.columns.push_back({name, {}});
  RunStream stream(experiment, options);
  const std::optional<Block> block = stream.next();
  std::vector<double> values;
  for (std::size_t c = 0; c < stream.schema().columns.size(); ++c) values.push_back(block->at(c, 0));
  return values;
}

Experiment experiment_of(const FunctionSpec& function, const OptimizerSpec& optimizer,
                         const std::vector<double>& start) {
  Experiment experiment;
  experiment.functions = {function};
  experiment.start.kind = StartSpec::Kind::points;
  experiment.start.points = {start};
  experiment.optimizers = {optimizer};
  return experiment;
}

/// The value in as many digits as a recurrence tells it in.
double without_rounding(double value) {
  const std::string text = fmt::format("{:.12g}", value);
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// As LinearIteration::recurrence has it.
std::vector<double> recurrence(const ClassicSettings& s, double lambda) {
  const double rest = 1 - s.lr * lambda;
  switch (s.rule) {
    case ClassicRule::gradient_descent: return {rest};
    case ClassicRule::heavy_ball: return {-s.momentum, rest + s.momentum};
    case ClassicRule::nesterov: return {-s.momentum * rest, (1 + s.momentum) * rest};
  }
  return {};
}

}  // namespace

const char* rule_name(ClassicRule rule) {
  switch (rule) {
    case ClassicRule::gradient_descent: return "sgd";
    case ClassicRule::heavy_ball: return "momentum";
    case ClassicRule::nesterov: return "nesterov";
  }
  return "";
}

const char* title(ClassicRule rule) {
  switch (rule) {
    case ClassicRule::gradient_descent: return "gradient descent";
    case ClassicRule::heavy_ball: return "heavy ball";
    case ClassicRule::nesterov: return "Nesterov";
  }
  return "";
}

OptimizerSpec classic_optimizer(const ClassicSettings& settings) {
  OptimizerSpec optimizer;
  optimizer.label = optimizer.type = rule_name(settings.rule);
  optimizer.chain.push_back(experiment::default_use(catalog::rule(optimizer.type)));
  for (auto& [name, setting] : optimizer.chain.back().settings) {
    if (name == "lr") setting = settings.lr;
    if (name == "momentum") setting = settings.momentum;
  }
  return optimizer;
}

std::optional<ClassicSettings> recognize(const LinearIteration& iteration, const Curvature& curvature) {
  const double steep = curvature.highest;
  const std::vector<double> flat_one = iteration.recurrence(0), steep_one = iteration.recurrence(steep);
  std::vector<ClassicSettings> candidates;
  if (steep_one.size() == 1) {
    candidates.push_back({ClassicRule::gradient_descent, (1 - steep_one[0]) / steep, 0});
  } else if (steep_one.size() == 2 && flat_one.size() == 2) {
    const double momentum = -flat_one[0];
    candidates.push_back({ClassicRule::heavy_ball, (1 + momentum - steep_one[1]) / steep, momentum});
    candidates.push_back({ClassicRule::nesterov, (1 - steep_one[1] / (1 + momentum)) / steep, momentum});
  }
  const auto is = [&](const ClassicSettings& candidate) {
    for (const double lambda : {0.0, curvature.lowest, (curvature.lowest + steep) / 2, steep / 3, steep}) {
      const std::vector<double> found = iteration.recurrence(lambda), expected = recurrence(candidate, lambda);
      if (found.size() != expected.size()) return false;
      for (std::size_t k = 0; k < found.size(); ++k)
        if (!(std::fabs(found[k] - expected[k]) <= 1e-9)) return false;
    }
    return true;
  };
  for (ClassicSettings& candidate : candidates) {
    candidate.lr = without_rounding(candidate.lr);
    candidate.momentum = without_rounding(candidate.momentum);
  }
  const auto found = std::ranges::find_if(candidates, is);
  return found == candidates.end() ? std::nullopt : std::optional(*found);
}

bool is_quadratic(const FunctionSpec& spec, const std::vector<double>& point) {
  const Function function = Function::minimized(spec);
  std::vector<double> direction(point.size());
  for (std::size_t i = 0; i < direction.size(); ++i) direction[i] = std::cos(1.0 + static_cast<double>(i));
  const std::vector<double> here = function.hessian_product(point, direction);
  for (const double distance : {0.7, -1.9}) {
    std::vector<double> other = point;
    for (std::size_t i = 0; i < other.size(); ++i) other[i] += distance * (1 + 0.1 * static_cast<double>(i % 7));
    const std::vector<double> there = function.hessian_product(other, direction);
    for (std::size_t i = 0; i < here.size(); ++i)
      if (!(std::fabs(here[i] - there[i]) <= 1e-12 * std::max(1.0, std::fabs(here[i])))) return false;
  }
  return true;
}

std::optional<std::vector<double>> quadratic_minimizer(const FunctionSpec& spec) {
  constexpr std::size_t most_dim = 1000;
  const std::size_t n = spec.dim;
  if (n > most_dim)
    throw InputError("the minimizer of a quadratic is found in at most " + std::to_string(most_dim) +
                     " dimensions, found " + std::to_string(n) + "; give a point with --at");
  const Function function = Function::minimized(spec);
  std::vector<double> point(n, 0.0), hessian(n * n);
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<double> unit(n, 0.0);
    unit[i] = 1;
    std::ranges::copy(function.hessian_product(point, unit), hessian.begin() + static_cast<std::ptrdiff_t>(i * n));
  }
  // A second time from there takes off most of the first one's rounding.
  for (int twice = 0; twice < 2; ++twice) {
    std::vector<double> step = function.gradient(point);
    program::linear_solve(hessian.data(), step.data(), n, 1);
    for (std::size_t i = 0; i < n; ++i) {
      point[i] -= step[i];
      if (!std::isfinite(point[i])) return std::nullopt;
    }
  }
  return point;
}

Curvature curvature_at(const FunctionSpec& function, const std::vector<double>& point) {
  const OptimizerSpec any = classic_optimizer({});
  const std::vector<double> ends = at_start(experiment_of(function, any, point), {"lambda_min", "lambda_max"});
  if (!std::isfinite(ends[0]) || !std::isfinite(ends[1]))
    throw InputError("the eigenvalues of the Hessian of " + function.entry.name + " could not be found there");
  return {point, ends[0], ends[1], is_quadratic(function, point)};
}

ClassicSettings best_settings(ClassicRule rule, const Curvature& curvature) {
  const double mu = curvature.lowest, L = curvature.highest;
  switch (rule) {
    case ClassicRule::gradient_descent: return {rule, 2 / (L + mu), 0};
    case ClassicRule::heavy_ball: {
      const double sum = std::sqrt(L) + std::sqrt(mu);
      const double quotient = (std::sqrt(L) - std::sqrt(mu)) / sum;
      return {rule, 4 / (sum * sum), quotient * quotient};
    }
    case ClassicRule::nesterov: {
      const double root = std::sqrt(3 * L / mu + 1);
      return {rule, 4 / (3 * L + mu), (root - 2) / (root + 2)};
    }
  }
  return {};
}

double largest_stable_rate(ClassicRule rule, double momentum, const Curvature& curvature) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const double size = std::fabs(momentum);
  switch (rule) {
    case ClassicRule::gradient_descent: return 2 / curvature.highest;
    // The roots' product is m.
    case ClassicRule::heavy_ball: return size < 1 ? 2 * (1 + momentum) / curvature.highest : none;
    // With q = 1-lr·λ the roots' product is m·q, which begins at m. A root of z² - (1+m)q·z + m·q reaches -1 where
    // (1+2m)q = -1; for m < -1/3 the product reaches 1 before that, where m·q = 1.
    case ClassicRule::nesterov: {
      const double lowest_q = momentum < -1.0 / 3 ? 1 / momentum : -1 / (1 + 2 * momentum);
      return size <= 1 ? (1 - lowest_q) / curvature.highest : none;
    }
  }
  return none;
}

double predicted_rate(const ClassicSettings& settings, const Curvature& curvature) {
  return std::max(largest_root(recurrence(settings, curvature.lowest)),
                  largest_root(recurrence(settings, curvature.highest)));
}

double predicted_rate(const LinearIteration& iteration, const Curvature& curvature) {
  constexpr std::uint64_t between = 50;
  const std::uint64_t values = curvature.point.size() <= 2 ? 2 : between;
  double rate = 0;
  for (std::uint64_t i = 0; i < values; ++i)
    rate = std::max(rate, iteration.rate(spaced(curvature.lowest, curvature.highest, i, values)));
  return rate;
}

double times_fewer_steps(double rate, double than) {
  if (rate == than) return 1;
  return rate < 1 && than > 0 && than < 1 ? std::log(rate) / std::log(than) : std::numeric_limits<double>::quiet_NaN();
}

double measured_rate(const FunctionSpec& function, const OptimizerSpec& optimizer, const std::vector<double>& start,
                     double expected) {
  constexpr double wanted_fall = 1e-9;  // of the whole run; rounding is still far away
  constexpr double most_steps = 20000;
  double steps = 200;
  if (expected < 1) steps = std::clamp(std::log(wanted_fall) / std::log(expected), 8.0, most_steps);
  Experiment experiment = experiment_of(function, optimizer, start);
  experiment.steps = 2 * static_cast<std::uint64_t>(steps / 2);
  RunStream stream(experiment, {{{"grad_norm", {}}}});
  std::vector<double> norms;
  Status status{};
  while (const auto block = stream.next()) {
    for (std::size_t r = 0; r < block->rows; ++r) norms.push_back(block->at(0, r));
    if (block->ending) status = block->ending->status;
  }
  const std::size_t half = static_cast<std::size_t>(experiment.steps) / 2;
  if (failed(status) || norms.size() < 2 * half + 1) return std::numeric_limits<double>::quiet_NaN();
  if (norms[half] == 0) return 0;
  return std::pow(norms[2 * half] / norms[half], 1 / static_cast<double>(half));
}

}  // namespace optexplore::analysis
