#pragma once

#include <cstddef>

/// Linear algebra on matrices that lie row by row. Results are the same bits on every machine.
namespace optexplore::program {

/// The lower triangular L with L·Lᵀ = A, from the lower half of A; n² elements each. False, and NaN in all of them,
/// when A is not positive definite.
bool cholesky(const double* a, double* l, std::size_t n);

/// The m×n matrix Q with orthonormal columns of A = Q·R, where R has a diagonal that is not negative; m >= n. By
/// Householder reflections (Golub & Van Loan, Algorithm 5.2.1). False, and NaN, when A has an element that is not
/// finite.
bool orthonormal_columns(const double* a, double* q, std::size_t m, std::size_t n);

/// The determinant, by LU decomposition with partial pivoting.
double determinant(const double* a, std::size_t n);

/// Eigenvalues of the symmetric matrix whose lower half is that of A, ascending, and their unit eigenvectors as
/// columns, each with its largest component (the first of equals) positive. False, and NaN, when A has an element that
/// is not finite.
/// @param vectors  n² elements; null: not wanted
bool symmetric_eigen(const double* a, double* values, double* vectors, std::size_t n);

}  // namespace optexplore::program
