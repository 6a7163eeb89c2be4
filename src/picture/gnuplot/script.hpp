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
  bool grows = false;                ///< the height is a default: a legend of many rows adds to it
  double fps = 0;                    ///< gif: frames per second; 0: a still picture
  bool colour = false;               ///< text: with ANSI colours
  bool block = false;                ///< text: gnuplot 6's terminal of block characters instead of its letters
  std::optional<std::string> title;  ///< instead of the scene's own; empty: none

  [[nodiscard]] bool is_text() const { return kind == Kind::text; }
  /// Width by height of the area that one plot has inside its axes.
  [[nodiscard]] double plot_aspect() const;
  [[nodiscard]] double plot_pixels() const;
  /// gnuplot's number for a marker that has the size `size` in a png: its terminals differ.
  [[nodiscard]] double marker(double size) const;
  /// As a share of the canvas' height.
  [[nodiscard]] double high(double pixels) const { return pixels / height; }
  [[nodiscard]] double wide(double pixels) const { return pixels / width; }
};

/// A gnuplot string: everything in it stands for itself. Control characters become blanks.
std::string quoted(std::string_view text);

/// `value` with so many significant digits; NaN when it is not finite, for gnuplot reads no infinity.
std::string number(double value, int digits = 6);

/// The significant digits that tell places in `range` apart to a ten-thousandth of its length.
int digits_for(const Interval& range);

/// The least of 1, 2, 5 times a power of ten that gives at most `most` steps.
double tic_step(const Interval& range, double most);

/// "[low:high]"
std::string range_text(const Interval& range);

/// "linecolor rgb '#0072B2' dashtype (9,3) linewidth 2"
std::string line_style(const Style& style, double width);
/// gnuplot's number of a marker.
int point_type(const Style& style);

/// The canvas, higher where a legend of these labels needs more than two rows and the canvas may grow.
Canvas with_room(Canvas canvas, const std::vector<std::string>& labels);

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
  [[nodiscard]] std::string fitting(std::string_view text, std::size_t columns = 1) const;
  /// The legend below the plot, in as many rows as `labels` need, and margins that leave room for it and for a title of
  /// so many lines. Returns where the plot's area begins and ends, from the bottom, as shares of the canvas' height.
  Interval legend(const Canvas& canvas, const std::vector<std::string>& labels, std::size_t title_lines);
  /// One command made of elements separated by commas, each on a line of its own.
  void list(std::string_view command, const std::vector<std::string>& elements);

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::size_t room_;  ///< characters of a title
  std::string text_;
};

}  // namespace optexplore::picture
