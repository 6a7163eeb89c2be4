#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "picture/gnuplot/legend.hpp"
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
      fmt::format("sqrt({}) on a grid: the square root is what runs most evenly between its points; -1: no number",
                  scene.levels.sign < 0 ? number(scene.levels.base) + " - f" : "f - " + number(scene.levels.base)));
  script.begin_data("field");
  script.raw(std::to_string(nx));
  for (std::size_t i = 0; i < nx; ++i) script.raw(" " + number(place(scene.grid_range[0], i, nx), digits));
  script.raw("\n");
  for (std::size_t j = 0; j < ny; ++j) {
    script.raw(number(place(scene.grid_range[1], j, ny), digits_y));
    for (std::size_t i = 0; i < nx; ++i) {
      const double f = scene.values[j * nx + i];
      const double root = std::sqrt(std::max(scene.levels.gap_of(f), 0.0));
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
  script.comment(std::string("Contours, evenly spaced in the logarithm of f ") +
                 (scene.levels.sign < 0 ? "below its maximum" : "above its minimum"));
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
    script.line("set palette defined (0 '#C3D9EA', 0.5 '#E6EEF4', 1 '#FDFDFD')");
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

void write_axes(Script& script) {
  script.line("set tics nomirror out scale 0.6");
  script.line("set border 3 linecolor rgb '#404040'");
}

void write_labels(Script& script, const Scene& scene, const Canvas& canvas, double width, double height) {
  script.line("set xlabel " + axis_label(canvas, scene.plane.labels[0], width) + " noenhanced");
  script.line(y_label_text(canvas, scene.plane.labels[1], height, text::display_width(scene.plane.labels[1]) > 2));
}

struct Look {
  double line = 1.8;
  double marker = 0.55;
  double contour = 0.8;
  std::string step;    ///< only rows up to the step that this gnuplot variable holds; empty: all
  bool text = false;   ///< characters: no room for shades
  bool dashed = true;  ///< a path alone needs no dashes

  [[nodiscard]] std::size_t pen(std::size_t series) const { return text ? series + 2 : 0; }
};

/// A crowd of paths has thin lines without markers.
bool is_crowd(const Group& group) { return group.last - group.first >= 8; }

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
  const bool crowd = is_crowd(group);
  Style style = s.style;
  if (!look.dashed) style.dash.clear();
  const std::string line = line_style(style, crowd ? look.line / 2 : look.line, look.pen(series));
  if (crowd) return fmt::format("$paths index {} using {} with lines {} notitle", index, columns, line);
  const std::size_t interval = group.rows <= most_markers ? 1 : group.rows / some_markers;
  return fmt::format("$paths index {} using {} with linespoints {} pointtype {} pointsize {} pointinterval {} notitle",
                     index, columns, line, point_type(s.style), number(look.marker), interval);
}

void add_lost(std::vector<std::string>& elements, const Scene& scene, std::size_t series, const Look& look) {
  if (lost_of(scene, series).empty()) return;
  elements.push_back(
      fmt::format("${} using 1:2 with points linecolor rgb '{}' linewidth 3 pointtype 2 pointsize {} notitle",
                  lost_name(series), scene.series[series].style.colour, number(look.marker * 3.2)));
}

/// The marks above the paths: where they stand, and their lines of the legend.
struct Marks {
  std::string data;
  LegendEntry entry;
};

std::vector<Marks> marks(const Scene& scene, const Look& look) {
  const auto mark = [](const char* label, int point, double size, double width) {
    return LegendEntry{.label = label, .style = {"#000000", {}, 0}, .point = point, .size = size, .edge = width};
  };
  const std::vector<std::array<double, 2>> begin = starts(scene), minimizers = minimizers_in_view(scene);
  std::vector<Marks> result;
  if (!begin.empty())
    result.push_back({"starts", mark(begin.size() > 1 ? "starts" : "start", 6,
                                     begin.size() > 30 ? look.marker : look.marker * 2.4, 1.5)});
  if (!minimizers.empty())
    result.push_back(
        {"minimizers", mark(minimizers.size() > 1 ? "minimizers" : "minimizer", 1, look.marker * 3.2, 2.2)});
  if (any_lost(scene)) result.push_back({"", mark("diverged", 2, look.marker * 3.2, 3)});  // in colours of their own
  return result;
}

void add_marks(std::vector<std::string>& elements, const Scene& scene, const Look& look) {
  for (const auto& [data, entry] : marks(scene, look))
    if (!data.empty())
      elements.push_back(
          fmt::format("${} using 1:2 with points linecolor rgb 'black' linewidth {} pointtype {} pointsize {} notitle",
                      data, number(entry.edge), entry.point, number(entry.size)));
}

std::string shown_title(const Scene& scene, const Canvas& canvas) { return canvas.title.value_or(scene.title); }

std::size_t title_lines(const Scene& scene, const Canvas& canvas) {
  return (shown_title(scene, canvas).empty() ? 0U : 1U) + (scene.section.empty() ? 0U : 1U);
}

/// A line between points of a graph is only a guide.
Look fitted(const Scene& scene, Look look) {
  if (scene.one_dimensional()) look.line = 1;
  return look;
}

std::vector<LegendEntry> legend_entries(const Scene& scene, const Look& look) {
  std::vector<LegendEntry> entries;
  const std::vector<Group> parts = groups(scene);
  for (std::size_t s = 0; s < parts.size(); ++s) {
    const Style& style = scene.series[s].style;
    entries.push_back({.label = scene.series[s].label,
                       .style = style,
                       .line = look.line,
                       .point = is_crowd(parts[s]) ? 0 : point_type(style),
                       .size = look.marker,
                       .pen = look.pen(s)});
  }
  for (const auto& [data, entry] : marks(scene, look)) entries.push_back(entry);
  return entries;
}

std::vector<std::string> all_elements(const Scene& scene, const Look& look) {
  std::vector<std::string> elements = ground(scene, look);
  const std::vector<Group> parts = groups(scene);
  for (std::size_t s = 0; s < parts.size(); ++s) elements.push_back(path_element(scene, s, parts[s], look));
  if (look.step.empty())
    for (std::size_t s = 0; s < parts.size(); ++s) add_lost(elements, scene, s, look);
  add_marks(elements, scene, look);
  return elements;
}

void write_animation(Script& script, const Scene& scene, const Canvas& canvas, Look look) {
  look.step = "step";
  script.comment("A frame per step of this list; between two steps of a path its line waits.");
  script.raw(fmt::format("array frames[{}] = [", scene.frame_steps.size()));
  for (std::size_t i = 0; i < scene.frame_steps.size(); ++i)
    script.raw((i == 0 ? "" : i % 16 == 0 ? ", \\\n  " : ", ") + std::to_string(scene.frame_steps[i]));
  script.raw("]\n");
  script.line("do for [k = 1:|frames|] {");
  script.line("step = frames[k]");
  const std::string until = shown_title(scene, canvas).empty() ? "step " : " — step ";
  script.line("set title " + in_quotes(script.fitting(shown_title(scene, canvas), 1, until + "1000000") + until) +
              " . step" + (scene.section.empty() ? "" : " . \"\\n\" . " + in_quotes(script.fitting(scene.section))) +
              " noenhanced");
  script.list("plot", all_elements(scene, look));
  script.line("}");
}

}  // namespace

std::string paths_script(const Scene& scene, const Canvas& asked) {
  Look look;
  look.text = asked.is_text();
  look.marker = asked.marker(look.marker);
  look = fitted(scene, look);
  const std::vector<LegendEntry> entries = legend_entries(scene, look);
  const Canvas canvas = with_room(asked, entries);
  Script script(canvas, "Paths on " + scene.title);
  write_scene(script, scene, canvas);
  write_axes(script);
  const Legend legend(canvas, entries);
  const Interval area = set_margins(script, canvas, legend, title_lines(scene, canvas));
  const double width = canvas.width - canvas.side() - canvas.edge(), height = (area.high - area.low) * canvas.height;
  write_labels(script, scene, canvas, width, height);
  script.line(tics_text(canvas, scene.range, width, height, scene.equal));
  legend.write(script);
  script.title(shown_title(scene, canvas), scene.section);
  if (canvas.fps > 0)
    write_animation(script, scene, canvas, look);
  else
    script.list("plot", all_elements(scene, look));
  return script.take();
}

Layout panel_layout(std::size_t count) {
  const auto columns =
      static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(std::max<std::size_t>(count, 1)))));
  return {(count + columns - 1) / columns, columns};
}

Panels::Panels(const Canvas& canvas, std::size_t count, const Interval& area, double right)
    : canvas_(canvas), count_(count), layout_(panel_layout(count)), area_(area), left_(canvas.side()) {
  // Between panels: tics, and the next one's title. One axis' name more stands at the end of short last rows.
  gap_x_ = left_ - (canvas.is_text() ? 3 : canvas.line());
  gap_y_ = canvas.is_text() ? 4 : 3.4 * canvas.line();
  const auto columns = static_cast<double>(layout_.columns), rows = static_cast<double>(layout_.rows);
  const double end = canvas.is_text() ? canvas.edge() : canvas.scale() * right;
  width_ = (canvas.width - left_ - end - gap_x_ * (columns - 1)) / columns;
  height_ = ((area.high - area.low) * canvas.height - gap_y_ * (rows - 1)) / rows;
}

std::string Panels::begin(std::size_t panel, const std::string& x_name, const std::string& y_name) const {
  const std::size_t column = panel % layout_.columns, row = panel / layout_.columns;
  const double x = left_ + static_cast<double>(column) * (width_ + gap_x_);
  const double y = area_.high * canvas_.height - static_cast<double>(row) * (height_ + gap_y_);
  const bool lowest = panel + layout_.columns >= count_;
  return fmt::format(
      "set lmargin at screen {}\nset rmargin at screen {}\nset tmargin at screen {}\nset bmargin at screen {}\n{}\n{}",
      number(canvas_.wide(x), 4), number(canvas_.wide(x + width_), 4), number(canvas_.high(y), 4),
      number(canvas_.high(y - height_), 4),
      lowest ? "set xlabel " + axis_label(canvas_, x_name, width_) + " noenhanced" : "unset xlabel",
      y_label_text(canvas_, column == 0 ? y_name : "", height_));
}

namespace {

/// Sizes of what stands around a panel, in pixels of a canvas of the usual size.
constexpr double panel_left = 58, panel_right = 16, panel_top = 34, panel_bottom = 40;
constexpr double heading = 40;

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
  write_axes(script);
  const Layout layout = panel_layout(scene.series.size());
  const std::string title = shown_title(scene, canvas);
  script.line("unset key");
  const auto rows = static_cast<double>(layout.rows), columns = static_cast<double>(layout.columns);
  // Of letters each panel leaves gnuplot's own margins.
  const double scale = canvas.scale(), left = canvas.is_text() ? 9 : scale * panel_left,
               right = canvas.is_text() ? 2 : scale * panel_right, top = canvas.is_text() ? 3 : scale * panel_top,
               bottom = canvas.is_text() ? 2 : scale * panel_bottom, above = title.empty() ? 0 : scale * heading;
  script.line(tics_text(canvas, scene.range, canvas.width / columns - left - right,
                        (canvas.height - above) / rows - top - bottom, scene.equal));
  std::string multiplot = fmt::format("set multiplot layout {},{}", layout.rows, layout.columns);
  if (!title.empty()) multiplot += " title " + in_quotes(script.fitting(title)) + " noenhanced";
  if (!canvas.is_text())
    multiplot += fmt::format(" margins {},{},{},{} spacing {},{}", number(canvas.wide(left), 4),
                             number(1 - canvas.wide(right), 4), number(canvas.high(bottom), 4),
                             number(1 - canvas.high(top + above), 4), number(canvas.wide(left + right), 4),
                             number(canvas.high(top + bottom), 4));
  script.line(multiplot);
  const std::vector<Group> parts = groups(scene);
  Look look;
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
