#include "program/factorizations.hpp"

#include <algorithm>
#include <limits>

#include "program/eigen_library.hpp"

namespace optexplore::program {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

using Matrix = eigen::Matrix<double, eigen::Dynamic, eigen::Dynamic, eigen::RowMajor>;
using Given = eigen::Map<const Matrix>;
using Result = eigen::Map<Matrix>;

eigen::Index index(std::size_t n) { return static_cast<eigen::Index>(n); }

}  // namespace

bool cholesky(const double* a, double* l, std::size_t n) {
  const Given given(a, index(n), index(n));
  Result result(l, index(n), index(n));
  const eigen::LLT<Matrix> found(given);
  const bool good = given.allFinite() && found.info() == eigen::Success;
  if (good)
    result = found.matrixL();
  else
    result.setConstant(nan);
  return good;
}

bool orthonormal_columns(const double* a, double* q, std::size_t m, std::size_t n) {
  const Given given(a, index(m), index(n));
  Result result(q, index(m), index(n));
  if (!given.allFinite()) {
    result.setConstant(nan);
    return false;
  }
  const eigen::HouseholderQR<Matrix> found(given);
  result = found.householderQ() * Matrix::Identity(index(m), index(n));
  for (eigen::Index j = 0; j < index(n); ++j)
    if (found.matrixQR()(j, j) < 0) result.col(j) = -result.col(j);
  return true;
}

double determinant(const double* a, std::size_t n) {
  return eigen::PartialPivLU<Matrix>(Given(a, index(n), index(n))).determinant();
}

bool symmetric_eigen(const double* a, double* values, double* vectors, std::size_t n) {
  const Given given(a, index(n), index(n));
  if (!given.allFinite()) {
    std::fill_n(values, n, nan);
    if (vectors != nullptr) std::fill_n(vectors, n * n, nan);
    return false;
  }
  const eigen::SelfAdjointEigenSolver<Matrix> found(
      given, vectors == nullptr ? eigen::EigenvaluesOnly : eigen::ComputeEigenvectors);
  std::copy_n(found.eigenvalues().data(), n, values);
  if (vectors == nullptr) return true;
  Result result(vectors, index(n), index(n));
  result = found.eigenvectors();
  for (eigen::Index j = 0; j < index(n); ++j) {
    eigen::Index largest = 0;
    result.col(j).cwiseAbs().maxCoeff(&largest);
    if (result(largest, j) < 0) result.col(j) = -result.col(j);
  }
  return true;
}

}  // namespace optexplore::program
