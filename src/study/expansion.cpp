#include "study/expansion.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optexplore/error.hpp>

#include "language/ops.hpp"
#include "program/random.hpp"

namespace optexplore::study {
namespace {

constexpr std::uint64_t max_runs = std::uint64_t{1} << 53U;
// Draw sites that no rule reaches: a graph numbers its sites from 0.
constexpr std::uint32_t setting_site = 0xF0000000;
constexpr std::uint32_t start_site = 0xF8000000;

using Kind = Variation::Kind;

bool random(const Variation& v) { return v.kind == Kind::uniform || v.kind == Kind::loguniform; }

std::uint64_t choices(const Variation& v) { return v.kind == Kind::list ? v.values.size() : v.count; }

/// Point i of n equally spaced ones; both ends are exact.
double spaced(double low, double high, std::uint64_t i, std::uint64_t n) {
  if (i == 0 || n < 2) return low;
  if (i == n - 1) return high;
  return low + (high - low) * (static_cast<double>(i) / static_cast<double>(n - 1));
}

// Base 10, so that {"log": [0.01, 1, 3]} has the 0.1 that people expect and not 0.10000000000000002.
double power_of_ten(double v) {
  const double args[] = {10, v};
  return language::evaluate(language::Op::pow, args);
}
double log_ten(double v) { return language::evaluate(language::Op::log10, &v); }

double element(const Variation& v, std::uint64_t i) {
  if (v.kind == Kind::list) return v.values[i];
  if (v.kind == Kind::linear) return spaced(v.low, v.high, i, v.count);
  if (i == 0 || v.count < 2) return v.low;
  if (i == v.count - 1) return v.high;
  return power_of_ten(spaced(log_ten(v.low), log_ten(v.high), i, v.count));
}

double sample(const Variation& v, double u) {
  if (v.kind == Kind::uniform) return v.low + (v.high - v.low) * u;
  return power_of_ten(log_ten(v.low) + (log_ten(v.high) - log_ten(v.low)) * u);
}

std::uint64_t multiply(std::uint64_t a, std::uint64_t b) {
  if (b != 0 && a > max_runs / b) throw InputError("the experiment means more than 2^53 runs");
  return a * b;
}

}  // namespace

Expansion::Expansion(const Experiment& experiment, const FunctionSpec& function, const OptimizerSpec& optimizer)
    : experiment_(&experiment), function_(&function), optimizer_(&optimizer) {
  for (const RuleUse& use : optimizer.chain)
    for (const auto& [name, setting] : use.settings) {
      const auto* variation = std::get_if<Variation>(&setting);
      if (variation == nullptr) continue;
      if (random(*variation))
        sampled_ = true;
      else
        settings_ = multiply(settings_, choices(*variation));
    }
  if (sampled_) settings_ = multiply(settings_, optimizer.samples);
  const StartSpec& start = experiment.start;
  switch (start.kind) {
    case StartSpec::Kind::function_default: break;
    case StartSpec::Kind::points: starts_ = start.points.size(); break;
    case StartSpec::Kind::grid:
      for (const std::uint64_t count : start.counts) starts_ = multiply(starts_, count);
      break;
    case StartSpec::Kind::uniform:
    case StartSpec::Kind::normal:
    case StartSpec::Kind::domain: starts_ = start.count; break;
  }
  if (start.kind == StartSpec::Kind::domain && function.entry.domain.empty())
    throw InputError("'" + function.entry.name + "' has no known domain to start from", "", "/start");
  multiply(multiply(settings_, starts_), experiment.seeds);
}

std::vector<double> Expansion::hyperparameters(std::uint64_t run) const {
  std::uint64_t index = run / experiment_->seeds / starts_;
  const std::uint64_t sample_index = sampled_ ? index % optimizer_->samples : 0;
  if (sampled_) index /= optimizer_->samples;
  std::vector<const Setting*> settings;
  for (const RuleUse& use : optimizer_->chain)
    for (const auto& [name, setting] : use.settings) settings.push_back(&setting);
  std::vector<double> values(settings.size());
  for (std::size_t k = settings.size(); k-- > 0;) {  // the last varied one is the fastest
    if (const auto* number = std::get_if<double>(settings[k])) {
      values[k] = *number;
    } else if (const auto* variation = std::get_if<Variation>(settings[k])) {
      if (random(*variation)) {
        const double u = program::draw(language::Draw::uniform, {experiment_->seed, sample_index}, 0,
                                       setting_site + static_cast<std::uint32_t>(k), 0);
        values[k] = sample(*variation, u);
      } else {
        values[k] = element(*variation, index % choices(*variation));
        index /= choices(*variation);
      }
    } else {
      values[k] = std::nan("");
    }
  }
  return values;
}

std::vector<double> Expansion::start(std::uint64_t run) const {
  const StartSpec& start = experiment_->start;
  std::uint64_t index = run / experiment_->seeds % starts_;
  std::vector<double> point(function_->dim);
  const auto repeat = [&](const std::vector<double>& pattern) {
    for (std::size_t i = 0; i < point.size(); ++i) point[i] = pattern[i % pattern.size()];
  };
  switch (start.kind) {
    case StartSpec::Kind::function_default: repeat(function_->entry.start); break;
    case StartSpec::Kind::points: repeat(start.points[index]); break;
    case StartSpec::Kind::grid:
      for (std::size_t i = point.size(); i-- > 0;) {
        point[i] = spaced(start.box[i].low, start.box[i].high, index % start.counts[i], start.counts[i]);
        index /= start.counts[i];
      }
      break;
    default: return random_start(index);
  }
  return point;
}

std::vector<double> Expansion::random_start(std::uint64_t index) const {
  std::vector<double> point(function_->dim);
  const program::RandomKey key{experiment_->seed, index};
  if (experiment_->start.kind == StartSpec::Kind::normal) {
    for (std::size_t i = 0; i < point.size(); ++i) {
      const StartSpec::Normal& normal = experiment_->start.normal[i];
      point[i] = normal.mean + normal.sd * program::draw(language::Draw::normal, key, 0, start_site, i);
    }
    return point;
  }
  for (std::size_t i = 0; i < point.size(); ++i) {
    const Interval side = interval(i);
    const double u = program::draw(language::Draw::uniform, key, 0, start_site, i);
    point[i] = side.low + (side.high - side.low) * u;
  }
  return point;
}

Interval Expansion::interval(std::size_t coordinate) const {
  const std::vector<Interval>& box =
      experiment_->start.kind == StartSpec::Kind::domain ? function_->entry.domain : experiment_->start.box;
  return box[coordinate % box.size()];
}

std::vector<std::string> hyperparameter_names(const OptimizerSpec& optimizer) {
  std::map<std::string, int> count;
  for (const RuleUse& use : optimizer.chain)
    for (const auto& [name, setting] : use.settings) ++count[name];
  std::vector<std::string> names;
  for (const RuleUse& use : optimizer.chain)
    for (const auto& [name, setting] : use.settings)
      names.push_back(count[name] > 1 && !use.rule.name.empty() ? use.rule.name + "." + name : name);
  return names;
}

bool several_runs(const Experiment& experiment) {
  for (const FunctionSpec& function : experiment.functions)
    for (const OptimizerSpec& optimizer : experiment.optimizers)
      if (Expansion(experiment, function, optimizer).runs() > 1) return true;
  return false;
}

bool starts_vary(const StartSpec& start) {
  switch (start.kind) {
    case StartSpec::Kind::function_default: return false;
    case StartSpec::Kind::points: return start.points.size() > 1;
    case StartSpec::Kind::grid: return std::ranges::any_of(start.counts, [](std::uint64_t n) { return n > 1; });
    default: return start.count > 1;
  }
}

}  // namespace optexplore::study
