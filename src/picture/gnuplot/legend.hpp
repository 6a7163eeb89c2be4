#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "picture/gnuplot/script.hpp"

namespace optexplore::picture {

/// A line of a legend: how what it names is drawn, and its name.
struct LegendEntry {
  std::string label;
  Style style;          ///< of the line; its colour is the marker's too
  double line = 0;      ///< the line's width; 0: there is none
  int point = 0;        ///< gnuplot's number of the marker; 0: there is none
  double size = 1;      ///< of the marker
  double edge = 2;      ///< the width of the marker's lines
  std::size_t pen = 0;  ///< text: gnuplot's linetype, which decides the character of the line
};

/// A legend below the plots, laid out here and drawn as labels: gnuplot's own leaves out what it finds too long, each
/// terminal in another way.
class Legend {
 public:
  /// Rows of as many entries as fit side by side. Long names are shortened in the middle; of more entries than the
  /// canvas has room for, the last one says how many more there are.
  Legend(Canvas canvas, std::vector<LegendEntry> entries);

  [[nodiscard]] std::size_t rows() const { return rows_; }
  /// What it needs at the canvas' lower edge, in the canvas' units.
  [[nodiscard]] double height() const;
  /// Every plot that follows draws it.
  void write(Script& script) const;

 private:
  [[nodiscard]] std::vector<double> widths(std::size_t columns) const;
  [[nodiscard]] double room() const;

  Canvas canvas_;
  std::vector<LegendEntry> entries_;
  std::size_t columns_ = 1, rows_ = 0;
};

/// The canvas, higher where a legend of these entries needs more than two rows and the canvas may grow.
Canvas with_room(Canvas canvas, const std::vector<LegendEntry>& entries);

/// Margins that leave room for a legend and for a title of so many lines. Returns where the plot's area begins and
/// ends, from the bottom, as shares of the canvas' height.
Interval set_margins(Script& script, const Canvas& canvas, const Legend& legend, std::size_t title_lines);

}  // namespace optexplore::picture
