#include "picture/basins.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "picture/gnuplot/characters.hpp"
#include "picture/gnuplot/legend.hpp"
#include "picture/gnuplot/pictures.hpp"
#include "picture/heatmap.hpp"

namespace optexplore::picture {
namespace {

/// The colour of one ending and shade: towards white for quick runs, towards black for slow ones.
unsigned mixed(const std::string& colour, bool shaded, std::size_t shade) {
  const unsigned long rgb = std::stoul(colour.substr(1), nullptr, 16);
  if (!shaded) return static_cast<unsigned>(rgb);
  const double part = static_cast<double>(shade) / (Basins::shades - 1);
  unsigned result = 0;
  for (const unsigned shift : {16U, 8U, 0U}) {
    const auto channel = static_cast<double>((rgb >> shift) & 0xFFU);
    const double light = channel + (255 - channel) * 0.45, dark = channel * 0.55;
    result |= static_cast<unsigned>(std::lround(light + (dark - light) * part)) << shift;
  }
  return result;
}

std::string panel_name(std::size_t panel) { return "ends" + std::to_string(panel + 1); }

char letter(std::size_t ending) { return static_cast<char>('A' + ending % 26); }

void write_text(Script& script, const Basins& basins, const Canvas& canvas, const std::array<Interval, 2>& range) {
  std::array<std::size_t, 2> cells = character_cells(canvas, basins.panels.size());
  std::array<double, 2> first = {0, 0}, step = {0, 0};
  for (std::size_t k = 0; k < 2; ++k) {
    step[k] = (range[k].high - range[k].low) / static_cast<double>(cells[k]);
    first[k] = range[k].low + step[k] / 2;
  }
  for (std::size_t p = 0; p < basins.panels.size(); ++p)
    write_characters(script, panel_name(p), cells, first, step, [&](std::size_t i, std::size_t j) {
      const std::size_t x = (2 * i + 1) * basins.cells[0] / (2 * cells[0]);
      const std::size_t y = (2 * j + 1) * basins.cells[1] / (2 * cells[1]);
      return letter(basins.panels[p].ending[y * basins.cells[0] + x]);
    });
}

void write_data(Script& script, const Basins& basins) {
  script.comment("A line per start of the second coordinate; colours by number");
  std::string table;
  for (const Basins::Ending& ending : basins.endings)
    for (std::size_t shade = 0; shade < Basins::shades; ++shade)
      table += fmt::format("{}0x{:06X}", table.empty() ? "" : ", ", mixed(ending.colour, ending.shaded, shade));
  script.line(fmt::format("array colour[{}] = [{}]", basins.endings.size() * Basins::shades, table));
  for (std::size_t p = 0; p < basins.panels.size(); ++p) {
    const Basins::Panel& panel = basins.panels[p];
    std::string text;
    for (std::size_t i = 0; i < panel.ending.size(); ++i) {
      text += std::to_string(panel.ending[i] * Basins::shades + panel.shade[i] + 1);
      text += (i + 1) % basins.cells[0] == 0 ? '\n' : ' ';
    }
    script.begin_data(panel_name(p));
    script.raw(text);
    script.end_data();
  }
  script.begin_data("minimizers");
  for (const Basins::Ending& ending : basins.endings)
    if (ending.place) script.row(*ending.place, 9);
  if (std::none_of(basins.endings.begin(), basins.endings.end(), [](const auto& e) { return e.place.has_value(); }))
    script.raw("NaN NaN\n");
  script.end_data();
}

}  // namespace

std::string basins_script(const Basins& basins, const Canvas& canvas) {
  Script script(canvas, "Where runs end on " + basins.title);
  std::array<Interval, 2> range;
  std::array<double, 2> step = {0, 0};
  for (std::size_t k = 0; k < 2; ++k) {
    const auto [low, high] = basins.range[k];
    const auto cells = static_cast<double>(basins.cells[k]);
    // The first and the last start are the middles of their cells.
    step[k] = (high - low) / std::max(cells - 1, 1.0);
    range[k] = {low - step[k] / 2, high + step[k] / 2};
  }
  if (canvas.is_text())
    write_text(script, basins, canvas, range);
  else
    write_data(script, basins);
  script.blank();
  script.line("set xrange " + range_text(range[0]));
  script.line("set yrange " + range_text(range[1]));
  const double ratio = (range[1].high - range[1].low) / (range[0].high - range[0].low);
  const bool equal = ratio > 0.3 && ratio < 3.3;
  if (equal && !canvas.is_text()) script.line("set size ratio -1  # equal units");
  script.line("set tics out nomirror scale 0.6");
  script.line("set border linecolor rgb '#404040'");
  std::vector<LegendEntry> entries;
  for (std::size_t e = 0; e < basins.endings.size(); ++e)
    entries.push_back({.label = basins.endings[e].label,
                       .style = {basins.endings[e].colour, {}, 0},
                       .point = canvas.is_text() ? letter(e) - 'A' + 1 : 5,
                       .size = canvas.marker(2)});
  const std::string title = canvas.title.value_or(basins.title);
  const bool several = basins.panels.size() > 1;
  const Legend legend(canvas, entries);
  const Interval area = set_margins(script, canvas, legend, several ? 3 : 2);
  const Panels panels(canvas, basins.panels.size(), area, 22);
  script.line(tics_text(canvas, range, panels.width(), panels.height(), equal));
  const Layout layout = panels.layout();
  // Letters have no shades.
  const std::string behind = basins.steps_text.empty() || canvas.is_text() ? "" : " — " + basins.steps_text;
  if (several)
    script.line(fmt::format("set multiplot layout {},{} title {} noenhanced", layout.rows, layout.columns,
                            in_quotes(script.fitting(title + behind))));
  for (std::size_t p = 0; p < basins.panels.size(); ++p) {
    script.line(panels.begin(p, "start " + basins.labels[0], "start " + basins.labels[1]));
    if (several)
      script.title(basins.panels[p].label, "", layout.columns);
    else
      script.title(title + ": " + basins.panels[p].label, canvas.is_text() ? "" : basins.steps_text);
    if (p + 1 == basins.panels.size()) legend.write(script);
    if (canvas.is_text()) {
      script.list("plot", {character_element(panel_name(p))});
      continue;
    }
    std::vector<std::string> parts = {
        fmt::format(
            "${0} matrix using ({1}+{2}*$1):({3}+{4}*$2):(colour[int($3)] >> 16):((colour[int($3)] >> 8) & 255):"
            "(colour[int($3)] & 255) with rgbimage notitle",
            panel_name(p), number(basins.range[0].low, 9), number(step[0], 9), number(basins.range[1].low, 9),
            number(step[1], 9)),
        fmt::format(
            "$minimizers using 1:2 with points linecolor rgb 'white' linewidth 4 pointtype 1 pointsize {} notitle",
            number(canvas.marker(2))),
        fmt::format(
            "$minimizers using 1:2 with points linecolor rgb 'black' linewidth 2 pointtype 1 pointsize {} notitle",
            number(canvas.marker(1.8)))};
    script.list("plot", parts);
  }
  if (several) script.line("unset multiplot");
  return script.take();
}

}  // namespace optexplore::picture
