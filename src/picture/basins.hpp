#pragma once

#include <array>
#include <cstdint>
#include <optexplore/experiment.hpp>
#include <optional>
#include <string>
#include <vector>

#include "picture/gnuplot/script.hpp"

namespace optexplore::picture {

struct BasinsOptions {
  std::optional<std::string> target;  ///< what the steps are counted to; by default gap < 1e-8
  std::size_t points = 201;           ///< along each axis, when the experiment has no grid of starts
  std::size_t most_cells = 600;       ///< along each axis: of more starts several share a cell of the picture
  unsigned jobs = 0;
  bool quiet = false;  ///< without a line of progress
};

/// Where the runs of a grid of starts end.
struct Basins {
  /// One optimizer's picture. A cell's ending is an index into `endings`.
  struct Panel {
    std::string label;
    std::vector<std::uint8_t> ending;
    std::vector<std::uint8_t> shade;  ///< 0 (few steps to the target) … shades-1
  };
  struct Ending {
    std::string label;  ///< "(3, 2)"
    std::string colour;
    bool shaded = false;
    std::optional<std::array<double, 2>> place;
  };
  static constexpr std::uint8_t shades = 6;
  std::string title;
  std::array<std::string, 2> labels;
  std::array<Interval, 2> range;  ///< of the starts
  std::array<std::size_t, 2> cells = {0, 0};
  std::vector<Ending> endings;  ///< minimizers, then "other minima", "not settled", "diverged", as far as they occur
  std::vector<Panel> panels;
  std::string steps_text;  ///< "12 to 80 steps"; empty when no run reached the target
  std::vector<std::string> notes;
};

/// Runs the experiment from every start of its grid, which must span two coordinates; without one from a grid over the
/// function's domain. A run has reached the nearest known minimizer when it ends within 2 % of the picture's size of
/// it; other runs that end where the gradient has nearly vanished, at f no greater than at the start, are grouped by
/// place.
/// @throws InputError when there is no such grid and no domain, or when settings vary
Basins make_basins(Experiment experiment, const BasinsOptions& options);

std::string basins_script(const Basins& basins, const Canvas& canvas);

}  // namespace optexplore::picture
