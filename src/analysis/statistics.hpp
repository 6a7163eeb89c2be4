#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace optexplore::analysis {

/// Two ends, or two levels of a band.
struct Bounds {
  double low = 0;
  double high = 0;
};

/// The 95 % score interval of a share: Wilson, "Probable inference, the law of succession, and statistical inference",
/// JASA 1927. NaN for no trials.
/// @param successes  may be fractional; from 0 to trials
Bounds wilson(double successes, double trials);

/// The p-quantile (0 to 1) of ascending values, interpolated between neighbours: type 7 of Hyndman & Fan, "Sample
/// quantiles in statistical packages", 1996, the default of NumPy and R. Infinite values are allowed. NaN for none.
double quantile(std::span<const double> sorted, double p);

/// The same when value i stands `counts[i]` times in the sample.
double quantile(std::span<const double> sorted, std::span<const std::uint32_t> counts, double p);

/// Expected running time: what all runs spent until they reached the target or ended, divided by how many reached it;
/// infinite when none did. Hansen et al., "COCO: a platform for comparing continuous optimizers in a black-box
/// setting", 2021, section 4.1 (aRT, formerly ERT).
double expected_running_time(double spent, double successes);

/// Ranks of the values from 1, least first; equal ones share the mean of their ranks. NaN is not allowed.
std::vector<double> ranks(std::span<const double> values);

}  // namespace optexplore::analysis
