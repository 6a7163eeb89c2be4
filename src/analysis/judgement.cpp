#include "analysis/judgement.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "program/random.hpp"
#include "study/draw_sites.hpp"

namespace optexplore::analysis {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Values of an entry's problems, ascending, and which problem each belongs to.
struct Sorted {
  std::vector<double> values;
  std::vector<std::size_t> problems;
};

template <class Value>
Sorted sorted(const std::vector<std::size_t>& problems, Value value) {
  Sorted result;
  result.problems = problems;
  std::stable_sort(result.problems.begin(), result.problems.end(),
                   [&](std::size_t a, std::size_t b) { return value(a) < value(b); });
  for (const std::size_t p : result.problems) result.values.push_back(value(p));
  return result;
}

std::vector<std::size_t> all_problems(const Comparison& comparison) {
  std::vector<std::size_t> problems(comparison.problems.size());
  std::iota(problems.begin(), problems.end(), std::size_t{0});
  return problems;
}

std::vector<std::size_t> targeted_problems(const Comparison& comparison) {
  std::vector<std::size_t> problems = all_problems(comparison);
  std::erase_if(problems, [&](std::size_t p) { return !comparison.problems[p].has_target; });
  return problems;
}

Sorted sorted_steps(const Entry& entry, const std::vector<std::size_t>& problems) {
  return sorted(problems, [&](std::size_t p) { return entry.outcomes[p].steps; });
}

Sorted sorted_gaps(const Entry& entry, const std::vector<std::size_t>& problems) {
  return sorted(problems, [&](std::size_t p) { return entry.gaps[p]; });
}

Quartiles quartiles(const Sorted& of) {
  return {quantile(of.values, 0.25), quantile(of.values, 0.5), quantile(of.values, 0.75)};
}

double median(const Sorted& of, const std::vector<std::uint32_t>& counts) {
  std::vector<std::uint32_t> here;
  here.reserve(of.problems.size());
  for (const std::size_t p : of.problems) here.push_back(counts[p]);
  return quantile(of.values, here, 0.5);
}

Bounds percentiles(std::vector<double> values) {
  std::erase_if(values, [](double v) { return v != v; });  // resamples without a problem that has a target
  std::sort(values.begin(), values.end());
  return {quantile(values, 0.025), quantile(values, 0.975)};
}

}  // namespace

Judgement judge(const Comparison& comparison, const Entry& entry) {
  const std::vector<std::size_t> all = all_problems(comparison), targeted = targeted_problems(comparison);
  Judgement result;
  result.runs = all.size();
  double spent = 0, ranks = 0, diverged = 0;
  for (const std::size_t p : targeted) {
    spent += entry.outcomes[p].spent;
    result.solved += entry.outcomes[p].solved() ? 1 : 0;
    result.touched += entry.outcomes[p].touched ? 1 : 0;
  }
  for (const std::size_t p : all) {
    ranks += entry.ranks[p];
    diverged += entry.outcomes[p].diverged ? 1 : 0;
  }
  const auto runs = static_cast<double>(all.size()), trials = static_cast<double>(targeted.size());
  const auto solved = static_cast<double>(result.solved);
  result.solved_share = targeted.empty() ? nan : solved / trials;
  result.solved_bounds = wilson(solved, trials);
  result.touched_share = targeted.empty() ? nan : static_cast<double>(result.touched) / trials;
  result.steps = quartiles(sorted_steps(entry, targeted));
  result.ert = targeted.empty() ? nan : expected_running_time(spent, solved);
  result.gap = quartiles(sorted_gaps(entry, all));
  result.mean_rank = ranks / runs;
  result.diverged_share = diverged / runs;
  return result;
}

std::vector<std::uint32_t> resample(const Comparison& comparison, std::uint64_t index) {
  const std::size_t problems = comparison.problems.size();
  std::vector<std::uint32_t> counts(problems);
  for (std::size_t i = 0; i < problems; ++i) {
    const double u = program::draw(language::Draw::uniform, {comparison.seed, index}, 0, study::bootstrap_site, i);
    const auto k = static_cast<std::size_t>(u * static_cast<double>(problems));
    ++counts[std::min(k, problems - 1)];
  }
  return counts;
}

std::vector<Bands> bootstrap(const Comparison& comparison, std::uint64_t resamples) {
  const std::vector<std::size_t> all = all_problems(comparison), targeted = targeted_problems(comparison);
  struct Sample {
    Sorted steps, gaps;
    std::vector<double> step_medians, erts, gap_medians, mean_ranks;
  };
  std::vector<Sample> samples;
  for (const Entry& entry : comparison.entries)
    samples.push_back({sorted_steps(entry, targeted), sorted_gaps(entry, all), {}, {}, {}, {}});
  for (std::uint64_t b = 0; b < resamples; ++b) {
    const std::vector<std::uint32_t> counts = resample(comparison, b);
    for (std::size_t e = 0; e < samples.size(); ++e) {
      const Entry& entry = comparison.entries[e];
      double spent = 0, solved = 0, runs = 0, ranks = 0;
      for (const std::size_t p : targeted) {
        runs += counts[p];
        spent += counts[p] * entry.outcomes[p].spent;
        solved += entry.outcomes[p].solved() ? counts[p] : 0;
      }
      for (const std::size_t p : all) ranks += counts[p] * entry.ranks[p];
      samples[e].step_medians.push_back(median(samples[e].steps, counts));
      samples[e].erts.push_back(runs == 0 ? nan : expected_running_time(spent, solved));
      samples[e].gap_medians.push_back(median(samples[e].gaps, counts));
      samples[e].mean_ranks.push_back(ranks / static_cast<double>(all.size()));
    }
  }
  std::vector<Bands> bands;
  for (Sample& sample : samples)
    bands.push_back({percentiles(std::move(sample.step_medians)), percentiles(std::move(sample.erts)),
                     percentiles(std::move(sample.gap_medians)), percentiles(std::move(sample.mean_ranks))});
  return bands;
}

}  // namespace optexplore::analysis
