#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace optexplore::picture {

/// How one series looks. Colour, dashes and marker differ together, so that the picture survives a grey print.
struct Style {
  std::string colour;        ///< "#0072B2"
  std::vector<double> dash;  ///< lengths of strokes and gaps in line widths; empty: a solid line
  int marker = 0;            ///< 0…7: circle, square, triangle, downward triangle, diamond, and the hollow ones
};

/// The style of series number `index`, from 0. Colours repeat after 8, dashes after 5: 40 styles are distinct.
Style style(std::size_t index);

/// Neutral colours: what is no series.
inline constexpr const char* grey = "#999999";
inline constexpr const char* dark_grey = "#404040";
inline constexpr const char* light_grey = "#D9D9D9";

}  // namespace optexplore::picture
