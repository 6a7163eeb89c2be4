#include "picture/plane.hpp"

#include <algorithm>
#include <cmath>
#include <optexplore/error.hpp>

#include "study/columns.hpp"

namespace optexplore::picture {
namespace {

constexpr int most_rounds = 500;

double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

/// Takes the part along `other` out of `v` and makes it a unit vector; false when nothing is left.
bool orthonormalize(std::vector<double>& v, const std::vector<double>& other) {
  const double before = std::sqrt(dot(v, v));
  if (!other.empty())
    for (int twice = 0; twice < 2; ++twice) {
      const double along = dot(v, other);
      for (std::size_t i = 0; i < v.size(); ++i) v[i] -= along * other[i];
    }
  const double length = std::sqrt(dot(v, v));
  if (!(length > 1e-12 * before) || length == 0) return false;
  for (double& element : v) element /= length;
  return true;
}

/// A unit vector at a right angle to `other`: the first of the coordinates that gives one.
std::vector<double> any_direction(std::size_t dim, const std::vector<double>& other) {
  for (std::size_t i = 0; i < dim; ++i) {
    std::vector<double> v(dim, 0.0);
    v[i] = 1;
    if (!other.empty() && std::fabs(other[i]) > 0.9) continue;
    if (orthonormalize(v, other)) return v;
  }
  return std::vector<double>(dim, 0.0);
}

/// The scatter matrix times v.
std::vector<double> scatter(const std::vector<std::vector<double>>& points, const std::vector<double>& v) {
  std::vector<double> result(v.size(), 0.0);
  for (const std::vector<double>& p : points) {
    const double along = dot(p, v);
    for (std::size_t i = 0; i < v.size(); ++i) result[i] += along * p[i];
  }
  return result;
}

void make_largest_positive(std::vector<double>& v) {
  const auto largest =
      std::max_element(v.begin(), v.end(), [](double a, double b) { return std::fabs(a) < std::fabs(b) - 1e-9; });
  if (largest != v.end() && *largest < 0)
    for (double& element : v) element = -element;
}

}  // namespace

std::array<double, 2> Plane::project(std::span<const double> point) const {
  if (!principal()) return {point[coordinates[0]], point.size() > 1 ? point[coordinates[1]] : 0};
  std::array<double, 2> place = {0, 0};
  for (std::size_t k = 0; k < 2; ++k)
    for (std::size_t i = 0; i < point.size(); ++i) place[k] += (point[i] - origin[i]) * directions[k][i];
  return place;
}

std::vector<double> Plane::point(double x, double y) const {
  std::vector<double> result = origin;
  if (principal()) {
    for (std::size_t i = 0; i < result.size(); ++i) result[i] += x * directions[0][i] + y * directions[1][i];
  } else {
    result[coordinates[0]] = x;
    if (result.size() > 1) result[coordinates[1]] = y;
  }
  return result;
}

Plane coordinate_plane(const FunctionSpec& function, const std::optional<std::string>& x,
                       const std::optional<std::string>& y) {
  Plane plane;
  if (function.dim == 1) {
    if (x) study::find_coordinate(function, *x, "--x");
    if (y) throw InputError(function.entry.name + " has one coordinate; the second axis shows its value", "", "--y");
    plane.labels = {function.coordinate(0), "f"};
    return plane;
  }
  if (x) plane.coordinates[0] = study::find_coordinate(function, *x, "--x");
  if (y) plane.coordinates[1] = study::find_coordinate(function, *y, "--y");
  if (plane.coordinates[0] == plane.coordinates[1]) {
    if (x && y) throw InputError("expected two different coordinates, found '" + *x + "' twice", "", "--y");
    // One of them was asked for; the other one gives way.
    plane.coordinates[x ? 1 : 0] = plane.coordinates[0] == 0 ? 1 : 0;
  }
  for (std::size_t k = 0; k < 2; ++k) plane.labels[k] = function.coordinate(plane.coordinates[k]);
  return plane;
}

std::array<std::vector<double>, 2> principal_directions(const std::vector<std::vector<double>>& points,
                                                        std::array<double, 2>& share) {
  const std::size_t dim = points.empty() ? 0 : points.front().size();
  double spread = 0;
  for (const std::vector<double>& p : points) spread += dot(p, p);
  std::array<std::vector<double>, 2> directions;
  share = {0, 0};
  for (std::size_t k = 0; k < 2; ++k) {
    const std::vector<double> other = k == 0 ? std::vector<double>{} : directions[0];
    // Power iteration from the longest remaining point: deterministic, and never at a right angle to the answer for
    // want of luck alone.
    std::vector<double> v;
    double longest = 0;
    for (const std::vector<double>& p : points) {
      const double along = other.empty() ? 0 : dot(p, other);
      const double length = dot(p, p) - along * along;
      if (length <= longest * (1 + 1e-12)) continue;
      longest = length;
      v = p;
    }
    if (longest <= 1e-24 * spread || v.empty() || !orthonormalize(v, other)) {
      directions[k] = any_direction(dim, other);
      continue;
    }
    for (int round = 0; round < most_rounds; ++round) {
      std::vector<double> next = scatter(points, v);
      if (!orthonormalize(next, other)) break;
      const double turned = 1 - std::fabs(dot(next, v));
      v = std::move(next);
      if (turned < 1e-15) break;
    }
    share[k] = dot(scatter(points, v), v) / spread;
    make_largest_positive(v);
    directions[k] = v;
  }
  return directions;
}

}  // namespace optexplore::picture
