#include "picture/plane.hpp"

#include <optexplore/error.hpp>

#include "study/columns.hpp"

namespace optexplore::picture {

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

}  // namespace optexplore::picture
