#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optexplore/error.hpp>
#include <utility>

#include "picture/gnuplot/legend.hpp"
#include "picture/gnuplot/pictures.hpp"
#include "picture/view.hpp"
#include "text/utf8.hpp"

namespace optexplore::picture {
namespace {

/// A logarithmic height fits when the grid's values span more than this.
constexpr double log_span = 300;
/// Decades below the lowest contour that the height still shows: at a minimum the logarithm has no end.
constexpr double decades_below = 1.5;
constexpr std::size_t most_lines = 61;
constexpr double path_width = 2.2;
/// How long the axes are drawn, as shares of the canvas' width and of the plot's height, at the view below.
constexpr double x_length = 0.47, y_length = 0.31, z_length = 0.38;

/// Heights of values of f in the picture.
class Height {
 public:
  Height(const Scene& scene, std::optional<bool> log) : levels_(scene.levels) {
    const std::vector<double>& gaps = scene.levels.gaps;
    const bool fits = !gaps.empty() && gaps.back() / gaps.front() > log_span;
    log_ = log.value_or(fits) && !gaps.empty();
    if (log_) floor_ = std::log10(gaps.front()) - decades_below;
    std::vector<double> heights;
    for (const double v : scene.values)
      if (std::isfinite(v)) heights.push_back(of(v));
    range_ = fit_interval(heights, 0.02);
    if (!log_ && !gaps.empty()) {
      const double rim = levels_.base + levels_.sign * 1.6 * gaps.back();
      if (levels_.sign > 0)
        range_.high = std::min(range_.high, rim);
      else
        range_.low = std::max(range_.low, rim);
    }
  }

  [[nodiscard]] double of(double f) const {
    if (!log_) return f;
    const double gap = levels_.gap_of(f);
    return gap > 0 ? std::max(std::log10(gap), floor_) : floor_;
  }
  [[nodiscard]] bool log() const { return log_; }
  [[nodiscard]] Interval range() const { return range_; }
  [[nodiscard]] std::string label(const Scene& scene) const {
    if (!log_) return "f";
    if (levels_.sign < 0) return scene.function.minimum ? "maximum − f" : "greatest f − f";
    return scene.function.minimum ? "f − minimum" : "f − least f";
  }

 private:
  Levels levels_;
  bool log_ = false;
  double floor_ = 0;
  Interval range_;
};

void write_surface(Script& script, const Scene& scene, const Height& height) {
  const auto [nx, ny] = scene.grid;
  script.comment(height.log() ? "x y log10(f above its minimum); the lines of a mesh" : "x y f; the lines of a mesh");
  const auto place = [](const Interval& range, std::size_t i, std::size_t n) {
    return range.low + (range.high - range.low) * static_cast<double>(i) / static_cast<double>(n - 1);
  };
  const std::size_t every = std::max<std::size_t>(1, (std::max(nx, ny) - 1) / (most_lines - 1));
  script.begin_data("surface");
  for (std::size_t j = 0; j < ny; j += every) {
    for (std::size_t i = 0; i < nx; i += every) {
      const double f = scene.values[j * nx + i];
      const double z = std::isfinite(f) ? std::clamp(height.of(f), height.range().low, height.range().high) : f;
      script.row(std::array<double, 3>{place(scene.grid_range[0], i, nx), place(scene.grid_range[1], j, ny), z});
    }
    script.raw("\n");
  }
  script.end_data();
}

bool inside(const Scene& scene, double x, double y) {
  return x >= scene.range[0].low && x <= scene.range[0].high && y >= scene.range[1].low && y <= scene.range[1].high;
}

void write_paths(Script& script, const Scene& scene, const Height& height) {
  script.comment("A block per path: x y height; a gap where it is outside");
  script.begin_data("paths");
  for (std::size_t p = 0; p < scene.paths.size(); ++p) {
    if (p > 0) script.raw("\n\n");
    const std::vector<double>& rows = scene.paths[p].rows;
    bool any = false;
    for (std::size_t r = 0; r < scene.paths[p].shown * scene.width(); r += scene.width()) {
      const bool shown = inside(scene, rows[r + 1], rows[r + 2]) && std::isfinite(rows[r + 3]);
      if (!shown && any) script.raw("\n");
      if (!shown) continue;
      any = true;
      script.row(
          std::array<double, 3>{rows[r + 1], rows[r + 2], std::min(height.of(rows[r + 3]), height.range().high)});
    }
    if (!any) script.raw("NaN NaN NaN\n");
  }
  script.end_data();
  script.begin_data("starts");
  bool any = false;
  for (const ScenePath& path : scene.paths) {
    if (path.rows.empty()) continue;
    any = true;
    script.row(std::array<double, 3>{path.rows[1], path.rows[2], height.of(path.rows[3])});
  }
  if (!any) script.raw("NaN NaN NaN\n");
  script.end_data();
}

std::size_t pen(const Canvas& canvas, std::size_t series) { return canvas.is_text() ? series + 2 : 0; }

std::vector<LegendEntry> legend_entries(const Scene& scene, const Canvas& canvas) {
  std::vector<LegendEntry> entries;
  for (std::size_t s = 0; s < scene.series.size(); ++s)
    entries.push_back(
        {.label = scene.series[s].label, .style = scene.series[s].style, .line = path_width, .pen = pen(canvas, s)});
  LegendEntry start;
  start.label = "start";
  start.style.colour = "#000000";
  start.point = 6;
  start.size = canvas.marker(1.4);
  start.edge = 1.5;
  entries.push_back(std::move(start));
  return entries;
}

}  // namespace

std::string surface_script(const Scene& scene, const Canvas& asked, std::optional<bool> log) {
  if (scene.one_dimensional())
    throw InputError("a surface needs two coordinates, " + scene.function.entry.name + " has one", "", "--kind");
  if (scene.levels.gaps.empty() && log == true)
    throw InputError("there are no values above the minimum for a logarithmic axis", "", "--log");
  const Height height(scene, log);
  const std::string title = asked.title.value_or(scene.title);
  const std::vector<LegendEntry> entries = legend_entries(scene, asked);
  const Canvas canvas = with_room(asked, entries);
  const Legend legend(canvas, entries);
  // gnuplot would stretch a surface to margins and beyond.
  const double below = canvas.high(legend.height());
  const double above = title.empty() || scene.section.empty() ? 0 : canvas.high(1.3 * canvas.line());
  const double plot_height = canvas.height * (1 - below - above);
  Script script(canvas, "Paths on the surface of " + scene.title);
  write_surface(script, scene, height);
  write_paths(script, scene, height);
  script.blank();
  script.line("set xrange " + range_text(scene.range[0]));
  script.line("set yrange " + range_text(scene.range[1]));
  script.line("set zrange " + range_text(height.range()));
  script.line("set xyplane at " + number(height.range().low));
  script.line("set view 52,330,1.05,1");
  script.line("set border 127+256+512 linecolor rgb '#404040'");
  script.line("set tics scale 0.6");
  script.line(fmt::format("set origin 0,{}\nset size 1,{}", number(below, 4), number(1 - below - above, 4)));
  const auto most_tics = [&](double length) { return std::clamp(length / (3.2 * canvas.em()), 2.0, 6.0); };
  script.line(fmt::format("set xtics {0} offset character 0,-0.3\nset ytics {1} offset character 0.3,-0.2",
                          number(tic_step(scene.range[0], most_tics(x_length * canvas.width))),
                          number(tic_step(scene.range[1], most_tics(y_length * canvas.width)))));
  const double most_z = std::clamp(z_length * plot_height / (1.6 * canvas.line()), 2.0, 6.0);
  if (height.log()) {
    script.line(fmt::format("set ztics {}", number(std::max(1.0, tic_step(height.range(), most_z)))));
    script.line(canvas.is_text() ? "set format z '1e%.0f'" : "set format z '10^{%.0f}'");
  } else {
    script.line(fmt::format("set ztics {}", number(tic_step(height.range(), most_z))));
  }
  // Along the axes, where long names have room.
  const auto along = [&](const std::string& label) {
    return canvas.is_text() || text::display_width(label) <= 2 ? "" : " rotate parallel";
  };
  script.line("set xlabel " + axis_label(canvas, scene.plane.labels[0], x_length * canvas.width, true) + " noenhanced" +
              along(scene.plane.labels[0]));
  script.line("set ylabel " + axis_label(canvas, scene.plane.labels[1], y_length * canvas.width, true) + " noenhanced" +
              along(scene.plane.labels[1]));
  script.line("set zlabel " + axis_label(canvas, height.label(scene), z_length * plot_height) +
              " noenhanced rotate by 90 offset character -1,0");
  script.line("unset key");
  legend.write(script);
  if (above > 0) script.line("set title offset character 0,1");
  script.title(title, scene.section);
  script.line("set palette defined (0 '#9DBBD3', 0.5 '#D8E3EC', 1 '#F7F7F7')");
  script.line("unset colorbox");
  // Without depthorder, which would draw the mesh after everything else and hide the paths.
  script.line("set pm3d scansautomatic border linecolor rgb '#A8B4BE' linewidth 0.4");
  std::vector<std::string> elements = {canvas.is_text()
                                           ? "$surface using 1:2:3 with dots linecolor rgb '#A0A0A0' notitle"
                                           : "$surface using 1:2:3 with pm3d notitle"};
  for (std::size_t s = 0; s < scene.series.size(); ++s) {
    std::size_t first = scene.paths.size(), last = 0;
    for (std::size_t p = 0; p < scene.paths.size(); ++p)
      if (scene.paths[p].series == s) {
        first = std::min(first, p);
        last = p;
      }
    const std::string index = first == last ? std::to_string(first) : fmt::format("{}:{}", first, last);
    elements.push_back(fmt::format("$paths index {} using 1:2:3 with lines {} notitle", index,
                                   line_style(scene.series[s].style, path_width, pen(canvas, s))));
  }
  elements.push_back(fmt::format(
      "$starts using 1:2:3 with points linecolor rgb 'black' linewidth 1.5 pointtype 6 pointsize {} notitle",
      number(canvas.marker(1.4))));
  script.list("splot", elements);
  return script.take();
}

}  // namespace optexplore::picture
