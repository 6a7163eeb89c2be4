#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace optexplore::picture {

/// The two directions along which points spread most from the origin.
struct PrincipalAxes {
  std::array<std::vector<double>, 2> directions;  ///< unit vectors at a right angle, the largest component positive
  std::array<double, 2> share = {0, 0};           ///< of the sum of squares, 0 … 1
};

/// Eigenvectors of the scatter matrix, which is not formed: dimensions may be many. By subspace iteration with
/// Rayleigh-Ritz steps from random vectors (Halko, Martinsson & Tropp 2011, SIAM Review 53, 217-288, Algorithm 4.4).
/// Where the points spread in fewer than two directions the others are coordinates as far as that is possible; with one
/// coordinate the second is zero.
/// @param points  rows of equally many numbers, at least one
PrincipalAxes principal_axes(const std::vector<std::vector<double>>& points);

}  // namespace optexplore::picture
