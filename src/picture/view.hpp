#pragma once

#include <array>
#include <optexplore/catalog.hpp>
#include <span>
#include <vector>

namespace optexplore::picture {

/// A point of a path in the picture's plane, and the function's value there.
struct Sample {
  double x = 0;
  double y = 0;
  double f = 0;
};

/// What a view should show.
struct ViewInput {
  std::vector<std::vector<Sample>> paths;         ///< finite points; the first of each is its start
  std::vector<std::array<double, 2>> minimizers;  ///< known ones
  std::array<Interval, 2> domain = {};            ///< where has_domain
  bool has_domain = false;
  double aspect = 1.4;    ///< width of the drawing area by its height
  bool same_unit = true;  ///< the axes measure the same thing: equal units make sense
};

struct View {
  std::array<Interval, 2> range;
  bool equal = false;  ///< a unit has the same length on both axes
};

/// The rectangle to draw. It holds the starts, the points where f is no greater than at their start (a path that
/// diverges is elsewhere), and the known minimizers unless these are so far away that the paths would be dots; further
/// points enlarge it by at most half of its size on each side. Units are equal on both axes when that makes neither
/// axis more than 2.5 times as long as needed.
View fit_view(const ViewInput& input);

/// An interval around `values` with `margin` times its length on both ends; of length 2 around a single value's
/// place when it would be empty. Values that are not finite are ignored; none at all gives [0, 1].
Interval fit_interval(std::span<const double> values, double margin);

/// Whether a logarithmic axis shows the values best: none is negative, and the positive ones span more than a factor of
/// 50. Those that a gap of five decades parts from greater ones don't count: they are zeros with the noise of rounding.
bool fits_logarithm(std::vector<double> values);

}  // namespace optexplore::picture
