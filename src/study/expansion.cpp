#include "study/expansion.hpp"

#include <algorithm>
#include <cmath>
#include <optexplore/error.hpp>

#include "experiment/block_starts.hpp"
#include "experiment/hyperparameters.hpp"
#include "study/draw_sites.hpp"
#include "study/precision.hpp"

namespace optexplore::study {
namespace {

constexpr std::uint64_t max_runs = std::uint64_t{1} << 53U;

std::uint64_t multiply(std::uint64_t a, std::uint64_t b) {
  if (b != 0 && a > max_runs / b) throw InputError("the experiment means more than 2^53 runs");
  return a * b;
}

std::uint64_t count_starts(const StartSpec& start) {
  std::uint64_t count = 1;
  switch (start.kind) {
    case StartSpec::Kind::function_default: return 1;
    case StartSpec::Kind::points: return start.points.size();
    case StartSpec::Kind::grid:
      for (const std::uint64_t points : start.counts) count = multiply(count, points);
      return count;
    case StartSpec::Kind::uniform:
    case StartSpec::Kind::normal:
    case StartSpec::Kind::domain:
    case StartSpec::Kind::blocks: break;
  }
  return start.count;
}

std::vector<double> repeated(const std::vector<double>& pattern, std::size_t dim) {
  std::vector<double> point(dim);
  for (std::size_t i = 0; i < dim; ++i) point[i] = pattern[i % pattern.size()];
  return point;
}

}  // namespace

std::uint64_t count_settings(const OptimizerSpec& optimizer) {
  std::uint64_t count = experiment::drawn_at_random(optimizer) ? optimizer.samples : 1;
  for (const RuleUse& use : optimizer.chain)
    for (const auto& [name, setting] : use.settings)
      if (const auto* variation = std::get_if<Variation>(&setting); variation != nullptr && !variation->random())
        count = multiply(count, variation->count());
  return count;
}

Expansion::Expansion(const Experiment& experiment, const FunctionSpec& function, const OptimizerSpec& optimizer,
                     Draws draws)
    : experiment_(&experiment),
      function_(&function),
      optimizer_(&optimizer),
      settings_(count_settings(optimizer)),
      starts_(count_starts(experiment.start)),
      sampled_(experiment::drawn_at_random(optimizer)),
      draws_(draws) {
  if (experiment.start.kind == StartSpec::Kind::domain && function.entry.domain.empty())
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
  std::vector<double> values(settings.size(), std::nan(""));
  for (std::size_t k = settings.size(); k-- > 0;) {  // the last varied one is the fastest
    if (const auto* number = std::get_if<double>(settings[k])) values[k] = *number;
    if (const auto* choice = std::get_if<Choice>(settings[k])) values[k] = static_cast<double>(choice->index);
    const auto* variation = std::get_if<Variation>(settings[k]);
    if (variation == nullptr) continue;
    if (variation->random()) {
      const std::uint32_t site = settings_site + static_cast<std::uint32_t>(k);
      values[k] =
          variation->at_quantile(program::draw(language::Draw::uniform, {experiment_->seed, sample_index}, 0, site, 0));
    } else {
      values[k] = variation->at(index % variation->count());
      index /= variation->count();
    }
  }
  return values;
}

std::vector<double> Expansion::start(std::uint64_t run) const {
  std::vector<double> point = given_start(run);
  if (const auto format = format_of(optimizer_->precision.value_or(experiment_->precision)))
    for (double& x : point) x = language::evaluate(*format, &x);
  return point;
}

std::vector<double> Expansion::given_start(std::uint64_t run) const {
  const StartSpec& start = experiment_->start;
  std::uint64_t index = run / experiment_->seeds % starts_;
  switch (start.kind) {
    case StartSpec::Kind::function_default: return function_->start();
    case StartSpec::Kind::points: return repeated(start.points[index], function_->dim);
    case StartSpec::Kind::grid: break;
    default: return random_start(index);
  }
  std::vector<double> point(function_->dim);
  for (std::size_t i = point.size(); i-- > 0;) {
    point[i] = spaced(start.box[i].low, start.box[i].high, index % start.counts[i], start.counts[i]);
    index /= start.counts[i];
  }
  return point;
}

std::vector<double> Expansion::random_start(std::uint64_t index) const {
  std::vector<double> point(function_->dim);
  const StartSpec& start = experiment_->start;
  const program::RandomKey key{experiment_->seed, index};
  if (start.kind == StartSpec::Kind::blocks)
    return experiment::block_start(start, *function_,
                                   [&key](language::Draw kind, std::uint32_t call, std::size_t coordinate) {
                                     return program::draw(kind, key, 0, starts_site + call, coordinate);
                                   });
  for (std::size_t i = 0; i < point.size(); ++i) {
    if (start.kind == StartSpec::Kind::normal) {
      const StartSpec::Normal& normal = start.normal[i];
      point[i] = normal.mean + normal.sd * program::draw(language::Draw::normal, key, 0, starts_site, i);
      continue;
    }
    const Interval side = start.kind == StartSpec::Kind::domain ? *function_->interval(i) : start.box[i];
    const double u = program::draw(language::Draw::uniform, key, 0, starts_site, i);
    point[i] = side.low + (side.high - side.low) * u;
  }
  return point;
}

bool starts_vary(const StartSpec& start) {
  switch (start.kind) {
    case StartSpec::Kind::function_default: return false;
    case StartSpec::Kind::points: return start.points.size() > 1;
    case StartSpec::Kind::grid: return std::ranges::any_of(start.counts, [](std::uint64_t n) { return n > 1; });
    default: return start.count > 1;
  }
}

bool several_runs(const Experiment& experiment) {
  return experiment.seeds > 1 || starts_vary(experiment.start) ||
         std::ranges::any_of(experiment.optimizers,
                             [](const OptimizerSpec& optimizer) { return count_settings(optimizer) > 1; });
}

std::optional<std::vector<double>> only_start(const StartSpec& start, const FunctionSpec& function) {
  if (start.kind == StartSpec::Kind::points && start.points.size() == 1)
    return repeated(start.points.front(), function.dim);
  if (start.kind == StartSpec::Kind::function_default && !function.entry.start.empty()) return function.start();
  if (start.kind == StartSpec::Kind::blocks) {
    struct Random {};
    try {
      return experiment::block_start(start, function, [](auto...) -> double { throw Random(); });
    } catch (const Random&) {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

}  // namespace optexplore::study
