#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "picture/gnuplot/pictures.hpp"
#include "text/utf8.hpp"

namespace optexplore::picture {
namespace {

/// Paths of more rows than this have some markers and not one per row.
constexpr std::size_t most_markers = 101;
constexpr std::size_t some_markers = 12;

/// Places are written no farther out than this many views: what gnuplot clips needs no more.
constexpr double farthest = 1e4;

double limited(double value, const Interval& range) {
  const double reach = farthest * (range.high - range.low);
  return std::clamp(value, range.low - reach, range.high + reach);
}

/// The paths of one series; they follow one another.
struct Group {
  std::size_t first = 0, last = 0;
  std::size_t rows = 0;  ///< of the longest path
};

std::vector<Group> groups(const Scene& scene) {
  std::vector<Group> result(scene.series.size(), Group{scene.paths.size(), 0, 0});
  for (std::size_t i = 0; i < scene.paths.size(); ++i) {
    Group& group = result[scene.paths[i].series];
    group.first = std::min(group.first, i);
    group.last = i;
    group.rows = std::max(group.rows, scene.paths[i].shown);
  }
  return result;
}

void write_field(Script& script, const Scene& scene) {
  const auto [nx, ny] = scene.grid;
  const auto place = [](const Interval& range, std::size_t i, std::size_t n) {
    return range.low + (range.high - range.low) * static_cast<double>(i) / static_cast<double>(n - 1);
  };
  const int digits = digits_for(scene.range[0]), digits_y = digits_for(scene.range[1]);
  if (scene.one_dimensional()) {
    script.comment("The function: x f");
    script.begin_data("graph");
    for (std::size_t i = 0; i < nx; ++i)
      script.raw(number(place(scene.grid_range[0], i, nx), digits) + " " +
                 number(limited(scene.values[i], scene.range[1])) + "\n");
    script.end_data();
    return;
  }
  script.comment(
      fmt::format("sqrt(f - {}) on a grid: the square root is what runs most evenly between its points; -1: no number",
                  number(scene.levels.base)));
  script.begin_data("field");
  script.raw(std::to_string(nx));
  for (std::size_t i = 0; i < nx; ++i) script.raw(" " + number(place(scene.grid_range[0], i, nx), digits));
  script.raw("\n");
  for (std::size_t j = 0; j < ny; ++j) {
    script.raw(number(place(scene.grid_range[1], j, ny), digits_y));
    for (std::size_t i = 0; i < nx; ++i) {
      const double f = scene.values[j * nx + i];
      const double root = std::sqrt(std::max(f - scene.levels.base, 0.0));
      script.raw(" " + (std::isfinite(f) && std::isfinite(root) ? number(root, 5) : "-1"));
    }
    script.raw("\n");
  }
  script.end_data();
}

void write_paths(Script& script, const Scene& scene) {
  script.comment("A block per path: step, place, f");
  script.begin_data("paths");
  const int digits = digits_for(scene.range[0]), digits_y = digits_for(scene.range[1]);
  for (std::size_t i = 0; i < scene.paths.size(); ++i) {
    if (i > 0) script.raw("\n\n");
    const ScenePath& path = scene.paths[i];
    for (std::size_t r = 0; r < path.shown; ++r) {
      const double* row = path.rows.data() + r * scene.width();
      script.raw(number(row[0], 15) + " " + number(limited(row[1], scene.range[0]), digits) + " " +
                 number(limited(row[2], scene.range[1]), digits_y) + " " + number(row[3]) + "\n");
    }
    if (path.rows.empty()) script.raw("0 NaN NaN NaN\n");  // the function isn't finite at the start
  }
  script.end_data();
}

void write_points(Script& script, const std::string& name, const std::vector<std::array<double, 2>>& points) {
  script.begin_data(name);
  for (const auto& point : points) script.row(point, 15);
  script.end_data();
}

std::vector<std::array<double, 2>> starts(const Scene& scene) {
  std::vector<std::array<double, 2>> result;
  for (const ScenePath& path : scene.paths) {
    if (path.rows.empty()) continue;
    const std::array<double, 2> start = {path.rows[1], path.rows[2]};
    if (std::find(result.begin(), result.end(), start) == result.end()) result.push_back(start);
  }
  return result;
}

std::vector<std::array<double, 2>> minimizers_in_view(const Scene& scene) {
  std::vector<std::array<double, 2>> result;
  for (const auto& at : scene.minimizers)
    if (at[0] >= scene.range[0].low && at[0] <= scene.range[0].high && at[1] >= scene.range[1].low &&
        at[1] <= scene.range[1].high)
      result.push_back(at);
  return result;
}

std::string lost_name(std::size_t series) { return "lost" + std::to_string(series + 1); }

std::vector<std::array<double, 2>> lost_of(const Scene& scene, std::size_t series) {
  std::vector<std::array<double, 2>> result;
  for (const ScenePath& path : scene.paths)
    if (path.series == series && path.lost) result.push_back(*path.lost);
  return result;
}

bool any_lost(const Scene& scene) {
  return std::any_of(scene.paths.begin(), scene.paths.end(),
                     [](const ScenePath& path) { return path.lost.has_value(); });
}

void write_contours(Script& script, const Scene& scene, const Canvas& canvas) {
  if (scene.one_dimensional() || scene.levels.gaps.empty()) return;
  std::string levels;
  for (const double gap : scene.levels.gaps) levels += (levels.empty() ? "" : ", ") + number(std::sqrt(gap), 5);
  script.comment("Contours, evenly spaced in the logarithm of f above its minimum");
  script.line("set contour base");
  script.line("set cntrparam levels discrete " + levels);
  script.line("unset surface");
  script.line("set table $contours");
  script.line("splot $field nonuniform matrix using 1:2:($3 < 0 ? NaN : $3)");
  script.line("unset table");
  script.line("unset contour");
  script.line("set surface");
  if (!canvas.is_text()) {
    // Pale, so that every colour of a path is seen on it.
    // A gif has 256 colours for everything.
    const std::string few = canvas.kind == Canvas::Kind::gif ? "maxcolors 16 " : "";
    script.line("set palette " + few + "defined (0 '#C3D9EA', 0.5 '#E6EEF4', 1 '#FDFDFD')");
    script.line(fmt::format("set cbrange [{}:{}]", number(std::log10(scene.levels.gaps.front()) - 0.5, 5),
                            number(std::log10(scene.levels.gaps.back()), 5)));
    script.line(fmt::format("shade(z) = z < 0 ? NaN : 2*log10(z > {0} ? z : {0})",
                            number(std::sqrt(scene.levels.gaps.front()) / 2, 5)));
    script.line("unset colorbox");
  }
  script.blank();
}

/// The scene's data and everything that holds for all its plots.
void write_scene(Script& script, const Scene& scene, const Canvas& canvas) {
  write_field(script, scene);
  write_paths(script, scene);
  write_points(script, "starts", starts(scene));
  if (!minimizers_in_view(scene).empty()) write_points(script, "minimizers", minimizers_in_view(scene));
  for (std::size_t s = 0; s < scene.series.size(); ++s)
    if (!lost_of(scene, s).empty()) write_points(script, lost_name(s), lost_of(scene, s));
  script.blank();
  write_contours(script, scene, canvas);
  // After the contours: a grid's edge that is rounded differently would be cut off.
  script.line("set xrange " + range_text(scene.range[0]));
  script.line("set yrange " + range_text(scene.range[1]));
  if (scene.equal && !canvas.is_text()) script.line("set size ratio -1  # equal units");
  script.line("set clip two");
}

void write_axes(Script& script, const Scene& scene, bool labels) {
  script.line("set tics nomirror out scale 0.6");
  script.line("set border 3 linecolor rgb '#404040'");
  if (!labels) return;
  script.line("set xlabel " + quoted(scene.plane.labels[0]) + " noenhanced");
  const bool turned = text::display_width(scene.plane.labels[1]) > 2;
  script.line("set ylabel " + quoted(scene.plane.labels[1]) + " noenhanced " +
              (turned ? "rotate by 90" : "rotate by 0 offset character 1.5,0"));
}

struct Look {
  double line = 1.8;
  double marker = 0.55;
  double contour = 0.8;
  std::string step;  ///< only rows up to the step that this gnuplot variable holds; empty: all
  bool legend = true;
  bool text = false;   ///< characters: no room for shades
  bool dashed = true;  ///< a path alone needs no dashes
};

/// The elements beneath the paths.
std::vector<std::string> ground(const Scene& scene, const Look& look) {
  const std::string contours = "$contours using 1:2 with " +
                               (look.text ? std::string("dots linecolor rgb '#87AFAF'")
                                          : "lines linecolor rgb '#B4B4B4' linewidth " + number(look.contour)) +
                               " notitle";
  if (scene.one_dimensional())
    return {"$graph using 1:2 with lines linecolor rgb '#808080' linewidth " + number(look.line) + " notitle"};
  if (scene.levels.gaps.empty()) return {};
  if (look.text) return {contours};
  return {"$field nonuniform matrix using 1:2:(shade($3)) with image notitle", contours};
}

std::string path_element(const Scene& scene, std::size_t series, const Group& group, const Look& look) {
  const Series& s = scene.series[series];
  const std::string index =
      group.first == group.last ? std::to_string(group.first) : fmt::format("{}:{}", group.first, group.last);
  const std::string columns = look.step.empty() ? "2:3" : fmt::format("($1 <= {} ? $2 : NaN):3", look.step);
  const bool crowd = group.last - group.first >= 8;
  const std::string title = look.legend ? "title " + quoted(s.label) : "notitle";
  Style style = s.style;
  if (!look.dashed) style.dash.clear();
  const std::string line = line_style(style, crowd ? look.line / 2 : look.line);
  if (crowd) return fmt::format("$paths index {} using {} with lines {} {}", index, columns, line, title);
  const std::size_t interval = group.rows <= most_markers ? 1 : group.rows / some_markers;
  return fmt::format("$paths index {} using {} with linespoints {} pointtype {} pointsize {} pointinterval {} {}",
                     index, columns, line, point_type(s.style), number(look.marker), interval, title);
}

void add_lost(std::vector<std::string>& elements, const Scene& scene, std::size_t series, const Look& look) {
  if (lost_of(scene, series).empty()) return;
  elements.push_back(
      fmt::format("${} using 1:2 with points linecolor rgb '{}' linewidth 3 pointtype 2 pointsize {} notitle",
                  lost_name(series), scene.series[series].style.colour, number(look.marker * 3.2)));
}

/// The marks above the paths, with their lines of the legend.
void add_marks(std::vector<std::string>& elements, const Scene& scene, const Look& look) {
  const auto title = [&](const char* text) { return look.legend ? "title '" + std::string(text) + "'" : "notitle"; };
  const bool several = starts(scene).size() > 1;
  const double size = starts(scene).size() > 30 ? look.marker : look.marker * 2.4;
  if (!starts(scene).empty())
    elements.push_back(
        fmt::format("$starts using 1:2 with points linecolor rgb 'black' linewidth 1.5 pointtype 6 pointsize {} {}",
                    number(size), title(several ? "starts" : "start")));
  if (!minimizers_in_view(scene).empty())
    elements.push_back(fmt::format(
        "$minimizers using 1:2 with points linecolor rgb 'black' linewidth 2.2 pointtype 1 pointsize {} {}",
        number(look.marker * 3.2), title(minimizers_in_view(scene).size() > 1 ? "minimizers" : "minimizer")));
  if (any_lost(scene) && look.legend)
    elements.push_back(
        fmt::format("NaN with points linecolor rgb 'black' linewidth 3 pointtype 2 pointsize {} title 'diverged'",
                    number(look.marker * 3.2)));
}

std::string shown_title(const Scene& scene, const Canvas& canvas) { return canvas.title.value_or(scene.title); }

std::size_t title_lines(const Scene& scene, const Canvas& canvas) {
  return (shown_title(scene, canvas).empty() ? 0U : 1U) + (scene.section.empty() ? 0U : 1U);
}

std::vector<std::string> legend_labels(const Scene& scene) {
  std::vector<std::string> labels;
  for (const Series& series : scene.series) labels.push_back(series.label);
  if (!starts(scene).empty()) labels.emplace_back("start");
  if (!minimizers_in_view(scene).empty()) labels.emplace_back("minimizer");
  if (any_lost(scene)) labels.emplace_back("diverged");
  return labels;
}

std::vector<std::string> all_elements(const Scene& scene, Look look) {
  if (scene.one_dimensional()) look.line = 1;  // lines between points of the graph are only guides
  std::vector<std::string> elements = ground(scene, look);
  const std::vector<Group> parts = groups(scene);
  for (std::size_t s = 0; s < parts.size(); ++s) elements.push_back(path_element(scene, s, parts[s], look));
  if (look.step.empty())
    for (std::size_t s = 0; s < parts.size(); ++s) add_lost(elements, scene, s, look);
  add_marks(elements, scene, look);
  return elements;
}

void write_animation(Script& script, const Scene& scene, const Canvas& canvas) {
  Look look;
  look.step = "step";
  script.comment("A frame per step of this list; between two steps of a path its line waits.");
  script.raw(fmt::format("array frames[{}] = [", scene.frame_steps.size()));
  for (std::size_t i = 0; i < scene.frame_steps.size(); ++i)
    script.raw((i == 0 ? "" : i % 16 == 0 ? ", \\\n  " : ", ") + std::to_string(scene.frame_steps[i]));
  script.raw("]\n");
  script.line("do for [k = 1:|frames|] {");
  script.line("step = frames[k]");
  script.line("set title " + quoted(script.fitting(shown_title(scene, canvas)) + " — step ") + " . step noenhanced");
  script.list("plot", all_elements(scene, look));
  script.line("}");
}

}  // namespace

std::string paths_script(const Scene& scene, const Canvas& asked) {
  const Canvas canvas = with_room(asked, legend_labels(scene));
  Script script(canvas, "Paths on " + scene.title);
  write_scene(script, scene, canvas);
  write_axes(script, scene, true);
  script.legend(canvas, legend_labels(scene), title_lines(scene, canvas));
  script.title(shown_title(scene, canvas), scene.section);
  Look look;
  look.text = canvas.is_text();
  look.marker = canvas.marker(look.marker);
  if (canvas.fps > 0)
    write_animation(script, scene, canvas);
  else
    script.list("plot", all_elements(scene, look));
  return script.take();
}

Layout panel_layout(std::size_t count) {
  const auto columns =
      static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(std::max<std::size_t>(count, 1)))));
  return {(count + columns - 1) / columns, columns};
}

namespace {

/// Sizes of what stands around a panel, in pixels.
constexpr double panel_left = 58, panel_right = 16, panel_top = 34, panel_bottom = 40;
constexpr double heading = 40;
constexpr double panel_tics = 6;

}  // namespace

Canvas panels_canvas(const Scene& scene, Canvas canvas) {
  const Layout layout = panel_layout(scene.series.size());
  const auto rows = static_cast<double>(layout.rows), columns = static_cast<double>(layout.columns);
  const double width = std::clamp(columns * 300, 600.0, 1500.0);
  const double panel = width / columns - panel_left - panel_right;
  const double aspect =
      scene.equal ? (scene.range[0].high - scene.range[0].low) / (scene.range[1].high - scene.range[1].low) : 1.4;
  canvas.width = static_cast<unsigned>(width);
  canvas.height = static_cast<unsigned>(
      std::clamp(std::ceil(rows * (panel / aspect + panel_top + panel_bottom) + heading), 200.0, 4000.0));
  return canvas;
}

std::string panels_script(const Scene& scene, const Canvas& canvas) {
  Script script(canvas, "Paths on " + scene.title + ", a panel for each");
  write_scene(script, scene, canvas);
  write_axes(script, scene, false);
  const Layout layout = panel_layout(scene.series.size());
  const std::string title = shown_title(scene, canvas);
  script.line("unset key");
  // A common step where the units are equal.
  const double x_step = tic_step(scene.range[0], panel_tics);
  const double y_step = scene.equal ? x_step : tic_step(scene.range[1], panel_tics);
  script.line(fmt::format("set xtics {}", number(x_step)));
  script.line(fmt::format("set ytics {}", number(y_step)));
  std::string multiplot = fmt::format("set multiplot layout {},{}", layout.rows, layout.columns);
  if (!title.empty()) multiplot += " title " + quoted(script.fitting(title)) + " noenhanced";
  if (!canvas.is_text())
    multiplot +=
        fmt::format(" margins {},{},{},{} spacing {},{}", number(canvas.wide(panel_left), 4),
                    number(1 - canvas.wide(panel_right), 4), number(canvas.high(panel_bottom), 4),
                    number(1 - canvas.high(panel_top + heading), 4), number(canvas.wide(panel_left + panel_right), 4),
                    number(canvas.high(panel_top + panel_bottom), 4));
  script.line(multiplot);
  const std::vector<Group> parts = groups(scene);
  Look look;
  look.legend = false;
  look.dashed = false;
  look.text = canvas.is_text();
  look.marker = canvas.marker(0.45);
  look.line = 1.5;
  for (std::size_t s = 0; s < parts.size(); ++s) {
    std::vector<std::string> elements = ground(scene, look);
    elements.push_back(path_element(scene, s, parts[s], look));
    add_lost(elements, scene, s, look);
    add_marks(elements, scene, look);
    script.title(scene.series[s].label, "", layout.columns);
    script.list("plot", elements);
  }
  script.line("unset multiplot");
  return script.take();
}

}  // namespace optexplore::picture
