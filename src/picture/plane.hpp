#pragma once

#include <array>
#include <optexplore/experiment.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace optexplore::picture {

/// The plane that a picture shows: a point and two directions of unit length at right angles, coordinates or the
/// principal directions of the motion. A function of one coordinate has one direction; its second axis is f.
struct Plane {
  std::array<std::string, 2> labels;
  std::array<std::size_t, 2> coordinates = {0, 1};  ///< not for principal directions
  std::array<std::vector<double>, 2> directions;    ///< principal directions; empty for coordinates
  std::vector<double> origin;                       ///< dim elements: what the other coordinates are on the grid
  [[nodiscard]] bool principal() const { return !directions[0].empty(); }

  /// Where the point lies in the plane: its coordinates, or its distances from the origin along the directions.
  [[nodiscard]] std::array<double, 2> project(std::span<const double> point) const;
  /// The point of the function's space at a place of the plane.
  [[nodiscard]] std::vector<double> point(double x, double y) const;
};

/// A plane of two coordinates; by default the first two.
Plane coordinate_plane(const FunctionSpec& function, const std::optional<std::string>& x,
                       const std::optional<std::string>& y);

}  // namespace optexplore::picture
