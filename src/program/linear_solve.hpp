#pragma once

#include <cstddef>

namespace optexplore::program {

/// Solves A·z = b for each of `lanes` systems by LU decomposition with partial pivoting (Golub & Van Loan, Algorithm
/// 3.4.1); the first of equally large pivots is taken. A singular matrix gives NaN. Element i of lane l stands at
/// i*lanes + l, and a lane's bits depend neither on the others nor on their number.
/// @param a  n² elements per lane, row by row
/// @param b  n elements per lane; becomes z
void linear_solve(const double* a, double* b, std::size_t n, std::size_t lanes);

}  // namespace optexplore::program
