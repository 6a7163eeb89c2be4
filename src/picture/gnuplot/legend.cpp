#include "picture/gnuplot/legend.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace optexplore::picture {
namespace {

/// A legend takes no more than this share of a canvas whose size is given.
constexpr double most_height = 0.42;
/// Names are shortened to no less than this, in ems.
constexpr double least_name = 7;

/// Widths in ems; of text in characters.
struct Sizes {
  double sample, gap, between;
};

Sizes sizes(const Canvas& canvas) { return canvas.is_text() ? Sizes{5, 1, 2} : Sizes{2.8, 0.6, 1.5}; }

/// "**E**": a line's character in gnuplot's terminal of letters, and its marker, which is a letter there.
std::string text_sample(const Canvas& canvas, const LegendEntry& entry) {
  if (canvas.block) return entry.line > 0 ? "─────" : "  •  ";
  constexpr std::string_view pens = "*#$%@&=";
  std::string sample(5, entry.line > 0 ? pens[(entry.pen + pens.size() - 1) % pens.size()] : ' ');
  if (entry.point > 0) sample[2] = static_cast<char>('A' + entry.point - 1);
  return sample;
}

}  // namespace

Legend::Legend(Canvas canvas, std::vector<LegendEntry> entries)
    : canvas_(std::move(canvas)), entries_(std::move(entries)) {
  if (entries_.empty()) return;
  const Sizes size = sizes(canvas_);
  const double em = canvas_.em(), between = size.between * em, marked = (size.sample + size.gap) * em;
  const bool limited = canvas_.is_text() || !canvas_.grows;
  const auto most_rows =
      limited ? std::max<std::size_t>(1, static_cast<std::size_t>(most_height * canvas_.height / canvas_.line()))
              : entries_.size();
  const auto rows_of = [this](std::size_t columns) { return (entries_.size() + columns - 1) / columns; };
  const auto fits = [&](std::size_t columns) {
    const std::vector<double> all = widths(columns);
    return std::accumulate(all.begin(), all.end(), 0.0) - between <= room();
  };
  columns_ = 1;
  for (std::size_t columns = entries_.size(); columns > 1; --columns)
    if (fits(columns)) {
      columns_ = columns;
      break;
    }
  // Rather short names than few of them.
  const double narrowest = marked + least_name * em;
  const auto most_columns =
      std::max<std::size_t>(columns_, static_cast<std::size_t>((room() + between) / (narrowest + between)));
  while (rows_of(columns_) > most_rows && columns_ < most_columns) ++columns_;
  columns_ = (entries_.size() + rows_of(columns_) - 1) / rows_of(columns_);  // rows of about one length
  rows_ = std::min(rows_of(columns_), most_rows);
  if (rows_ < rows_of(columns_)) {
    const std::size_t shown = rows_ * columns_ - 1, more = entries_.size() - shown;
    entries_.resize(shown);
    entries_.push_back({.label = fmt::format("… {} more", more), .style = {}});
  }
  if (fits(columns_)) return;
  const double each = (room() + between) / static_cast<double>(columns_) - marked - between;
  for (LegendEntry& entry : entries_) entry.label = canvas_.shortened(entry.label, each, true);
}

double Legend::room() const { return canvas_.width - 2 * (canvas_.is_text() ? 1 : canvas_.edge() / 2); }

std::vector<double> Legend::widths(std::size_t columns) const {
  const auto [sample, gap, between] = sizes(canvas_);
  std::vector<double> result(columns, 0);
  for (std::size_t i = 0; i < entries_.size(); ++i)
    result[i % columns] = std::max(result[i % columns], canvas_.width_of(entries_[i].label));
  for (double& width : result) width += (sample + gap + between) * canvas_.em();
  return result;
}

double Legend::height() const { return static_cast<double>(rows_) * canvas_.line() + (canvas_.is_text() ? 0 : 8); }

void Legend::write(Script& script) const {
  if (entries_.empty()) return;
  const auto [sample, gap, between] = sizes(canvas_);
  const double em = canvas_.em();
  const std::vector<double> all = widths(columns_);
  const double left = (canvas_.width - std::accumulate(all.begin(), all.end(), 0.0) + between * em) / 2;
  script.comment("The legend");
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const LegendEntry& entry = entries_[i];
    const auto column = static_cast<std::ptrdiff_t>(i % columns_);
    const std::size_t row = rows_ - 1 - i / columns_;  // from below
    const double x = std::accumulate(all.begin(), all.begin() + column, left);
    const std::string y =
        number(canvas_.high((static_cast<double>(row) + 0.5) * canvas_.line() + (canvas_.is_text() ? 0 : 4)), 4);
    const auto at = [&](double ems) { return "screen " + number(canvas_.wide(x + ems * em), 4) + "," + y; };
    if (canvas_.is_text()) {
      if (entry.line > 0 || entry.point > 0)
        script.line(fmt::format("set label {} at {} left noenhanced textcolor rgb '{}'",
                                in_quotes(text_sample(canvas_, entry)), at(0), entry.style.colour));
    } else {
      if (entry.line > 0)
        script.line(
            fmt::format("set arrow from {} to {} nohead {}", at(0), at(sample), line_style(entry.style, entry.line)));
      if (entry.point > 0)
        script.line(fmt::format("set label '' at {} point linecolor rgb '{}' linewidth {} pointtype {} pointsize {}",
                                at(sample / 2), entry.style.colour, number(entry.edge), entry.point,
                                number(entry.size)));
    }
    script.line(fmt::format("set label {} at {} left noenhanced", in_quotes(entry.label), at(sample + gap)));
  }
}

Canvas with_room(Canvas canvas, const std::vector<LegendEntry>& entries) {
  const std::size_t rows = Legend(canvas, entries).rows();
  if (canvas.grows && !canvas.is_text() && rows > 2)
    canvas.height += static_cast<unsigned>(canvas.line() * static_cast<double>(rows - 2));
  return canvas;
}

Interval set_margins(Script& script, const Canvas& canvas, const Legend& legend, std::size_t title_lines) {
  const double bottom = canvas.axis_height() + legend.height();
  const double top = canvas.line() * static_cast<double>(title_lines) + (canvas.is_text() ? 1 : canvas.edge());
  const Interval area = {canvas.high(bottom), std::max(1 - canvas.high(top), canvas.high(bottom) + 0.1)};
  script.line(fmt::format("set lmargin at screen {}", number(canvas.wide(canvas.side()), 4)));
  script.line(fmt::format("set rmargin at screen {}", number(1 - canvas.wide(canvas.edge()), 4)));
  script.line(fmt::format("set tmargin at screen {}", number(area.high, 4)));
  script.line(fmt::format("set bmargin at screen {}", number(area.low, 4)));
  script.line("unset key");
  return area;
}

}  // namespace optexplore::picture
