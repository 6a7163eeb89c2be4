#include "program/linear_solve.hpp"

#include <limits>

#include "program/eigen_library.hpp"

namespace optexplore::program {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// @tparam static_size  n or Dynamic: matrices whose size the compiler knows need no memory and are two to four times
/// as
///         fast up to 7; beyond that it makes no difference
template <int static_size>
void solve_lanes(const double* a, double* b, std::size_t n, std::size_t lanes) {
  using Matrix = eigen::Matrix<double, static_size, static_size>;
  const auto size = static_cast<eigen::Index>(n), stride = static_cast<eigen::Index>(lanes);
  Matrix matrix(size, size);
  eigen::Matrix<double, static_size, 1> z(size);
  eigen::PartialPivLU<Matrix> lu(size);
  for (eigen::Index lane = 0; lane < stride; ++lane) {
    for (eigen::Index i = 0; i < size; ++i) {
      for (eigen::Index j = 0; j < size; ++j) matrix(i, j) = a[(i * size + j) * stride + lane];
      z[i] = b[i * stride + lane];
    }
    lu.compute(matrix);
    // Eigen doesn't divide 0 by a pivot of 0.
    const bool singular = (lu.matrixLU().diagonal().array() == 0).any();
    if (!singular) z = lu.solve(z).eval();
    for (eigen::Index i = 0; i < size; ++i) b[i * stride + lane] = singular ? nan : z[i];
  }
}

}  // namespace

void linear_solve(const double* a, double* b, std::size_t n, std::size_t lanes) {
  switch (n) {
    case 1: return solve_lanes<1>(a, b, n, lanes);
    case 2: return solve_lanes<2>(a, b, n, lanes);
    case 3: return solve_lanes<3>(a, b, n, lanes);
    case 4: return solve_lanes<4>(a, b, n, lanes);
    case 5: return solve_lanes<5>(a, b, n, lanes);
    case 6: return solve_lanes<6>(a, b, n, lanes);
    case 7: return solve_lanes<7>(a, b, n, lanes);
    default: return solve_lanes<eigen::Dynamic>(a, b, n, lanes);
  }
}

}  // namespace optexplore::program
