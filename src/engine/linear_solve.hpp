#pragma once

#include <cstddef>
#include <vector>

namespace optexplore::engine {

/// Solves A·z = b by Gaussian elimination with partial pivoting (Golub & Van Loan, Algorithm 3.4.1); the first of
/// equally large pivots is taken. A singular matrix gives infinities or NaN.
/// @param a  n² elements, row by row; destroyed
/// @param b  n elements; becomes z
void linear_solve(std::vector<double>& a, std::vector<double>& b);

}  // namespace optexplore::engine
