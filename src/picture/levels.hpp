#pragma once

#include <optional>
#include <span>
#include <vector>

namespace optexplore::picture {

/// Contour levels: `base` and gaps above it, in rising order.
struct Levels {
  double base = 0;           ///< the known minimum, or the least value seen
  std::vector<double> gaps;  ///< a contour is drawn where f = base + gap; may be empty (a constant function)
};

/// At most `count` levels, evenly spaced in log(f - base): dense in the valley, where the values of a grid are, and
/// sparse at the rim. The lowest encloses about 1 % of the grid, the highest leaves out about 3 %.
/// @param values   the function on a grid; those that are not finite are ignored
/// @param minimum  the known minimum
Levels choose_levels(std::span<const double> values, std::optional<double> minimum, std::size_t count = 12);

}  // namespace optexplore::picture
