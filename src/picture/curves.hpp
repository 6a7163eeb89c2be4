#pragma once

#include <array>
#include <optexplore/run.hpp>
#include <optional>
#include <string>
#include <vector>

#include "picture/gnuplot/script.hpp"
#include "picture/scene.hpp"

namespace optexplore::picture {

struct CurveOptions {
  std::vector<ColumnSpec> columns;  ///< what to draw against the step; empty: gap where the minimum is known, else f
  std::optional<bool> log;          ///< a logarithmic axis; by default where it fits
  double pixels = 700;
};

/// One trajectory's columns over its steps.
struct Curve {
  std::size_t series = 0;
  Status status = Status::max_steps;
  std::uint64_t steps = 0;
  std::vector<std::vector<std::array<double, 2>>> points;  ///< per column: (step, value), thinned
};

/// Columns of all trajectories against the step.
struct Curves {
  std::string title;
  std::vector<std::string> columns;
  std::vector<bool> angle;      ///< per column: from 0 to pi
  std::vector<bool> log;        ///< per column
  std::vector<Interval> range;  ///< per column: of the axis
  std::vector<Series> series;
  std::vector<Curve> curves;
  std::uint64_t most_steps = 0;
};

/// Runs the experiment; memory doesn't grow with the steps.
Curves make_curves(const Experiment& experiment, const CurveOptions& options);

/// One plot per column above one another, with a common axis of steps.
std::string curves_script(const Curves& curves, const Canvas& canvas);

}  // namespace optexplore::picture
