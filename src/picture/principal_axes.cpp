#include "picture/principal_axes.hpp"

#include <algorithm>
#include <cmath>

#include "program/eigen_library.hpp"
#include "program/random.hpp"
#include "study/draw_sites.hpp"

namespace optexplore::picture {
namespace {

using Points = eigen::Matrix<double, eigen::Dynamic, eigen::Dynamic, eigen::RowMajor>;

constexpr eigen::Index subspace = 8;  // the iteration converges as the 9th eigenvalue over the 2nd
constexpr int most_rounds = 100;

Points matrix_of(const std::vector<std::vector<double>>& points) {
  Points matrix(points.size(), points.front().size());
  for (std::size_t i = 0; i < points.size(); ++i) std::ranges::copy(points[i], matrix.row(i).data());
  return matrix;
}

/// Always the same normal numbers.
eigen::MatrixXd random_vectors(eigen::Index dim, eigen::Index count) {
  eigen::MatrixXd vectors(dim, count);
  for (eigen::Index k = 0; k < count; ++k)
    for (eigen::Index i = 0; i < dim; ++i)
      vectors(i, k) = program::draw(language::Draw::normal, {0, 0}, 0, study::principal_axes_site,
                                    static_cast<std::uint64_t>(k * dim + i));
  return vectors;
}

/// Orthonormal columns that span what the columns of `vectors` do.
eigen::MatrixXd orthonormal(const eigen::MatrixXd& vectors) {
  const eigen::HouseholderQR<eigen::MatrixXd> qr(vectors);
  return qr.householderQ() * eigen::MatrixXd::Identity(vectors.rows(), vectors.cols());
}

/// A unit vector at a right angle to `other`: the first of the coordinates that gives one.
eigen::VectorXd any_direction(const eigen::VectorXd& other) {
  for (eigen::Index i = 0; i < other.size(); ++i) {
    if (std::fabs(other[i]) > 0.9) continue;
    eigen::VectorXd v = eigen::VectorXd::Unit(other.size(), i);
    v -= v.dot(other) * other;
    return v.normalized();
  }
  return eigen::VectorXd::Zero(other.size());
}

void make_largest_positive(eigen::VectorXd& v) {
  eigen::Index largest = 0;
  for (eigen::Index i = 1; i < v.size(); ++i)
    if (std::fabs(v[i]) > std::fabs(v[largest]) + 1e-9) largest = i;  // the first of equal ones, whatever the rounding
  if (v[largest] < 0) v = -v;
}

/// Eigenvectors of the scatter matrix in columns, and their eigenvalues: largest first.
struct Eigenpairs {
  eigen::MatrixXd vectors;
  eigen::VectorXd values;
  double spread = 0;  ///< the sum of all eigenvalues
};

Eigenpairs largest_of_scatter(const Points& points) {
  const eigen::Index dim = points.cols(), count = std::min(subspace, dim), wanted = std::min<eigen::Index>(2, dim);
  eigen::MatrixXd basis = orthonormal(random_vectors(dim, count));
  Eigenpairs found = {basis, eigen::VectorXd::Zero(count), points.squaredNorm()};
  if (found.spread == 0 || !std::isfinite(found.spread)) return found;
  for (int round = 0; round < most_rounds; ++round) {
    const eigen::MatrixXd image = points * basis;
    const eigen::SelfAdjointEigenSolver<eigen::MatrixXd> small(image.transpose() * image);
    const eigen::MatrixXd turn = small.eigenvectors().rowwise().reverse();
    const eigen::MatrixXd vectors = basis * turn;
    const auto alike = vectors.leftCols(wanted).cwiseProduct(found.vectors.leftCols(wanted)).colwise().sum();
    const bool converged = 1 - alike.cwiseAbs().minCoeff() < 1e-15;
    found.vectors = vectors;
    found.values = small.eigenvalues().reverse();
    if (converged) break;
    basis = orthonormal(points.transpose() * (image * turn));
  }
  return found;
}

}  // namespace

PrincipalAxes principal_axes(const std::vector<std::vector<double>>& points) {
  const Eigenpairs scatter = largest_of_scatter(matrix_of(points));
  PrincipalAxes found;
  eigen::VectorXd before = eigen::VectorXd::Zero(scatter.vectors.rows());
  for (std::size_t k = 0; k < 2; ++k) {
    const auto column = static_cast<eigen::Index>(k);
    const bool spreads = column < scatter.values.size() && scatter.values[column] > 1e-24 * scatter.spread;
    eigen::VectorXd axis = spreads ? eigen::VectorXd(scatter.vectors.col(column)) : any_direction(before);
    make_largest_positive(axis);
    if (spreads) found.share[k] = scatter.values[column] / scatter.spread;
    found.directions[k].assign(axis.begin(), axis.end());
    before = axis;
  }
  return found;
}

}  // namespace optexplore::picture
