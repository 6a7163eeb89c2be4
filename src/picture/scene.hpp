#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optexplore/run.hpp>
#include <optional>
#include <string>
#include <vector>

#include "picture/levels.hpp"
#include "picture/plane.hpp"
#include "picture/series.hpp"

namespace optexplore::picture {

struct SceneOptions {
  std::optional<std::string> x, y;  ///< names of the coordinates to draw; by default the first two
  bool pca = false;                 ///< draw in the plane of the two principal directions of the motion instead
  double aspect = 1.4;              ///< width of the drawing area by its height
  double pixels = 700;              ///< its width: what can't be seen at this size is left out
  std::size_t grid = 161;           ///< points of the function's grid along each axis
  std::size_t rows = 400'000;       ///< of all paths together; beyond that, thinning becomes coarser
  double margin = 0;                ///< the grid reaches so far beyond the view on each side, as a share of its length
  std::vector<ColumnSpec> columns;  ///< further numbers to keep in each row, beside f
  std::uint64_t frames = 0;         ///< that many steps, evenly spaced over the longest run, are in every path
};

/// One trajectory.
struct ScenePath {
  std::size_t series = 0;              ///< index into Scene::series
  std::shared_ptr<const Group> group;  ///< label, type, hyperparameters
  Status status = Status::max_steps;
  std::uint64_t steps = 0;  ///< updates done
  /// Thinned rows of Scene::columns numbers each; all places are finite.
  std::vector<double> rows;
  double tolerance = 0;  ///< how far, in pixels, a row that was left out may lie from the drawn lines
  /// Of a run that diverged, or that ends outside the view with a greater f than it began with: where the mark that
  /// says so stands, its last point or where it leaves the view.
  std::optional<std::array<double, 2>> lost;
  /// How many of the rows are worth drawing: of a lost path those up to the first one beyond the mark. What follows
  /// crosses the view from nowhere to nowhere.
  std::size_t shown = 0;
};

/// Everything that a picture of paths shows, whoever draws it.
struct Scene {
  FunctionSpec function;
  std::string title;    ///< the function's title or definition
  std::string section;  ///< of more than two coordinates: what the others are; else empty
  Plane plane;
  std::array<Interval, 2> range;  ///< the view
  bool equal = false;             ///< a unit has the same length on both axes in a drawing area of the asked aspect
  std::array<Interval, 2> grid_range;  ///< the view, or more
  /// f on that range, grid[0] × grid[1] values: lines of constant y from the lowest. A function of one coordinate has
  /// one line, and its y axis is f. Not finite where the function isn't.
  std::array<std::size_t, 2> grid = {0, 0};
  std::vector<double> values;
  Levels levels;
  std::vector<std::string> columns;  ///< of rows: "step", the two axes' names, "f", then what was asked for
  std::vector<Series> series;
  std::vector<ScenePath> paths;
  std::vector<std::array<double, 2>> minimizers;  ///< known ones, projected; in the view or not
  std::vector<std::uint64_t> frame_steps;         ///< SceneOptions::frames of them, rising, the last run's end included
  std::vector<std::string> notes;                 ///< for the user, each one line

  [[nodiscard]] bool one_dimensional() const { return function.dim == 1; }
  [[nodiscard]] std::size_t width() const { return columns.size(); }
};

/// Runs the experiment twice, once to find the view and once to draw, in memory that doesn't grow with the steps. The
/// other coordinates of a function with more than two are fixed at the mean of the last points of the runs that
/// didn't diverge (at the start when all did).
/// @throws InputError when there are several functions, too many runs, or an unknown coordinate
Scene make_scene(const Experiment& experiment, const SceneOptions& options);

/// Throws InputError unless the experiment has exactly one function.
const FunctionSpec& only_function(const Experiment& experiment);

}  // namespace optexplore::picture
