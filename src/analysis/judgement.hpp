#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "analysis/comparison.hpp"
#include "analysis/statistics.hpp"

namespace optexplore::analysis {

struct Quartiles {
  double low = 0;
  double median = 0;
  double high = 0;
};

/// What an entry's runs say. Shares are from 0 to 1; NaN where no problem has a target.
struct Judgement {
  std::uint64_t runs = 0;
  std::uint64_t solved = 0;
  double solved_share = 0;  ///< of the runs that have a target
  Bounds solved_bounds;     ///< Wilson, 95 %
  std::uint64_t touched = 0;
  double touched_share = 0;  ///< likewise: of those that were in the target at some step
  Quartiles steps;           ///< until a run was in the target to stay; one that wasn't counts as infinite
  double ert = 0;            ///< expected running time in evaluations
  Quartiles gap;             ///< of the final f to the reference; a diverged run counts as infinite
  double mean_rank = 0;
  double diverged_share = 0;
};

/// 95 % intervals of the same by the percentile bootstrap over problems (Efron & Tibshirani, "An introduction to the
/// bootstrap", 1993, chapter 13).
struct Bands {
  Bounds steps_median;
  Bounds ert;
  Bounds gap_median;
  Bounds mean_rank;
};

Judgement judge(const Comparison& comparison, const Entry& entry);

/// Bands per entry. The same resampled problems are used for all entries.
/// @param resamples  how many
std::vector<Bands> bootstrap(const Comparison& comparison, std::uint64_t resamples);

/// How often each problem stands in resample number `index`.
std::vector<std::uint32_t> resample(const Comparison& comparison, std::uint64_t index);

}  // namespace optexplore::analysis
