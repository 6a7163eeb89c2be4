#pragma once

#include <cstddef>
#include <optexplore/experiment.hpp>
#include <optexplore/function.hpp>
#include <vector>

namespace optexplore::analysis {

/// The partial derivative that disagrees most with a reference, over all points and coordinates looked at.
struct GradientCheck {
  /// |derivative - reference| / max(1, |reference|, largest |partial derivative| at the point). At a kink any value
  /// between the slopes of both sides is right, and the reference is the nearest of them.
  double error = 0;
  std::size_t coordinate = 0;
  double derivative = 0;
  double reference = 0;
  std::vector<double> point;
};

/// Beyond this a gradient counts as wrong. Extrapolated differences of smooth functions agree to about 1e-9.
inline constexpr double gradient_tolerance = 1e-5;

/// Compares the exact gradient with Richardson-extrapolated differences, at the starts and at random points of the
/// domain (around the function's own start when there is none), in at most 20 coordinates per point. Points where the
/// function is not finite are passed over, and so are coordinates in which it jumps there. The random points depend on
/// nothing but the spec.
/// @param starts  where runs begin
GradientCheck check_exact_gradient(const Function& function, const std::vector<std::vector<double>>& starts);

/// Compares the gradient that the spec gives as text with the exact one, at the same points.
GradientCheck check_given_gradient(const Function& function, const std::vector<std::vector<double>>& starts);

}  // namespace optexplore::analysis
