#pragma once

#include <optexplore/experiment.hpp>
#include <optional>
#include <string>
#include <vector>

#include "picture/gnuplot/script.hpp"

namespace optexplore::picture {

struct HeatmapOptions {
  std::optional<ColumnSpec> column;   ///< what the colour shows; by default the final gap (or f), as its logarithm
  std::optional<bool> log;            ///< the colour shows the logarithm; by default where it fits
  std::vector<std::string> lines;     ///< "lr=2*(1+momentum)/10": curves to draw over the map
  std::optional<std::string> target;  ///< for steps_to_target
  unsigned jobs = 0;
  bool quiet = false;  ///< without a line of progress
};

/// One optimizer's map: a value for each pair of settings.
struct HeatmapPanel {
  std::string label;
  std::vector<double> values;  ///< x runs fastest; NaN: no number
  std::vector<bool> lost;      ///< diverged, or ended with a greater f than at the start
};

struct Heatmap {
  struct Axis {
    std::string name;
    std::vector<double> values;  ///< in rising order
    bool log = false;            ///< they are evenly spaced in their logarithm
  };
  struct Line {
    std::string text;
    std::vector<std::array<double, 2>> points;
  };
  std::string title;
  std::string value_name;
  bool log = false;  ///< `values` are log10 of the column
  Axis x, y;
  std::vector<HeatmapPanel> panels;
  std::vector<Line> lines;
};

/// Runs the experiment, whose optimizers must vary the same two settings; of several starts and seeds it takes the
/// median, and calls a pair of settings lost when half of its runs are.
/// @throws InputError when there aren't two such settings, and for lines that can't be read
Heatmap make_heatmap(const Experiment& experiment, const HeatmapOptions& options);

std::string heatmap_script(const Heatmap& map, const Canvas& canvas);
/// A size that has room for that many panels.
Canvas maps_canvas(std::size_t panels, Canvas canvas);

/// Whether every optimizer varies exactly two settings, not at random.
bool varies_two_settings(const Experiment& experiment);

}  // namespace optexplore::picture
