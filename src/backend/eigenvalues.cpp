#include "backend/eigenvalues.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "program/eigen_library.hpp"

namespace optexplore::backend {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr Extremes none = {nan, nan, nan, nan};

/// @tparam static_size  n or Dynamic: matrices whose size the compiler knows need no memory
template <int static_size>
Extremes dense_extremes(const double* a, std::size_t n) {
  using Matrix = eigen::Matrix<double, static_size, static_size>;
  const auto size = static_cast<eigen::Index>(n);
  const eigen::Map<const Matrix> given(a, size, size);
  const Matrix matrix = 0.5 * given + 0.5 * given.transpose();
  if (!matrix.allFinite()) return none;
  const eigen::SelfAdjointEigenSolver<Matrix> found(matrix);
  const auto& values = found.eigenvalues();
  const auto end = found.eigenvectors().row(size - 1);
  return {values[0], values[size - 1], std::fabs(end[0]), std::fabs(end[size - 1])};
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

Extremes extreme_eigenvalues(const double* a, std::size_t n) {
  return n == 2 ? dense_extremes<2>(a, n)
                : dense_extremes<eigen::Dynamic>(a, n);  // most functions have two coordinates
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

double spectral_radius(const double* a, std::size_t n) {
  const auto size = static_cast<eigen::Index>(n);
  const eigen::MatrixXd matrix = eigen::Map<const eigen::MatrixXd>(a, size, size);  // the transpose: the same values
  if (!matrix.allFinite()) return nan;
  return eigen::EigenSolver<eigen::MatrixXd>(matrix, false).eigenvalues().cwiseAbs().maxCoeff();
}

}  // namespace optexplore::backend
