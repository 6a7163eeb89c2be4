#include "picture/gnuplot/script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "text/number.hpp"
#include "text/utf8.hpp"

namespace optexplore::picture {
namespace {

/// Points of 1/72 inch in pdf, where a hundredth of an inch stands for a pixel.
constexpr int font_points = 12;
constexpr int svg_font_pixels = 14;
constexpr int pdf_font_points = 9;

/// Sizes on the page in pixels, for these fonts.
constexpr double character = 9.3;  // as gnuplot spaces a legend
constexpr double title_character = 8.4;
constexpr double line_height = 21;
constexpr double sample_width = 62;
constexpr double axis_height = 66;  // tic labels and the axis' label
constexpr double side = 88;         // the same at the left
constexpr double edge = 22;

std::string terminal(const Canvas& canvas) {
  const unsigned w = canvas.width, h = canvas.height;
  switch (canvas.kind) {
    case Canvas::Kind::any:
    case Canvas::Kind::html: return "";
    case Canvas::Kind::svg:
      return fmt::format("set terminal svg size {},{} enhanced font 'sans-serif,{}' background 'white'", w, h,
                         svg_font_pixels);
    case Canvas::Kind::png:
      return fmt::format("set terminal pngcairo size {},{} enhanced font 'sans,{}' background 'white'", w, h,
                         font_points);
    case Canvas::Kind::pdf:
      return fmt::format("set terminal pdfcairo size {}in,{}in enhanced font 'sans,{}' fontscale 1 background 'white'",
                         number(w / 100.0), number(h / 100.0), pdf_font_points);
    case Canvas::Kind::gif:
      return fmt::format(
          "set terminal gif {}size {},{} enhanced font 'sans,{}'",
          canvas.fps > 0 ? fmt::format("animate delay {} loop 0 ", std::max(1L, std::lround(100 / canvas.fps))) : "", w,
          h, font_points);
    case Canvas::Kind::text:
      if (canvas.block)
        return fmt::format("set terminal block {} size {},{}", canvas.colour ? "ansi256" : "mono", w, h);
      return fmt::format("set terminal dumb size {},{} {}", w, h, canvas.colour ? "ansi256" : "mono");
  }
  return "";
}

std::size_t legend_rows(const Canvas& canvas, const std::vector<std::string>& labels) {
  std::size_t longest = 1;
  for (const std::string& label : labels) longest = std::max(longest, text::display_width(label));
  const double entry = sample_width + character * (static_cast<double>(longest) + 2);
  const auto fitting = static_cast<std::size_t>(std::max(1.0, (canvas.width - edge) / entry));
  return (labels.size() + fitting - 1) / fitting;
}

}  // namespace

Canvas with_room(Canvas canvas, const std::vector<std::string>& labels) {
  const std::size_t rows = legend_rows(canvas, labels);
  if (canvas.grows && !canvas.is_text() && rows > 2)
    canvas.height += static_cast<unsigned>(line_height * static_cast<double>(rows - 2));
  return canvas;
}

double Canvas::plot_aspect() const {
  if (is_text()) {  // a character is about twice as high as wide
    return std::max(1.0, width - 12.0) / std::max(2.0, 2.0 * (height - 7.0));
  }
  return std::max(20.0, width - side - edge) / std::max(20.0, height - 2 * line_height - axis_height - 2 * line_height);
}

double Canvas::marker(double size) const { return size * (kind == Kind::svg ? 0.65 : kind == Kind::pdf ? 0.8 : 1.0); }

double Canvas::plot_pixels() const { return is_text() ? width * 2.0 : std::max(20.0, width - side - edge); }

std::string quoted(std::string_view text) {
  std::string plain(text);
  std::ranges::replace_if(
      plain, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; }, ' ');
  // In single quotes only the quote itself is special, and doubled: backslashes, $ and ` stand for themselves. But
  // gnuplot 5.4 loses its way where a quote stands beside another one, or at an end. In double quotes everything that
  // is special can be written by its number.
  const bool awkward = plain.starts_with('\'') || plain.ends_with('\'') || plain.find("''") != std::string::npos;
  std::string result(1, awkward ? '"' : '\'');
  for (const char c : plain) {
    if (awkward && (c == '\'' || c == '"' || c == '\\' || c == '`'))
      result += fmt::format("\\{:03o}", static_cast<unsigned>(c));
    else if (c == '\'')
      result += "''";
    else
      result += c;
  }
  return result + result.front();
}

std::string number(double value, int digits) {
  return text::number_text(value, {.precision = digits, .nan = "NaN", .inf = "NaN", .minus_inf = "NaN"});
}

int digits_for(const Interval& range) {
  const double most = std::max(std::fabs(range.low), std::fabs(range.high));
  const double length = range.high - range.low;
  if (!(length > 0) || !(most > 0)) return 6;
  return std::clamp(static_cast<int>(std::ceil(std::log10(most / length))) + 5, 5, 17);
}

double tic_step(const Interval& range, double most) {
  const double rough = (range.high - range.low) / most;
  const double decade = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * decade >= rough * (1 - 1e-9)) return factor * decade;
  return 10 * decade;
}

std::string range_text(const Interval& range) {
  const int digits = digits_for(range);
  return "[" + number(range.low, digits) + ":" + number(range.high, digits) + "]";
}

std::string line_style(const Style& style, double width) {
  std::string dash = "solid";
  if (!style.dash.empty()) {
    dash = "(";
    for (const double length : style.dash) dash += (dash.size() > 1 ? "," : "") + number(length);
    dash += ")";
  }
  return fmt::format("linecolor rgb '{}' dashtype {} linewidth {}", style.colour, dash, number(width));
}

int point_type(const Style& style) {
  constexpr std::array<int, 8> types = {7, 5, 9, 11, 13, 6, 4, 8};
  return types[static_cast<std::size_t>(style.marker) % types.size()];
}

Script::Script(const Canvas& canvas, std::string_view what)
    : room_(canvas.is_text() ? canvas.width : static_cast<std::size_t>(canvas.width / title_character)) {
  std::string plain(what);
  std::replace_if(
      plain.begin(), plain.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  comment(plain);
  comment("A complete script for gnuplot 5.4 or later; made by optexplore.");
  line("set encoding utf8");
  if (const std::string text = terminal(canvas); !text.empty()) line(text);
}

void Script::line(std::string_view text) {
  text_ += text;
  text_ += '\n';
}

void Script::comment(std::string_view text) {
  // gnuplot continues a comment, too, behind a backslash.
  while (!text.empty() && text.back() == '\\') text.remove_suffix(1);
  line("# " + std::string(text));
}

void Script::begin_data(std::string_view name) { line(fmt::format("${} << EOD", name)); }

void Script::row(std::span<const double> values, int digits) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) text_ += ' ';
    text_ += number(values[i], digits);
  }
  text_ += '\n';
}

std::string Script::fitting(std::string_view text, std::size_t columns) const {
  const std::size_t most = std::max<std::size_t>(room_ / columns, 8);
  if (text::display_width(text) <= most) return std::string(text);
  return std::string(text::fitting_prefix(text, most - 1)) + "…";
}

void Script::title(std::string_view first, std::string_view second, std::size_t columns) {
  if (first.empty() && second.empty()) return;
  std::string text = quoted(fitting(first, columns));
  if (!second.empty()) text += " . \"\\n\" . " + quoted(fitting(second, columns));
  line("set title " + text + " noenhanced");
}

Interval Script::legend(const Canvas& canvas, const std::vector<std::string>& labels, std::size_t title_lines) {
  if (canvas.is_text()) {
    line("set key below center horizontal noenhanced samplen 2");
    return {0, 1};
  }
  const std::size_t rows = legend_rows(canvas, labels);
  // Vertical, for gnuplot then keeps to the number of rows.
  const double bottom = axis_height + line_height * static_cast<double>(rows) + 8;
  const double top = line_height * static_cast<double>(title_lines) + edge;
  line(fmt::format("set lmargin at screen {}", number(canvas.wide(side), 4)));
  line(fmt::format("set rmargin at screen {}", number(1 - canvas.wide(edge), 4)));
  const Interval area = {std::min(canvas.high(bottom), 0.7), std::max(1 - canvas.high(top), 0.75)};
  line(fmt::format("set tmargin at screen {}", number(area.high, 4)));
  line(fmt::format("set bmargin at screen {}", number(area.low, 4)));
  if (labels.empty())
    line("unset key");
  else
    line(fmt::format(
        "set key at screen 0.5,{} bottom center vertical maxrows {} noenhanced Left reverse samplen 3 width 1",
        number(canvas.high(6), 4), rows));
  return area;
}

void Script::list(std::string_view command, const std::vector<std::string>& elements) {
  std::string text(command);
  for (std::size_t i = 0; i < elements.size(); ++i) text += (i == 0 ? " " : ", \\\n     ") + elements[i];
  line(text);
}

}  // namespace optexplore::picture
