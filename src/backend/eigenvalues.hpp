#pragma once

#include <cstddef>

namespace optexplore::backend {

/// The extreme eigenvalues of a symmetric matrix.
struct Extremes {
  double lowest = 0;
  double highest = 0;
  double lowest_end = 0;   ///< |last component| of the lowest's unit eigenvector: the residual bound of Lanczos' method
  double highest_end = 0;  ///< likewise of the highest
};

/// By reduction to a tridiagonal matrix and implicit QR steps (Golub & Van Loan, Algorithm 8.3.3).
/// @param a  n² elements row by row, n > 0. Only the mean of a and its transpose counts.
/// All NaN when an element is not finite.
Extremes extreme_eigenvalues(const double* a, std::size_t n);

/// Of a symmetric tridiagonal matrix.
/// @param diagonal  n elements, n > 0
/// @param off       n elements: off[i] stands beside diagonal[i] and diagonal[i+1], the last one is ignored
/// All NaN when an element is not finite.
Extremes tridiagonal_eigenvalues(const double* diagonal, const double* off, std::size_t n);

/// The largest absolute eigenvalue of any square matrix, real or complex.
/// @param a  n² elements row by row, n > 0
/// NaN when an element is not finite.
double spectral_radius(const double* a, std::size_t n);

}  // namespace optexplore::backend
