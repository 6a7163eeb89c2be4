#pragma once

#include <optexplore/experiment.hpp>
#include <vector>

namespace optexplore::analysis {

/// The largest absolute root of z^r - c[r-1]·z^(r-1) - … - c[0]; r > 0.
double largest_root(const std::vector<double>& c);

/// What an optimizer does on a quadratic, told from its formulas: as long as its step is linear in the point, the
/// gradients and its state, the way along each eigenvector of the Hessian is a linear recurrence of its own, which
/// depends on the eigenvalue alone. What holds in the end counts: t is large.
class LinearIteration {
 public:
  /// @param optimizer  of constant hyperparameters; is copied
  /// @param function   whose blocks and dimension the quadratic has
  /// @param scale      an eigenvalue that is neither small nor large for the use at hand
  /// @throws InputError (place: the optimizer's pointer) saying why it is none
  LinearIteration(OptimizerSpec optimizer, const FunctionSpec& function, double scale);

  /// The shortest recurrence of the distance along an eigenvector, d[k+r] = c[0]·d[k] + … + c[r-1]·d[k+r-1].
  [[nodiscard]] std::vector<double> recurrence(double eigenvalue) const;

  /// The factor by which the distance along that eigenvector shrinks per step in the end.
  [[nodiscard]] double rate(double eigenvalue) const { return largest_root(recurrence(eigenvalue)); }

 private:
  OptimizerSpec optimizer_;
  std::size_t dim_;
};

}  // namespace optexplore::analysis
