#pragma once

#include <optexplore/experiment.hpp>
#include <optional>
#include <string>
#include <vector>

#include "analysis/linear_iteration.hpp"

namespace optexplore::analysis {

/// The rules whose linear rates on a quadratic are known in closed form, in PyTorch's parametrisation.
enum class ClassicRule { gradient_descent, heavy_ball, nesterov };

/// The catalogue's name: "sgd", "momentum", "nesterov".
const char* rule_name(ClassicRule rule);
/// What it is called: "gradient descent", "heavy ball", "Nesterov".
const char* title(ClassicRule rule);

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

/// The catalogue's rule with these settings as an optimizer.
OptimizerSpec classic_optimizer(const ClassicSettings& settings);

/// Which classic rule an iteration is, with what settings: the one whose recurrence it has for every eigenvalue up to
/// the highest; nothing when it is none of them.
std::optional<ClassicSettings> recognize(const LinearIteration& iteration, const Curvature& curvature);

/// Whether the Hessian maps a direction to the same vector at `point` as at two other points.
bool is_quadratic(const FunctionSpec& function, const std::vector<double>& point);

/// The only stationary point of a quadratic, from its gradient's linear equations; nothing when there is none or more
/// than one. Throws InputError for more than a thousand dimensions.
std::optional<std::vector<double>> quadratic_minimizer(const FunctionSpec& function);

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

/// The same of any linear iteration; between the ends it is asked at some values too, unless the spectrum is the ends.
double predicted_rate(const LinearIteration& iteration, const Curvature& curvature);

/// The same from a run that begins at `start`: the mean factor of |g| over its second half; NaN when it diverges.
double measured_rate(const FunctionSpec& function, const OptimizerSpec& optimizer, const std::vector<double>& start,
                     double expected);

/// How many times fewer steps a rate needs than another one: 1 when they are equal, infinite when it is 0; NaN when one
/// diverges or the other one needs none.
double times_fewer_steps(double rate, double than);

}  // namespace optexplore::analysis
