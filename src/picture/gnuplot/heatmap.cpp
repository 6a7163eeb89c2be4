#include "picture/heatmap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "picture/gnuplot/characters.hpp"
#include "picture/gnuplot/legend.hpp"
#include "picture/gnuplot/pictures.hpp"

namespace optexplore::picture {
namespace {

/// Vector formats smooth a bitmap of fewer cells; they are drawn one by one.
constexpr std::size_t most_single_cells = 10'000;
/// Along each axis; gnuplot takes 10 seconds for a million cells, and no page shows them.
constexpr std::size_t most_cells = 600;
/// The room at the right of the colours and their name, in pixels.
constexpr double colour_box = 145;
/// gnuplot warns of matrices with NaN.
constexpr const char* no_value = "-1e99";
constexpr int lost_grey = 0x8C, nothing_grey = 0xEC;

bool evenly_spaced(const std::vector<double>& values) {
  const double step = (values.back() - values.front()) / static_cast<double>(values.size() - 1);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (std::fabs(values[i] - values.front() - step * static_cast<double>(i)) > 0.05 * step) return false;
  return true;
}

/// An axis on which the cells are evenly spaced: the values, their logarithms, or, for a list of any values, their
/// numbers.
class CellAxis {
 public:
  /// @param cells  how many to draw: fewer than there are values, or more
  CellAxis(const Heatmap::Axis& axis, std::size_t cells)
      : axis_(&axis), cells_(cells), numbered_(!axis.log && !evenly_spaced(axis.values)) {
    const auto count = static_cast<double>(axis.values.size());
    const double from = place(axis.values.front()), to = place(axis.values.back());
    const double half = (to - from) / (count - 1) / 2;
    range_ = {from - half, to + half};
    step_ = (range_.high - range_.low) / static_cast<double>(cells);
  }

  [[nodiscard]] std::size_t cells() const { return cells_; }
  /// The number of the value that a cell shows.
  [[nodiscard]] std::size_t index(std::size_t cell) const {
    return (2 * cell + 1) * axis_->values.size() / (2 * cells_);
  }
  /// The middle of the first cell.
  [[nodiscard]] double first() const { return range_.low + step_ / 2; }
  [[nodiscard]] double step() const { return step_; }
  [[nodiscard]] Interval range() const { return range_; }

  /// Where a value stands.
  [[nodiscard]] double place(double value) const {
    if (axis_->log) return value > 0 ? std::log10(value) : std::nan("");
    if (!numbered_) return value;
    const std::vector<double>& values = axis_->values;
    if (value < values.front() || value > values.back()) return std::nan("");
    const auto at = std::upper_bound(values.begin(), values.end() - 1, value);
    const auto i = static_cast<std::size_t>(at - values.begin());
    return static_cast<double>(i - 1) + (value - values[i - 1]) / (values[i] - values[i - 1]);
  }

  /// @param most  labels
  [[nodiscard]] std::string tics(const char* name, double most) const {
    if (!axis_->log && !numbered_) return fmt::format("set {}tics {}", name, number(tic_step(range(), most)));
    std::string list;
    const auto add = [&](const std::string& label, double at, bool minor) {
      list += fmt::format("{}'{}' {}{}", list.empty() ? "" : ", ", label, number(at, 7), minor ? " 1" : "");
    };
    if (numbered_) {
      const auto every = static_cast<std::size_t>(std::ceil(static_cast<double>(axis_->values.size()) / (most * 1.25)));
      for (std::size_t i = 0; i < axis_->values.size(); i += every)
        add(number(axis_->values[i], 4), static_cast<double>(i), false);
      return fmt::format("set {}tics ({})", name, list);
    }
    const auto [low, high] = range();
    const int every = std::max(1, static_cast<int>(std::ceil((high - low) / most)));
    const bool short_axis = high - low < 2 && 3 * (high - low) <= most;  // decades alone would be too few
    for (int decade = static_cast<int>(std::floor(low)); decade <= static_cast<int>(std::ceil(high)); ++decade)
      for (int digit = 1; digit < 10; ++digit) {
        const double at = decade + std::log10(digit);
        if (at < low || at > high) continue;
        const bool labelled = digit == 1 ? decade % every == 0 : short_axis && (digit == 2 || digit == 5);
        if (!labelled && every > 1 && digit > 1) continue;
        const bool plain = decade >= -3 && decade <= 3;
        const std::string label = plain        ? number(std::pow(10, decade) * digit, 4)
                                  : digit == 1 ? fmt::format("10^{{{}}}", decade)
                                               : fmt::format("{}·10^{{{}}}", digit, decade);
        add(labelled ? label : "", at, !labelled);
      }
    return fmt::format("set {}tics ({})", name, list);
  }

 private:
  const Heatmap::Axis* axis_;
  std::size_t cells_;
  bool numbered_;
  Interval range_;
  double step_ = 1;
};

std::string panel_name(const char* what, std::size_t panel) { return what + std::to_string(panel + 1); }

bool any_lost(const HeatmapPanel& panel) {
  return std::find(panel.lost.begin(), panel.lost.end(), true) != panel.lost.end();
}

bool any_nothing(const HeatmapPanel& panel) {
  for (std::size_t i = 0; i < panel.values.size(); ++i)
    if (std::isnan(panel.values[i]) && !panel.lost[i]) return true;
  return false;
}

template <class Write>
void write_matrix(Script& script, const std::string& name, std::size_t columns, std::size_t count, Write write) {
  script.begin_data(name);
  for (std::size_t i = 0; i < count; ++i) {
    script.raw(write(i));
    script.raw((i + 1) % columns == 0 ? "\n" : " ");
  }
  script.end_data();
}

/// The panel with a value for each cell that is drawn.
HeatmapPanel resampled(const HeatmapPanel& panel, const CellAxis& x, const CellAxis& y, std::size_t nx) {
  HeatmapPanel result;
  result.label = panel.label;
  for (std::size_t j = 0; j < y.cells(); ++j)
    for (std::size_t i = 0; i < x.cells(); ++i) {
      const std::size_t from = y.index(j) * nx + x.index(i);
      result.values.push_back(panel.values[from]);
      result.lost.push_back(panel.lost[from]);
    }
  return result;
}

/// The least and the greatest value.
Interval limits(const Heatmap& map) {
  double low = std::nan(""), high = std::nan("");
  for (const HeatmapPanel& panel : map.panels)
    for (const double v : panel.values) {
      low = std::fmin(low, v);
      high = std::fmax(high, v);
    }
  if (std::isnan(low)) return {0, 1};
  return {low, low < high ? high : low + 1};
}

void write_text_panel(Script& script, const Heatmap& map, std::size_t p, const CellAxis& x, const CellAxis& y) {
  const HeatmapPanel& panel = map.panels[p];
  const auto [low, high] = limits(map);
  write_characters(script, panel_name("map", p), {x.cells(), y.cells()}, {x.first(), y.first()}, {x.step(), y.step()},
                   [&, low = low, high = high](std::size_t i, std::size_t j) {
                     const std::size_t at = j * x.cells() + i;
                     if (panel.lost[at]) return 'x';
                     return std::isnan(panel.values[at]) ? ' '
                                                         : shade_character((panel.values[at] - low) / (high - low));
                   });
}

void write_data(Script& script, const Heatmap& map, const CellAxis& x, const CellAxis& y, const Canvas& canvas) {
  const std::size_t nx = x.cells();
  for (std::size_t p = 0; p < map.panels.size(); ++p) {
    const HeatmapPanel& panel = map.panels[p];
    if (canvas.is_text()) {
      write_text_panel(script, map, p, x, y);
      continue;
    }
    script.comment("A line per value of " + map.y.name + ", a number per value of " + map.x.name);
    write_matrix(script, panel_name("map", p), nx, panel.values.size(), [&](std::size_t i) {
      return std::isnan(panel.values[i]) ? std::string(no_value) : number(panel.values[i], 5);
    });
    if (!any_lost(panel) && !any_nothing(panel)) continue;
    script.comment("1: diverged or above the start, 2: no number");
    write_matrix(script, panel_name("state", p), nx, panel.values.size(), [&](std::size_t i) {
      return std::string(panel.lost[i] ? "1" : std::isnan(panel.values[i]) ? "2" : "0");
    });
  }
  for (std::size_t k = 0; k < map.lines.size(); ++k) {
    script.begin_data(panel_name("line", k));
    for (const auto& [px, py] : map.lines[k].points)
      script.raw(number(x.place(px), 7) + " " + number(y.place(py), 7) + "\n");
    script.end_data();
  }
}

void write_colours(Script& script, const Heatmap& map) {
  const auto [low, high] = limits(map);
  // Dark to light, evenly bright for every reader (the stops of matplotlib's viridis, by van der Walt & Smith).
  script.line("set palette defined (0 '#440154', 1 '#3B528B', 2 '#21918C', 3 '#5EC962', 4 '#FDE725')");
  script.line("set cbrange " + range_text({low, high}));
  if (map.log) {
    script.line(fmt::format("set cbtics {}", number(std::max(1.0, std::ceil((high - low) / 8)))));
    script.line("set format cb '10^{%.0f}'");
  }
  script.line("set cblabel " + in_quotes(map.value_name) + " noenhanced");
}

/// How a curve over the map looks.
Style line_of(std::size_t index) {
  static const std::array<std::vector<double>, 3> dashes = {{{}, {12, 6}, {4, 4}}};
  return {"#D0104C", dashes[index % dashes.size()], 0};
}

std::size_t line_pen(const Canvas& canvas, std::size_t index) { return canvas.is_text() ? index + 1 : 0; }

std::vector<std::string> elements(const Heatmap& map, std::size_t p, const CellAxis& x, const CellAxis& y,
                                  const Canvas& canvas) {
  const HeatmapPanel& panel = map.panels[p];
  const std::string places = fmt::format("({}+{}*$1):({}+{}*$2)", number(x.first(), 9), number(x.step(), 9),
                                         number(y.first(), 9), number(y.step(), 9));
  std::vector<std::string> result;
  if (canvas.is_text()) {
    result.push_back(character_element(panel_name("map", p)));
    for (std::size_t k = 0; k < map.lines.size(); ++k)
      result.push_back("$" + panel_name("line", k) + " using 1:2 with lines " +
                       line_style(line_of(k), 2, line_pen(canvas, k)) + " notitle");
    return result;
  }
  const auto add = [&](const std::string& element) {
    result.push_back(element + " notitle");
    const bool vector = canvas.kind == Canvas::Kind::svg || canvas.kind == Canvas::Kind::pdf;
    // Cells drawn one by one have seams; the bitmap below fills them with the right colour.
    if (vector && panel.values.size() <= most_single_cells) result.push_back(element + " pixels notitle");
  };
  if (any_lost(panel) || any_nothing(panel))
    add(fmt::format("${} matrix using {}:(grey($3)):(grey($3)):(grey($3)) with rgbimage", panel_name("state", p),
                    places));
  if (std::any_of(panel.values.begin(), panel.values.end(), [](double v) { return !std::isnan(v); }))
    add(fmt::format("${} matrix using {}:($3 > {} ? $3 : NaN) with image", panel_name("map", p), places, no_value));
  for (std::size_t k = 0; k < map.lines.size(); ++k) {
    result.push_back(
        fmt::format("${} using 1:2 with lines linecolor rgb 'white' linewidth 4 notitle", panel_name("line", k)));
    result.push_back(
        fmt::format("${} using 1:2 with lines {} notitle", panel_name("line", k), line_style(line_of(k), 2)));
  }
  return result;
}

/// The curves, and what the cells mean: those of letters, and those without a value.
std::vector<LegendEntry> legend_entries(const Heatmap& map, const Canvas& canvas) {
  std::vector<LegendEntry> entries;
  for (std::size_t k = 0; k < map.lines.size(); ++k)
    entries.push_back({.label = map.lines[k].text, .style = line_of(k), .line = 2, .pen = line_pen(canvas, k)});
  if (canvas.is_text()) {
    const auto [low, high] = limits(map);
    entries.push_back({.label = fmt::format("{}{}: {} from {} to {}", map.log ? "log10 " : "", map.value_name,
                                            shade_characters, number(low, 3), number(high, 3)),
                       .style = {}});
    if (std::ranges::any_of(map.panels, any_lost))
      entries.push_back(
          {.label = "diverged, or f above its start", .style = {dark_grey, {}, 0}, .point = 'x' - 'A' + 1});
    return entries;
  }
  const auto add = [&](const char* colour, const std::string& text) {
    entries.push_back({.label = text, .style = {colour, {}, 0}, .point = 5, .size = canvas.marker(2)});
  };
  if (std::ranges::any_of(map.panels, any_lost)) add("#8C8C8C", "diverged, or f above its start");
  if (std::ranges::any_of(map.panels, any_nothing)) add("#ECECEC", "no " + map.value_name);
  return entries;
}

}  // namespace

Canvas maps_canvas(std::size_t panels, Canvas canvas) {
  const Layout layout = panel_layout(panels);
  if (panels < 2) return canvas;
  canvas.width = static_cast<unsigned>(std::min<std::size_t>(200 + 360 * layout.columns, 2000));
  canvas.height = static_cast<unsigned>(std::min<std::size_t>(150 + 340 * layout.rows, 2400));
  return canvas;
}

std::string heatmap_script(const Heatmap& whole, const Canvas& canvas) {
  std::array<std::size_t, 2> cells = {std::min(whole.x.values.size(), most_cells),
                                      std::min(whole.y.values.size(), most_cells)};
  if (canvas.is_text()) cells = character_cells(canvas, whole.panels.size());
  const CellAxis x(whole.x, cells[0]), y(whole.y, cells[1]);
  Heatmap map = whole;
  for (HeatmapPanel& panel : map.panels) panel = resampled(panel, x, y, whole.x.values.size());
  Script script(canvas, map.value_name + " over " + map.x.name + " and " + map.y.name + " on " + map.title);
  write_data(script, map, x, y, canvas);
  script.blank();
  if (canvas.is_text())
    script.line("unset colorbox");
  else
    write_colours(script, map);
  script.line(fmt::format("grey(state) = state == 1 ? {} : state == 2 ? {} : 255", lost_grey, nothing_grey));
  script.line("set xrange " + range_text(x.range()));
  script.line("set yrange " + range_text(y.range()));
  script.line("set tics out nomirror scale 0.6,0.3");
  script.line("set border linecolor rgb '#404040'");
  const std::string title = canvas.title.value_or(map.title);
  const bool several = map.panels.size() > 1;
  const Legend legend(canvas, legend_entries(map, canvas));
  const Interval area = set_margins(script, canvas, legend, (title.empty() ? 0U : 1U) + (several ? 2U : 1U));
  const Panels panels(canvas, map.panels.size(), area, colour_box);
  const Layout layout = panels.layout();
  // Labels two lines apart, and at the lower axis as far as a number of six digits.
  script.line(x.tics("x", std::clamp(panels.width() / (5.5 * canvas.em()), 2.0, 8.0)));
  script.line(y.tics("y", std::clamp(panels.height() / (1.7 * canvas.line()), 2.0, 8.0)));
  if (several) {
    script.line(fmt::format("set multiplot layout {},{}{}", layout.rows, layout.columns,
                            title.empty() ? "" : " title " + in_quotes(script.fitting(title)) + " noenhanced"));
  }
  for (std::size_t p = 0; p < map.panels.size(); ++p) {
    const bool last = p + 1 == map.panels.size();
    script.line(panels.begin(p, map.x.name, map.y.name));
    if (several) {
      const bool edge = p % layout.columns + 1 == layout.columns || last;
      script.line(edge && !canvas.is_text() ? "set colorbox" : "unset colorbox");
      script.title(map.panels[p].label, "", layout.columns);
    } else {
      script.title(title, map.panels[p].label);
    }
    if (last) legend.write(script);
    script.list("plot", elements(map, p, x, y, canvas));
  }
  if (several) script.line("unset multiplot");
  return script.take();
}

}  // namespace optexplore::picture
