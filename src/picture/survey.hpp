#pragma once

#include <cstdint>
#include <optexplore/run.hpp>
#include <vector>

#include "picture/plane.hpp"
#include "picture/view.hpp"
#include "study/standstill.hpp"

namespace optexplore::picture {

/// What is known of a trajectory after the first pass: an even sample of its points.
struct Sketch {
  Status status = Status::max_steps;
  std::uint64_t steps = 0;
  std::vector<std::vector<double>> points;  ///< finite ones, dim elements each; the first is the start
  std::vector<double> values;               ///< f there; -f when it is maximized
  std::vector<double> last;                 ///< the last finite point
};

/// All trajectories of an experiment, surveyed; no more than some million numbers are kept.
struct Survey {
  std::vector<Sketch> sketches;
  std::uint64_t most_steps = 0;
  study::Standstill standstill;
  double least = 0;  ///< the least finite one of such values seen; infinity when there was none
};

/// Throws InputError when there are more trajectories than a picture can show.
Survey survey(const Experiment& experiment);

/// Options for streaming rows of step, point, f and then `more`, without those that would be there twice.
RunOptions point_rows(const FunctionSpec& function, const std::vector<ColumnSpec>& more);

/// Where the columns of point_rows() are.
struct PathColumns {
  PathColumns(const Schema& schema, const FunctionSpec& function);
  std::size_t step;
  std::size_t f;
  std::vector<std::size_t> point;    ///< per coordinate
  std::vector<std::size_t> further;  ///< numbers behind f

  /// @param point  takes dim elements
  void read_point(const Block& block, std::size_t row, std::vector<double>& point) const;
};

/// The plane's origin and, for principal directions, the plane itself.
Plane choose_plane(const FunctionSpec& function, const Survey& survey, Plane plane, bool principal);

/// The view that holds the surveyed paths.
View choose_view(const FunctionSpec& function, const Survey& survey, const Plane& plane, double aspect);

/// The known minimizers in the plane.
std::vector<std::array<double, 2>> projected_minimizers(const FunctionSpec& function, const Plane& plane);

}  // namespace optexplore::picture
