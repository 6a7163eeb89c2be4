#include "picture/gnuplot/script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "text/number.hpp"
#include "text/utf8.hpp"

namespace optexplore::picture {
namespace {

/// The size whose fonts, margins and markers are those below.
constexpr double usual_width = 800, usual_height = 560;
/// Fonts of smaller canvases are no smaller than this share: they are to be read in a column of a paper.
constexpr double least_scale = 0.75;

/// Points of 1/72 inch; pngcairo makes 16 pixels of 12. In pdf a hundredth of an inch stands for a pixel.
constexpr double font_points = 12, font_pixels = 16;
constexpr double svg_font_pixels = 14;
constexpr double pdf_font_points = 9, pdf_font_pixels = 12.5;

/// Sizes on the page in pixels.
constexpr double line_height = 21;
constexpr double axis_pixels = 63;  // tic labels and the axis' label
constexpr double side_pixels = 88;  // the same at the left
constexpr double edge_pixels = 22;
/// The same in a terminal.
constexpr double text_axis = 3, text_side = 12, text_edge = 3;

/// Widths of characters in ems, of DejaVu Sans, which is wide.
double em_of(char32_t letter) {
  if (text::display_width(letter) != 1) return static_cast<double>(text::display_width(letter)) * 0.55;
  if (letter < 0x80) {
    const auto among = [&](std::string_view set) {
      return set.find(static_cast<char>(letter)) != std::string_view::npos;
    };
    if (among("ijlI.,:;|!' ")) return 0.32;
    if (among("frt()[]{}-/\\\"`")) return 0.41;
    if (among("mwMW@%+=<>~^#")) return 0.9;
    if (letter >= 'A' && letter <= 'Z') return 0.72;
  }
  return 0.63;
}

double em_width(std::string_view text) {
  double width = 0;
  for (const char32_t letter : text::to_utf32(text)) width += em_of(letter);
  return width;
}

std::string terminal(const Canvas& canvas) {
  const unsigned w = canvas.width, h = canvas.height;
  switch (canvas.kind) {
    case Canvas::Kind::any:
    case Canvas::Kind::html: return "";
    case Canvas::Kind::svg:
      return fmt::format("set terminal svg size {},{} enhanced font 'sans-serif,{}' background 'white'", w, h,
                         number(svg_font_pixels * canvas.scale(), 3));
    case Canvas::Kind::png:
    case Canvas::Kind::gif:  // made of pictures like those of a png
      return fmt::format("set terminal pngcairo size {},{} enhanced font 'sans,{}' background 'white'", w, h,
                         number(font_points * canvas.scale(), 3));
    case Canvas::Kind::pdf:
      return fmt::format("set terminal pdfcairo size {}in,{}in enhanced font 'sans,{}' fontscale 1 background 'white'",
                         number(w / 100.0), number(h / 100.0), number(pdf_font_points * canvas.scale(), 3));
    case Canvas::Kind::text:
      if (canvas.block)
        return fmt::format("set terminal block {} size {},{}", canvas.colour ? "ansi256" : "mono", w, h);
      return fmt::format("set terminal dumb size {},{} {}", w, h, canvas.colour ? "ansi256" : "mono");
  }
  return "";
}

}  // namespace

double Canvas::scale() const {
  if (is_text() || grows) return 1;
  return std::clamp(std::sqrt(std::min(width / usual_width, height / usual_height)), least_scale, 1.0);
}

double Canvas::em() const {
  if (is_text()) return 1;
  return scale() * (kind == Kind::svg ? svg_font_pixels : kind == Kind::pdf ? pdf_font_pixels : font_pixels);
}

double Canvas::line() const { return is_text() ? 1 : scale() * line_height; }
double Canvas::axis_height() const { return is_text() ? text_axis : scale() * axis_pixels; }
double Canvas::side() const { return is_text() ? text_side : scale() * side_pixels; }
double Canvas::edge() const { return is_text() ? text_edge : scale() * edge_pixels; }

double Canvas::width_of(std::string_view text) const {
  return is_text() ? static_cast<double>(text::display_width(text)) : em() * em_width(text);
}

std::string Canvas::shortened(std::string_view text, double most, bool middle) const {
  if (width_of(text) <= most) return std::string(text);
  const double room = most - width_of("…");
  // The longest beginning and end that fit together.
  const std::size_t columns = text::display_width(text);
  for (std::size_t kept = columns; kept-- > 0;) {
    const std::size_t tail_columns = middle ? kept * 2 / 3 : 0;
    const std::string_view head = text::fitting_prefix(text, kept - tail_columns);
    const std::string_view tail = text.substr(text::fitting_prefix(text, columns - tail_columns).size());
    if (width_of(head) + width_of(tail) <= room) return std::string(head) + "…" + std::string(tail);
  }
  return "…";
}

double Canvas::plot_aspect() const {
  const double w = std::max(20.0, width - side() - edge());
  const double h = height - axis_height() - 4 * line();  // a title and a legend of two rows
  if (is_text()) return w / std::max(2.0, 2 * h);        // a character is about twice as high as wide
  return w / std::max(20.0, h);
}

double Canvas::marker(double size) const {
  return scale() * size * (kind == Kind::svg ? 0.65 : kind == Kind::pdf ? 0.8 : 1.0);
}

double Canvas::plot_pixels() const { return is_text() ? width * 2.0 : std::max(20.0, width - side() - edge()); }

std::string in_quotes(std::string_view text) {
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

std::string tics_text(const Canvas& canvas, const std::array<Interval, 2>& range, double width, double height,
                      bool equal) {
  if (equal && !canvas.is_text()) {
    const double shape = (range[0].high - range[0].low) / (range[1].high - range[1].low);
    width = std::min(width, height * shape);
    height = std::min(height, width / shape);
  }
  constexpr double least = 2, most = 10;
  const double label = std::max(canvas.width_of(number(range[0].low, 2)), canvas.width_of(number(range[0].high, 2)));
  double x = tic_step(range[0], std::clamp(width / (label + 2.5 * canvas.em()), least, most));
  double y = tic_step(range[1], std::clamp(height / (1.7 * canvas.line()), least, most));
  if (equal) {
    const double common = std::max(x, y);
    const auto enough = [&](const Interval& r) { return (r.high - r.low) / common >= least; };
    if (enough(range[0]) && enough(range[1])) x = y = common;
  }
  return fmt::format("set xtics {}\nset ytics {}", number(x), number(y));
}

std::string axis_label(const Canvas& canvas, std::string_view text, double length, bool two_lines) {
  if (canvas.width_of(text) <= length) return in_quotes(text);
  const std::size_t aside = std::min(text.find(" ("), text.size());
  std::string result = in_quotes(canvas.shortened(text.substr(0, aside), length));
  if (two_lines && aside < text.size())
    result += " . \"\\n\" . " + in_quotes(canvas.shortened(text.substr(aside + 1), length));
  return result;
}

std::string y_label_text(const Canvas& canvas, std::string_view text, double length, bool turned) {
  if (canvas.is_text()) {  // a number that no other label has
    return fmt::format("set label 1000 {} at graph 0,1 offset character -3,1 left noenhanced",
                       in_quotes(canvas.shortened(text, canvas.width - canvas.side())));
  }
  return "set ylabel " + axis_label(canvas, text, length) + " noenhanced " +
         (turned ? "rotate by 90 offset character 0.5,0" : "rotate by 0 offset character 1.5,0");
}

std::string range_text(const Interval& range) {
  const int digits = digits_for(range);
  return "[" + number(range.low, digits) + ":" + number(range.high, digits) + "]";
}

std::string line_style(const Style& style, double width, std::size_t pen) {
  std::string dash = "solid";
  if (!style.dash.empty()) {
    dash = "(";
    for (const double length : style.dash) dash += (dash.size() > 1 ? "," : "") + number(length);
    dash += ")";
  }
  return fmt::format("{}linecolor rgb '{}' dashtype {} linewidth {}", pen == 0 ? "" : fmt::format("linetype {} ", pen),
                     style.colour, dash, number(width));
}

int point_type(const Style& style) {
  constexpr std::array<int, 8> types = {7, 5, 9, 11, 13, 6, 4, 8};
  return types[static_cast<std::size_t>(style.marker) % types.size()];
}

Script::Script(const Canvas& canvas, std::string_view what) : canvas_(canvas) {
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

std::string Script::fitting(std::string_view text, std::size_t columns, std::string_view behind) const {
  // A title stands above the middle of the plot, which is not the canvas' middle.
  const double room = canvas_.width - (columns > 1 ? 0 : canvas_.side() - canvas_.edge());
  return canvas_.shortened(text, room / static_cast<double>(columns) - canvas_.em() - canvas_.width_of(behind));
}

void Script::title(std::string_view first, std::string_view second, std::size_t columns) {
  if (first.empty() && second.empty()) return;
  std::string text = in_quotes(fitting(first, columns));
  if (!second.empty()) text += " . \"\\n\" . " + in_quotes(fitting(second, columns));
  line("set title " + text + " noenhanced");
}

void Script::list(std::string_view command, const std::vector<std::string>& elements) {
  std::string text(command);
  for (std::size_t i = 0; i < elements.size(); ++i) text += (i == 0 ? " " : ", \\\n     ") + elements[i];
  line(text);
}

}  // namespace optexplore::picture
