#include "analysis/trials.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optexplore/error.hpp>
#include <utility>
#include <variant>

#include "drive/blocks.hpp"
#include "drive/summary.hpp"
#include "parallel/ordered_map.hpp"
#include "text/number.hpp"

namespace optexplore::analysis {
namespace {

constexpr double inf = std::numeric_limits<double>::infinity();

Outcome outcome(const drive::Summary& summary, const study::Prices& prices) {
  Outcome result;
  const bool solved = !std::isnan(summary.steps_to_settle) && !failed(summary.status);
  result.steps = solved ? summary.steps_to_settle : inf;
  result.spent = solved ? summary.cost_to_settle : prices.of(summary.evaluations);
  result.touched = !std::isnan(summary.steps_to_target);
  result.final = std::isnan(summary.f_final) ? inf : summary.f_final;
  result.diverged = failed(summary.status);
  return result;
}

}  // namespace

bool Outcome::solved() const { return steps < inf; }

Trials::Trials(const Experiment& experiment, Options options)
    : options_(std::move(options)),
      study_(experiment, {.aims = true,
                          .target = options_.target,
                          .cost = options_.cost,
                          .equal_evaluations = options_.equal_evaluations,
                          .draws = study::Draws::per_problem,
                          .best = true,
                          .settling = true}),
      least_(experiment.functions.size(), inf) {}

double Trials::budget(std::size_t optimizer, std::size_t function) const {
  const study::Plan& plan = this->plan(optimizer, function);
  if (!plan.step_evaluations) return static_cast<double>(plan.budget != 0 ? plan.budget : plan.steps);
  return plan.prices.of(plan.start_evaluations) +
         static_cast<double>(plan.steps) * plan.prices.of(*plan.step_evaluations);
}

std::vector<std::pair<std::string, double>> Trials::varied(std::size_t optimizer, std::uint64_t setting) const {
  const std::vector<double> values = first_plan(optimizer).expansion.hyperparameters(setting * runs_per_function());
  const std::vector<experiment::Hyperparameter>& table = study_.hyperparameters(optimizer);
  std::vector<std::pair<std::string, double>> result;
  for (std::size_t k = 0; k < table.size(); ++k)
    if (table[k].kind() == experiment::Hyperparameter::Kind::axis && table[k].number())
      result.emplace_back(table[k].name, values[k]);
  return result;
}

std::string Trials::setting_text(std::size_t optimizer, std::uint64_t setting, std::optional<int> digits) const {
  std::string text;
  const std::vector<double> values = first_plan(optimizer).expansion.hyperparameters(setting * runs_per_function());
  const std::vector<experiment::Hyperparameter>& table = study_.hyperparameters(optimizer);
  for (std::size_t k = 0; k < table.size(); ++k) {
    if (table[k].kind() != experiment::Hyperparameter::Kind::axis) continue;
    text += (text.empty() ? "" : ",") + table[k].name + "=";
    if (table[k].number())
      text::append_number(text, values[k], {.precision = digits});
    else
      text += table[k].text(values[k]);
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
  // Blocks go across settings: run i is problem i % width with setting i / width.
  const auto compute = [&](const drive::BlockCutter::Part& block) {
    std::vector<std::uint64_t> numbers;
    for (std::size_t i = block.first; i < block.first + block.count; ++i)
      numbers.push_back(settings[i / width] * runs_per_function() +
                        problems[part.begin + i % width] % runs_per_function());
    return std::pair(block.first, drive::summarize(plan, numbers));
  };
  const auto take = [&](const std::pair<std::uint64_t, std::vector<drive::Summary>>& done) {
    std::size_t i = done.first;
    for (const drive::Summary& summary : done.second) {
      outcomes[i / width][part.begin + i % width] = outcome(summary, plan.prices);
      if (summary.f_best < least_[function]) least_[function] = summary.f_best;
      ++i;
    }
    if (options_.progress) options_.progress(done.second.size());
  };
  const unsigned threads = parallel::threads(options_.jobs);
  drive::BlockCutter blocks(0, runs, plan.lanes, threads, threads > 1);
  parallel::ordered_map(
      threads, [&] { return blocks.next(); }, compute, take);
}

}  // namespace optexplore::analysis
