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

/// By Jacobi's cyclic rotations (Golub & Van Loan, Algorithm 8.5.3).
/// @param a  n² elements row by row; destroyed. Only the mean of a and its transpose counts.
/// All NaN when an element is not finite.
Extremes extreme_eigenvalues(double* a, std::size_t n);

/// Of a symmetric tridiagonal matrix, by implicit QL steps (Dubrulle, Martin & Wilkinson 1968, Numer. Math. 12,
/// 377-383).
/// @param diagonal  n elements; destroyed
/// @param off       n elements: off[i] stands beside diagonal[i] and diagonal[i+1], the last one is ignored; destroyed
/// All NaN when an element is not finite.
Extremes tridiagonal_eigenvalues(double* diagonal, double* off, std::size_t n);

}  // namespace optexplore::backend
