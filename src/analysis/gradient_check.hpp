#pragma once

#include <cstddef>
#include <optexplore/experiment.hpp>
#include <optexplore/function.hpp>
#include <vector>

namespace optexplore::analysis {

/// The partial derivative that disagrees most with a reference, over all points and coordinates looked at.
struct GradientCheck {
  double error = 0;  ///< |derivative - reference| / max(1, |reference|, largest |partial derivative| at the point)
  std::size_t coordinate = 0;
  double derivative = 0;
  double reference = 0;
  std::vector<double> point;
};

/// Beyond this a gradient counts as wrong. Extrapolated differences of smooth functions agree to about 1e-9.
inline constexpr double gradient_tolerance = 1e-5;

/// Compares the exact gradient with Richardson-extrapolated central differences, at the start and at random
/// points of the domain (around the start when there is none), in at most 20 coordinates per point. Points
/// where the function is not finite are passed over. The points depend on nothing but the spec.
GradientCheck check_exact_gradient(const Function& function);

/// Compares the gradient that the spec gives as text with the exact one, at the same points.
GradientCheck check_given_gradient(const Function& function);

}  // namespace optexplore::analysis
