#pragma once

#include <cstdint>
#include <optexplore/table.hpp>
#include <string>
#include <vector>

#include "analysis/comparison.hpp"
#include "analysis/statistics.hpp"

namespace optexplore::analysis {

/// The share of problems that an entry has solved (reached the target and stayed there until the end) as a function of
/// x, a step function:
///  * ecdf: x = evaluations. The empirical distribution of running times.
///  * performance: x = evaluations divided by those of the entry that was quickest on the problem. Dolan & Moré,
///    "Benchmarking optimization software with performance profiles", 2002.
///  * data: x = evaluations divided by n + 1 in n dimensions. Moré & Wild, "Benchmarking derivative-free optimization
///    algorithms", 2009.
/// Of problems that have a target only. The start's evaluation counts: nothing is solved with none.
enum class ProfileKind { ecdf, performance, data };

/// "ecdf", "performance" or "data".
const char* to_string(ProfileKind kind);

struct Curve {
  ProfileKind kind = ProfileKind::ecdf;
  std::size_t entry = 0;
  std::vector<double> x;      ///< ascending; all curves of a kind begin and end at the same x
  std::vector<double> share;  ///< from that x to the next
  std::vector<Bounds> bands;  ///< per x: 95 % of the resamples; empty without
};

/// All curves: kinds, then entries. At most 1000 points each; jumps are left out evenly beyond. None when no problem
/// has a target.
/// @param resamples  of the bootstrap over problems; 0: no bands
std::vector<Curve> profiles(const Comparison& comparison, std::uint64_t resamples);

/// The curves as a table: profile, optimizer (with its setting when there is an entry for each), x, share, and the
/// bands if they have some.
Table profile_table(const Comparison& comparison, const std::vector<Curve>& curves, bool every_setting);

}  // namespace optexplore::analysis
