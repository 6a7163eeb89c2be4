#pragma once

#include <optexplore/experiment.hpp>
#include <string>
#include <vector>

namespace optexplore::analysis {

/// The rules whose linear rates on a quadratic are known in closed form, in PyTorch's parametrisation.
enum class ClassicRule { gradient_descent, heavy_ball, nesterov };

/// "sgd", "momentum", "nesterov".
const char* rule_name(ClassicRule rule);

/// A rule with its settings; gradient descent has no momentum.
struct ClassicSettings {
  ClassicRule rule = ClassicRule::gradient_descent;
  double lr = 0;
  double momentum = 0;
};

/// The ends of the Hessian's spectrum at a point.
struct Curvature {
  std::vector<double> point;
  double lowest = 0;
  double highest = 0;
  bool quadratic = false;  ///< the Hessian is the same everywhere it was looked at
  [[nodiscard]] double condition() const { return highest / lowest; }
};

/// @param point  where to look; dim elements
/// @throws InputError when the eigenvalues can't be found there
Curvature curvature_at(const FunctionSpec& function, const std::vector<double>& point);

/// The settings with the least rate for eigenvalues between lowest > 0 and highest (Lessard, Recht & Packard 2016,
/// SIAM J. Optim. 26(1), proposition 1).
ClassicSettings best_settings(ClassicRule rule, const Curvature& curvature);

/// The rule is stable for 0 < lr < this; NaN when no lr, however small, is stable, as with a momentum
/// above 1.
double largest_stable_rate(ClassicRule rule, double momentum, const Curvature& curvature);

/// The factor by which the distance to the minimum shrinks per step in the end: the largest spectral radius of the
/// step's matrix over the spectrum, which lies at one of its ends. Above 1: the rule diverges.
double predicted_rate(const ClassicSettings& settings, const Curvature& curvature);

/// The same from a run that begins at `start`: the mean factor of |g| over its second half; NaN when it diverges.
double measured_rate(const FunctionSpec& function, const ClassicSettings& settings, const std::vector<double>& start,
                     double expected);

}  // namespace optexplore::analysis
