#include "analysis/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace optexplore::analysis {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Between two neighbours; never inf - inf.
double between(double low, double high, double fraction) {
  return fraction == 0 || low == high ? low : low + fraction * (high - low);
}

}  // namespace

Bounds wilson(double successes, double trials) {
  if (trials == 0) return {nan, nan};
  constexpr double z = 1.959963984540054;  // the normal distribution's 97.5 % quantile
  const double share = successes / trials;
  const double z2 = z * z / trials;
  const double center = (share + z2 / 2) / (1 + z2);
  const double half = z / (1 + z2) * std::sqrt(share * (1 - share) / trials + z2 / (4 * trials));
  // At the ends the formula is exact; rounding is not.
  return {successes == 0 ? 0 : center - half, successes == trials ? 1 : center + half};
}

double quantile(std::span<const double> sorted, double p) {
  if (sorted.empty()) return nan;
  const double position = p * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<std::size_t>(position);
  const std::size_t high = std::min(low + 1, sorted.size() - 1);
  return between(sorted[low], sorted[high], position - static_cast<double>(low));
}

double quantile(std::span<const double> sorted, std::span<const std::uint32_t> counts, double p) {
  const auto total = std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  if (total == 0) return nan;
  const double position = p * static_cast<double>(total - 1);
  const auto low = static_cast<std::uint64_t>(position);
  const std::uint64_t high = std::min(low + 1, total - 1);
  std::uint64_t before = 0;
  double low_value = nan;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const std::uint64_t after = before + counts[i];
    if (before <= low && low < after) low_value = sorted[i];
    if (high < after) return between(low_value, sorted[i], position - static_cast<double>(low));
    before = after;
  }
  return nan;
}

double expected_running_time(double spent, double successes) {
  return successes == 0 ? std::numeric_limits<double>::infinity() : spent / successes;
}

std::vector<double> ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> result(values.size());
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i + 1;
    while (end < order.size() && values[order[end]] == values[order[i]]) ++end;
    for (std::size_t k = i; k < end; ++k) result[order[k]] = (static_cast<double>(i + end) + 1) / 2;
    i = end;
  }
  return result;
}

}  // namespace optexplore::analysis
