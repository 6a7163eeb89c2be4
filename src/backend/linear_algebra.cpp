#include "backend/linear_algebra.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "backend/eigen_library.hpp"

namespace optexplore::backend {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr Extremes none = {nan, nan, nan, nan};

/// @tparam fixed  n where it is small: loops without an end to find are several times faster
template <int fixed>
void solve_lanes(const double* a, double* b, std::size_t n, std::size_t lanes) {
  using Matrix = eigen::Matrix<double, fixed, fixed>;
  const auto size = static_cast<eigen::Index>(n), stride = static_cast<eigen::Index>(lanes);
  Matrix matrix(size, size);
  eigen::Matrix<double, fixed, 1> z(size);
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

/// |Last component| of a unit eigenvector of a tridiagonal matrix, by a twisted factorization (Dhillon & Parlett 2004,
/// SIAM J. Matrix Anal. Appl. 25, 858-899): eliminated from both ends to where the two meet with the smallest rest,
/// from where the components follow without growing. Eigen would need all eigenvectors for it, in cubic time.
double last_component(const eigen::VectorXd& d, const eigen::VectorXd& e, double value) {
  const eigen::Index n = d.size();
  const auto nonzero = [](double pivot) { return pivot == 0 ? std::numeric_limits<double>::epsilon() : pivot; };
  std::vector<double> down(n), up(n);  // pivots from the top and from the bottom
  for (eigen::Index i = 0; i < n; ++i)
    down[i] = nonzero(d[i] - value - (i == 0 ? 0 : e[i - 1] * e[i - 1] / down[i - 1]));
  for (eigen::Index i = n; i-- > 0;) up[i] = nonzero(d[i] - value - (i + 1 == n ? 0 : e[i] * e[i] / up[i + 1]));
  const auto rest = [&](eigen::Index i) { return std::fabs(down[i] + up[i] - (d[i] - value)); };
  eigen::Index twist = 0;
  for (eigen::Index i = 1; i < n; ++i)
    if (rest(i) < rest(twist)) twist = i;
  double squares = 1, last = 1;  // of the vector with component 1 at the twist
  for (eigen::Index i = twist + 1; i < n; ++i) {
    last *= -e[i - 1] / up[i];
    squares += last * last;
  }
  double component = 1;
  for (eigen::Index i = twist; i-- > 0;) {
    component *= -e[i] / down[i];
    squares += component * component;
  }
  return std::fabs(last) / std::sqrt(squares);
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
    case 8: return solve_lanes<8>(a, b, n, lanes);
    default: return solve_lanes<eigen::Dynamic>(a, b, n, lanes);
  }
}

Extremes extreme_eigenvalues(const double* a, std::size_t n) {
  const auto size = static_cast<eigen::Index>(n);
  const eigen::Map<const eigen::MatrixXd> given(a, size, size);
  const eigen::MatrixXd matrix = 0.5 * given + 0.5 * given.transpose();
  if (!matrix.allFinite()) return none;
  const eigen::SelfAdjointEigenSolver<eigen::MatrixXd> found(matrix);
  const auto& values = found.eigenvalues();
  const auto end = found.eigenvectors().row(size - 1);
  return {values[0], values[size - 1], std::fabs(end[0]), std::fabs(end[size - 1])};
}

Extremes tridiagonal_eigenvalues(const double* diagonal, const double* off, std::size_t n) {
  const auto size = static_cast<eigen::Index>(n);
  eigen::VectorXd d = eigen::Map<const eigen::VectorXd>(diagonal, size);
  eigen::VectorXd e = eigen::Map<const eigen::VectorXd>(off, size - 1);
  if (!d.allFinite() || !e.allFinite()) return none;
  const double scale = std::max(d.cwiseAbs().maxCoeff(), size > 1 ? e.cwiseAbs().maxCoeff() : 0);
  if (scale > 0) {  // so that squares neither overflow nor vanish
    d /= scale;
    e /= scale;
  }
  eigen::SelfAdjointEigenSolver<eigen::MatrixXd> found;
  found.computeFromTridiagonal(d, e, eigen::EigenvaluesOnly);
  const double low = found.eigenvalues()[0], high = found.eigenvalues()[size - 1];
  return {low * scale, high * scale, last_component(d, e, low), last_component(d, e, high)};
}

}  // namespace optexplore::backend
