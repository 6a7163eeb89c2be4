#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace optexplore::study {

/// How often the function is evaluated.
struct Evaluations {
  double values = 0;
  double gradients = 0;  ///< and Hessian-vector products
  double hessians = 0;
};

/// What evaluations cost.
struct Prices {
  double value = 1;
  double gradient = 1;
  double hessian = 1;

  [[nodiscard]] double of(const Evaluations& evaluations) const {
    return value * evaluations.values + gradient * evaluations.gradients + hessian * evaluations.hessians;
  }
};

/// By default values and gradients cost alike, and a Hessian so many of them as there are dimensions.
/// @param cost  a weighted sum of evals_f, evals_g and evals_h, which may have n; nothing: the default
/// Throws InputError for anything else, and for weights that are negative or all 0.
Prices prices(const std::optional<std::string>& cost, std::size_t dim);

}  // namespace optexplore::study
