#pragma once

#include <cstddef>

namespace optexplore::backend {

/// Solves A·z = b for each of `lanes` systems by Gaussian elimination with partial pivoting (Golub & Van Loan,
/// Algorithm 3.4.1); the first of equally large pivots is taken. A singular matrix gives infinities or NaN.
/// Element i of lane l stands at i*lanes + l, and a lane's bits don't depend on the others.
/// @param a  n² elements per lane, row by row; destroyed
/// @param b  n elements per lane; becomes z
void linear_solve(double* a, double* b, std::size_t n, std::size_t lanes);

}  // namespace optexplore::backend
