#include "picture/curves.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "picture/gnuplot/legend.hpp"

namespace optexplore::picture {
namespace {

constexpr std::size_t marks_per_curve = 8;

std::string data_name(std::size_t column) { return "column" + std::to_string(column + 1); }

/// On a logarithmic axis what is not positive has no place; what lies far beyond the axis is written nearer.
double shown(const Curves& curves, std::size_t c, double value) {
  const auto [low, high] = curves.range[c];
  if (curves.log[c]) return value > 0 ? std::min(value, high * 1e6) : std::nan("");
  const double reach = 1e3 * (high - low);
  return std::clamp(value, low - reach, high + reach);
}

void write_column(Script& script, const Curves& curves, std::size_t c) {
  script.begin_data(data_name(c));
  for (std::size_t i = 0; i < curves.curves.size(); ++i) {
    if (i > 0) script.raw("\n\n");
    const auto& points = curves.curves[i].points[c];
    for (const auto& [step, value] : points)
      script.raw(number(step, 15) + " " + number(shown(curves, c, value), 7) + "\n");
    if (points.empty()) script.raw("0 NaN\n");
  }
  script.end_data();
}

/// The curves of a series follow one another.
std::array<std::size_t, 2> group(const Curves& curves, std::size_t series) {
  std::array<std::size_t, 2> result = {curves.curves.size(), 0};
  for (std::size_t i = 0; i < curves.curves.size(); ++i) {
    if (curves.curves[i].series != series) continue;
    result[0] = std::min(result[0], i);
    result[1] = i;
  }
  return result;
}

constexpr double line_width = 2, marker_size = 0.8;

/// A crowd of curves has thin lines without markers.
bool is_crowd(const Curves& curves, std::size_t series) {
  const auto [first, last] = group(curves, series);
  return last - first >= 8;
}

std::size_t pen(const Canvas& canvas, std::size_t series) { return canvas.is_text() ? series + 1 : 0; }

std::vector<LegendEntry> legend_entries(const Curves& curves, const Canvas& canvas) {
  std::vector<LegendEntry> entries;
  for (std::size_t s = 0; s < curves.series.size(); ++s) {
    const Style& style = curves.series[s].style;
    entries.push_back({.label = curves.series[s].label,
                       .style = style,
                       .line = line_width,
                       .point = is_crowd(curves, s) ? 0 : point_type(style),
                       .size = canvas.marker(marker_size),
                       .pen = pen(canvas, s)});
  }
  return entries;
}

std::vector<std::string> elements(const Curves& curves, std::size_t c, const Canvas& canvas) {
  std::vector<std::string> result;
  for (std::size_t s = 0; s < curves.series.size(); ++s) {
    const auto [first, last] = group(curves, s);
    std::size_t rows = 0;
    for (std::size_t i = first; i <= last; ++i) rows = std::max(rows, curves.curves[i].points[c].size());
    const std::string index = first == last ? std::to_string(first) : fmt::format("{}:{}", first, last);
    const Style& style = curves.series[s].style;
    const bool crowd = is_crowd(curves, s);
    const std::string line = line_style(style, crowd ? 0.9 : line_width, pen(canvas, s));
    if (crowd) {
      result.push_back(fmt::format("${} index {} using 1:2 with lines {} notitle", data_name(c), index, line));
      continue;
    }
    // Markers of different series stand at different places where the curves lie on one another.
    const std::size_t interval = std::max<std::size_t>(1, rows / marks_per_curve);
    result.push_back(
        fmt::format("${} index {} using 1:2 with linespoints {} pointtype {} pointsize {} pointinterval {} notitle",
                    data_name(c), index, line, point_type(style), number(canvas.marker(marker_size)), interval));
  }
  return result;
}

}  // namespace

std::string curves_script(const Curves& curves, const Canvas& asked) {
  const std::vector<LegendEntry> entries = legend_entries(curves, asked);
  Canvas canvas = with_room(asked, entries);
  if (canvas.grows && !canvas.is_text())
    canvas.height = std::max(canvas.height, static_cast<unsigned>(150 * curves.columns.size() + 130));
  Script script(canvas, "Columns over the steps on " + curves.title);
  const std::size_t count = curves.columns.size();
  for (std::size_t c = 0; c < count; ++c) write_column(script, curves, c);
  script.blank();
  script.line("set tics nomirror out scale 0.6");
  script.line("set border 3 linecolor rgb '#404040'");
  if (!canvas.is_text()) script.line("set grid ytics linecolor rgb '#D9D9D9' linewidth 0.7");
  script.line(fmt::format("set xrange [0:{}]", std::max<std::uint64_t>(curves.most_steps, 1)));
  script.line("set clip two");
  const std::string title = canvas.title.value_or(curves.title);
  const bool several = count > 1;
  const Legend legend(canvas, entries);
  const Interval area = set_margins(script, canvas, legend, title.empty() ? 0 : 1);
  if (several)
    script.line(fmt::format("set multiplot layout {},1{}", count,
                            title.empty() ? "" : " title " + in_quotes(script.fitting(title)) + " noenhanced"));
  else
    script.title(title);
  // Between several plots a gap of a fifth.
  const double share = (area.high - area.low) / (static_cast<double>(count) * 1.2 - 0.2);
  const double plot_height = share * canvas.height;
  for (std::size_t c = 0; c < count; ++c) {
    const bool last = c + 1 == count;
    if (several) {
      const double top = area.high - static_cast<double>(c) * 1.2 * share;
      script.line(fmt::format("set tmargin at screen {}", number(top, 4)));
      script.line(fmt::format("set bmargin at screen {}", number(top - share, 4)));
    }
    script.line(last ? "set xlabel 'step'" : "unset xlabel");
    script.line(several && !last ? "set xtics format ''" : "set xtics format '%g'");
    script.line(y_label_text(canvas, curves.columns[c], 1.2 * plot_height));
    // In this order: a range must never be seen by the other plot's kind of axis.
    script.line("unset logscale y");
    script.line("set yrange " + range_text(curves.range[c]));
    if (curves.log[c]) script.line("set logscale y");
    // Labels two lines apart.
    const double most_tics = std::clamp(plot_height / (1.7 * canvas.line()), 2.0, 10.0);
    const double span = std::log10(curves.range[c].high / curves.range[c].low);
    const bool decades = curves.log[c] && span > 3;
    if (decades)
      script.line("set ytics " + number(std::pow(10, std::ceil(span / most_tics))));
    else
      script.line(curves.log[c] ? "set ytics autofreq" : "set ytics " + number(tic_step(curves.range[c], most_tics)));
    script.line(decades && !canvas.is_text() ? "set format y '10^{%T}'" : "set format y '%g'");
    if (last) legend.write(script);
    script.list("plot", elements(curves, c, canvas));
  }
  if (several) script.line("unset multiplot");
  return script.take();
}

}  // namespace optexplore::picture
