#include "picture/curves.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "picture/gnuplot/pictures.hpp"

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

std::vector<std::string> elements(const Curves& curves, std::size_t c, const Canvas& canvas, bool legend) {
  std::vector<std::string> result;
  for (std::size_t s = 0; s < curves.series.size(); ++s) {
    const auto [first, last] = group(curves, s);
    std::size_t rows = 0;
    for (std::size_t i = first; i <= last; ++i) rows = std::max(rows, curves.curves[i].points[c].size());
    const std::string index = first == last ? std::to_string(first) : fmt::format("{}:{}", first, last);
    const std::string title = legend ? "title " + quoted(curves.series[s].label) : "notitle";
    const Style& style = curves.series[s].style;
    const bool crowd = last - first >= 8;
    const std::string line = line_style(style, crowd ? 0.9 : 2);
    if (crowd) {
      result.push_back(fmt::format("${} index {} using 1:2 with lines {} {}", data_name(c), index, line, title));
      continue;
    }
    // Markers of different series stand at different places where the curves lie on one another.
    const std::size_t interval = std::max<std::size_t>(1, rows / marks_per_curve);
    result.push_back(
        fmt::format("${} index {} using 1:2 with linespoints {} pointtype {} pointsize {} pointinterval {} {}",
                    data_name(c), index, line, point_type(style), number(canvas.marker(0.8)), interval, title));
  }
  return result;
}

}  // namespace

std::string curves_script(const Curves& curves, const Canvas& asked) {
  std::vector<std::string> labels;
  for (const Series& series : curves.series) labels.push_back(series.label);
  Canvas canvas = with_room(asked, labels);
  if (canvas.grows) canvas.height = std::max(canvas.height, static_cast<unsigned>(150 * curves.columns.size() + 130));
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
  const Interval area = script.legend(canvas, labels, title.empty() ? 0 : 1);
  if (several)
    script.line(fmt::format("set multiplot layout {},1{}", count,
                            title.empty() ? "" : " title " + quoted(script.fitting(title)) + " noenhanced"));
  else
    script.title(title);
  for (std::size_t c = 0; c < count; ++c) {
    const bool last = c + 1 == count;
    if (several && !canvas.is_text()) {  // a gap of a fifth between the plots
      const double height = (area.high - area.low) / (static_cast<double>(count) * 1.2 - 0.2);
      const double top = area.high - static_cast<double>(c) * 1.2 * height;
      script.line(fmt::format("set tmargin at screen {}", number(top, 4)));
      script.line(fmt::format("set bmargin at screen {}", number(top - height, 4)));
    }
    if (several) script.line(last ? "set key" : "unset key");
    script.line(last ? "set xlabel 'step'" : "unset xlabel");
    script.line(several && !last ? "set xtics format ''" : "set xtics format '%g'");
    script.line("set ylabel " + quoted(curves.columns[c]) + " noenhanced offset character 0.5,0");
    // In this order: a range must never be seen by the other plot's kind of axis.
    script.line("unset logscale y");
    script.line("set yrange " + range_text(curves.range[c]));
    if (curves.log[c]) script.line("set logscale y");
    if (several)
      script.line(curves.log[c] ? "set ytics autofreq" : "set ytics " + number(tic_step(curves.range[c], 5)));
    const bool decades = curves.log[c] && curves.range[c].high / curves.range[c].low > 1e3;
    script.line(decades && !canvas.is_text() ? "set format y '10^{%T}'" : "set format y '%g'");
    script.list("plot", elements(curves, c, canvas, last));
  }
  if (several) script.line("unset multiplot");
  return script.take();
}

}  // namespace optexplore::picture
