#include "picture/levels.hpp"

#include <algorithm>
#include <cmath>

namespace optexplore::picture {
namespace {

constexpr double lowest_share = 0.01;
constexpr double highest_share = 0.97;
/// Decades between the lowest and the highest level: more are wells too narrow to see.
constexpr double most_decades = 5;
/// Levels closer than this factor are one band of ink.
constexpr double least_ratio = 1.2;

}  // namespace

Levels choose_levels(std::span<const double> values, std::optional<double> minimum, double sign, std::size_t count) {
  std::vector<double> gaps;
  for (const double v : values)
    if (std::isfinite(v)) gaps.push_back(sign * v);
  if (gaps.empty() || count == 0) return {};
  std::sort(gaps.begin(), gaps.end());

  Levels levels;
  // A value below the known minimum can only be rounding, or a minimum that holds for a domain.
  const double base = minimum ? std::min(*minimum, gaps.front()) : gaps.front();
  for (double& gap : gaps) gap -= base;
  levels.base = sign * base;
  levels.sign = sign;
  const auto quantile = [&](double share) {
    return gaps[static_cast<std::size_t>(share * static_cast<double>(gaps.size() - 1))];
  };
  const double high = quantile(highest_share);
  if (!(high > 0) || !std::isfinite(high)) return levels;
  double low = std::max(quantile(lowest_share), high * std::pow(10, -most_decades));
  // A plateau: the levels below it have no place of their own.
  if (!(low < high)) low = high / 10;
  const double ratio = high / low;
  const auto fitting = static_cast<std::size_t>(std::log(ratio) / std::log(least_ratio)) + 1;
  const std::size_t n = std::max<std::size_t>(2, std::min(count, fitting));
  for (std::size_t i = 0; i < n; ++i)
    levels.gaps.push_back(low * std::pow(ratio, static_cast<double>(i) / static_cast<double>(n - 1)));
  return levels;
}

}  // namespace optexplore::picture
