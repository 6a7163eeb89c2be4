#include "analysis/trials.hpp"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "drive/summary.hpp"
#include "text/number.hpp"

namespace optexplore::analysis {
namespace {

constexpr double inf = std::numeric_limits<double>::infinity();

/// Of one step: of f and of its gradient.
double evaluations(const study::Plan& plan) { return plan.evaluations.values + plan.evaluations.gradients; }

Outcome outcome(const drive::Summary& summary, double per_step) {
  Outcome result;
  const bool solved = !std::isnan(summary.steps_to_target);
  result.steps = solved ? summary.steps_to_target : inf;
  result.spent = per_step * (solved ? summary.steps_to_target : static_cast<double>(summary.steps));
  result.final = std::isnan(summary.f_final) ? inf : summary.f_final;
  result.diverged = summary.status == Status::diverged;
  return result;
}

}  // namespace

bool Outcome::solved() const { return steps < inf; }

Trials::Trials(const Experiment& experiment, Options options)
    : options_(std::move(options)),
      study_(experiment, {{}, true, options_.target, options_.equal_evaluations, study::Draws::per_problem}),
      least_(experiment.functions.size(), inf) {}

double Trials::budget(std::size_t optimizer, std::size_t function) const {
  const study::Plan& plan = this->plan(optimizer, function);
  return static_cast<double>(plan.steps) * evaluations(plan);
}

std::string Trials::setting_text(std::size_t optimizer, std::uint64_t setting, std::optional<int> digits) const {
  const std::vector<double> values = first_plan(optimizer).expansion.hyperparameters(setting * runs_per_function());
  const std::vector<experiment::Hyperparameter>& table = study_.hyperparameters(optimizer);
  std::string text;
  for (std::size_t k = 0; k < table.size(); ++k) {
    if (table[k].kind() != experiment::Hyperparameter::Kind::axis) continue;
    text += (text.empty() ? "" : ",") + table[k].name + "=";
    text::append_number(text, values[k], {.precision = digits});
  }
  return text;
}

std::vector<std::vector<Outcome>> Trials::run(std::size_t optimizer, std::span<const std::uint64_t> settings,
                                              std::span<const std::uint64_t> problems) {
  std::vector<std::vector<Outcome>> outcomes(settings.size(), std::vector<Outcome>(problems.size()));
  std::size_t begin = 0;
  for (std::size_t f = 0; f < experiment().functions.size(); ++f) {
    std::size_t end = begin;
    while (end < problems.size() && function_of(problems[end]) == f) ++end;
    run_function(optimizer, f, settings, problems, {begin, end}, outcomes);
    begin = end;
  }
  return outcomes;
}

void Trials::run_function(std::size_t optimizer, std::size_t function, std::span<const std::uint64_t> settings,
                          std::span<const std::uint64_t> problems, Part part,
                          std::vector<std::vector<Outcome>>& outcomes) {
  const study::Plan& plan = this->plan(optimizer, function);
  const std::size_t width = part.end - part.begin, runs = settings.size() * width;
  const std::size_t lanes = drive::block_lanes(plan), blocks = (runs + lanes - 1) / lanes;
  std::vector<double> least(blocks, inf);
  // Blocks go across settings: run i is problem i % width with setting i / width.
  const auto compute = [&](std::size_t block) {
    const std::size_t first = block * lanes, last = std::min(first + lanes, runs);
    std::vector<std::uint64_t> numbers;
    for (std::size_t i = first; i < last; ++i)
      numbers.push_back(settings[i / width] * runs_per_function() +
                        problems[part.begin + i % width] % runs_per_function());
    const std::vector<drive::Summary> summaries = drive::summarize(plan, numbers);
    for (std::size_t i = first; i < last; ++i) {
      const drive::Summary& summary = summaries[i - first];
      outcomes[i / width][part.begin + i % width] = outcome(summary, evaluations(plan));
      if (summary.f_best < least[block]) least[block] = summary.f_best;
    }
    if (options_.progress) options_.progress(summaries.size());
  };
  namespace tbb = oneapi::tbb;
  const int threads = options_.jobs == 0 ? tbb::info::default_concurrency() : static_cast<int>(options_.jobs);
  // A global limit as well as an arena: the request for more threads than cores has to be explicit.
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(threads));
  tbb::task_arena(threads).execute([&] { tbb::parallel_for(std::size_t{0}, blocks, compute); });
  for (const double value : least) least_[function] = std::min(least_[function], value);
}

}  // namespace optexplore::analysis
