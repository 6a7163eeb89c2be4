#pragma once

#include <optional>
#include <span>
#include <vector>

namespace optexplore::picture {

/// Contour levels: `base` and gaps from it, in rising order.
struct Levels {
  double base = 0;           ///< the known minimum, or the least value seen; the greatest when f is maximized
  std::vector<double> gaps;  ///< a contour is drawn where gap_of(f) is one; may be empty (a constant function)
  double sign = 1;           ///< -1: f is maximized, and gaps go down from the base

  [[nodiscard]] double gap_of(double f) const { return sign * (f - base); }
};

/// At most `count` levels, evenly spaced in log(f - base): dense in the valley, where the values of a grid are, and
/// sparse at the rim. The lowest encloses about 1 % of the grid, the highest leaves out about 3 %.
/// @param values   the function on a grid; those that are not finite are ignored
/// @param minimum  the known minimum of sign*f
/// @param sign     see Levels
Levels choose_levels(std::span<const double> values, std::optional<double> minimum, double sign = 1,
                     std::size_t count = 12);

}  // namespace optexplore::picture
