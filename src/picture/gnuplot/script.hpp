#pragma once

#include <array>
#include <optexplore/catalog.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "picture/gnuplot/palette.hpp"

namespace optexplore::picture {

/// What a script draws on.
struct Canvas {
  enum class Kind { any, svg, png, pdf, gif, html, text };
  Kind kind = Kind::any;  ///< any: the script leaves the choice to gnuplot; html: a page, without gnuplot; text:
                          ///< characters in a terminal
  unsigned width = 800;   ///< pixels (pdf: hundredths of an inch); text: columns and rows
  unsigned height = 560;
  bool grows = false;                ///< the size is ours to choose: a legend of many rows adds to the height
  double fps = 0;                    ///< gif: frames per second; 0: a still picture
  bool colour = false;               ///< text: with ANSI colours
  bool block = false;                ///< text: gnuplot 6's terminal of block characters instead of its letters
  std::optional<std::string> title;  ///< instead of the scene's own; empty: none

  [[nodiscard]] bool is_text() const { return kind == Kind::text; }
  /// How large fonts, margins and markers are: 1, and less on a canvas that is asked to be smaller than 800 by 560.
  [[nodiscard]] double scale() const;
  /// The font's size in the canvas' units; text: a column.
  [[nodiscard]] double em() const;
  /// The height of a line of text.
  [[nodiscard]] double line() const;
  /// What stands below a plot, its tics and its axis' label, without a legend.
  [[nodiscard]] double axis_height() const;
  /// The same at the left.
  [[nodiscard]] double side() const;
  /// What stays free at the right.
  [[nodiscard]] double edge() const;
  /// How wide a text is drawn, estimated for a wide font.
  [[nodiscard]] double width_of(std::string_view text) const;
  /// The text, or as much of it as is no wider than `most`, and an ellipsis: at its end or in its middle.
  [[nodiscard]] std::string shortened(std::string_view text, double most, bool middle = false) const;
  /// Width by height of the area that one plot has inside its axes.
  [[nodiscard]] double plot_aspect() const;
  [[nodiscard]] double plot_pixels() const;
  /// gnuplot's number for a marker that has the size `size` in a png of the usual size: its terminals differ.
  [[nodiscard]] double marker(double size) const;
  /// As a share of the canvas' height.
  [[nodiscard]] double high(double pixels) const { return pixels / height; }
  [[nodiscard]] double wide(double pixels) const { return pixels / width; }
};

/// A gnuplot string: everything in it stands for itself. Control characters become blanks.
/// Not named as std::quoted, which would be taken for a std::string wherever <iomanip> comes in with another header.
std::string in_quotes(std::string_view text);

/// `value` with so many significant digits; NaN when it is not finite, for gnuplot reads no infinity.
std::string number(double value, int digits = 6);

/// The significant digits that tell places in `range` apart to a ten-thousandth of its length.
int digits_for(const Interval& range);

/// The least of 1, 2, 5 times a power of ten that gives at most `most` steps.
double tic_step(const Interval& range, double most);

/// "set xtics 2" and "set ytics 2": as close as their labels leave room in a plot of that size, in the canvas' units.
/// @param equal  a unit has the same length on both axes, and the tics the same distance where that leaves enough
std::string tics_text(const Canvas& canvas, const std::array<Interval, 2>& range, double width, double height,
                      bool equal);

/// The name of an axis of that length as a gnuplot string. Where it is too long, what is in parentheses at its end gets
/// a second line if there may be two, else goes; then it is shortened.
std::string axis_label(const Canvas& canvas, std::string_view text, double length, bool two_lines = false);

/// "set ylabel …", shortened to the axis' length. Letters can't be turned, and stand above the axis.
/// @param turned  along the axis
std::string y_label_text(const Canvas& canvas, std::string_view text, double length, bool turned = true);

/// "[low:high]"
std::string range_text(const Interval& range);

/// "linecolor rgb '#0072B2' dashtype (9,3) linewidth 2"
/// @param pen  gnuplot's linetype, which decides the character of a line in a terminal; 0: none
std::string line_style(const Style& style, double width, std::size_t pen = 0);
/// gnuplot's number of a marker.
int point_type(const Style& style);

/// A gnuplot script under construction: lines, and blocks of data in front of their use.
class Script {
 public:
  /// Begins with what the script is, and the terminal when the canvas has one.
  Script(const Canvas& canvas, std::string_view what);

  void line(std::string_view text);
  void comment(std::string_view text);
  void blank() { line(""); }
  /// Everything until end_data() is the content of $name.
  void begin_data(std::string_view name);
  void row(std::span<const double> values, int digits = 6);
  void raw(std::string_view text) { text_ += text; }
  void end_data() { line("EOD"); }
  /// "set title" of one or two lines, shortened where they are too long for one of `columns` plots side by side;
  /// nothing when both are empty.
  void title(std::string_view first, std::string_view second = "", std::size_t columns = 1);
  /// The text, shortened to what fits as a title.
  /// @param behind  what follows it
  [[nodiscard]] std::string fitting(std::string_view text, std::size_t columns = 1, std::string_view behind = "") const;
  /// One command made of elements separated by commas, each on a line of its own.
  void list(std::string_view command, const std::vector<std::string>& elements);

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  Canvas canvas_;
  std::string text_;
};

}  // namespace optexplore::picture
