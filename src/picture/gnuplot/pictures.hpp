#pragma once

#include <string>

#include "picture/curves.hpp"
#include "picture/gnuplot/script.hpp"
#include "picture/scene.hpp"

namespace optexplore::picture {

/// Each gives a complete gnuplot script, data included.

/// Contours with every path, start and known minimizer; of a function of one coordinate its graph. For a gif the paths
/// grow, a frame for each of the scene's frame steps.
std::string paths_script(const Scene& scene, const Canvas& canvas);

/// The same with a panel per series.
std::string panels_script(const Scene& scene, const Canvas& canvas);
/// A size at which the panels have the view's shape.
Canvas panels_canvas(const Scene& scene, Canvas canvas);

/// The function's graph in three dimensions with the paths on it; the vertical axis is the logarithm of f above its
/// minimum where the values span decades.
/// @throws InputError for a function of one coordinate
std::string surface_script(const Scene& scene, const Canvas& canvas, std::optional<bool> log);

/// A grid of panels for `count` of them, about as wide as high.
struct Layout {
  std::size_t rows = 1;
  std::size_t columns = 1;
};
Layout panel_layout(std::size_t count);

/// Panels with titles and tics, and names of the axes at the outer ones.
class Panels {
 public:
  /// @param area   that the panels share, from the bottom, as shares of the canvas' height
  /// @param right  room at the right of all of them, in pixels; of letters there is nothing to put there
  Panels(const Canvas& canvas, std::size_t count, const Interval& area, double right);

  [[nodiscard]] const Layout& layout() const { return layout_; }
  /// Of one plot, in the canvas' units.
  [[nodiscard]] double width() const { return width_; }
  [[nodiscard]] double height() const { return height_; }
  /// "set lmargin at screen …" and so on, and the names of the axes that this panel has.
  [[nodiscard]] std::string begin(std::size_t panel, const std::string& x_name, const std::string& y_name) const;

 private:
  Canvas canvas_;
  std::size_t count_;
  Layout layout_;
  Interval area_;
  double left_, gap_x_, gap_y_, width_, height_;
};

}  // namespace optexplore::picture
