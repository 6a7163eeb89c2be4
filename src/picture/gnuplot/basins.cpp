#include "picture/basins.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "picture/gnuplot/characters.hpp"
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

std::string text_legend(const Basins& basins) {
  std::string text;
  for (std::size_t e = 0; e < basins.endings.size(); ++e)
    text += (e == 0 ? "" : ", ") + std::string(1, letter(e)) + " " + basins.endings[e].label;
  return text;
}

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
  if (ratio > 0.3 && ratio < 3.3 && !canvas.is_text()) script.line("set size ratio -1  # equal units");
  script.line("set tics out nomirror scale 0.6");
  script.line("set border linecolor rgb '#404040'");
  script.line("set xlabel " + quoted("start " + basins.labels[0]) + " noenhanced");
  script.line("set ylabel " + quoted("start " + basins.labels[1]) + " noenhanced");
  std::vector<std::string> labels;
  for (const Basins::Ending& ending : basins.endings) labels.push_back(ending.label);
  const std::string title = canvas.title.value_or(basins.title);
  const bool several = basins.panels.size() > 1;
  const Interval area = script.legend(canvas, labels, several ? 3 : 2);
  const Layout layout = panel_layout(basins.panels.size());
  if (several)
    script.line(
        fmt::format("set multiplot layout {},{} title {} noenhanced", layout.rows, layout.columns,
                    quoted(canvas.is_text() ? text_legend(basins)
                                            : title + (basins.steps_text.empty() ? "" : " — " + basins.steps_text))));
  const auto columns = static_cast<double>(layout.columns), rows = static_cast<double>(layout.rows);
  for (std::size_t p = 0; p < basins.panels.size(); ++p) {
    if (several && !canvas.is_text()) {
      const double left = canvas.wide(80), right = 1 - canvas.wide(22);
      const double gap_x = canvas.wide(80), gap_y = canvas.high(115);
      const std::size_t column_number = p % layout.columns, row_number = p / layout.columns;
      const auto column = static_cast<double>(column_number), row = static_cast<double>(row_number);
      const double width = (right - left - gap_x * (columns - 1)) / columns;
      const double height = (area.high - area.low - gap_y * (rows - 1)) / rows;
      const double x0 = left + column * (width + gap_x), y1 = area.high - row * (height + gap_y);
      script.line(fmt::format(
          "set lmargin at screen {}\nset rmargin at screen {}\nset tmargin at screen {}\nset bmargin at screen {}",
          number(x0, 4), number(x0 + width, 4), number(y1, 4), number(y1 - height, 4)));
    }
    if (several)
      script.title(basins.panels[p].label, "", layout.columns);
    else
      script.title(title + ": " + basins.panels[p].label, canvas.is_text() ? text_legend(basins) : basins.steps_text);
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
    if (p + 1 == basins.panels.size())
      for (const Basins::Ending& ending : basins.endings)
        parts.push_back(fmt::format("NaN with points linecolor rgb '{}' pointtype 5 pointsize {} title {}",
                                    ending.colour, number(canvas.marker(2)), quoted(ending.label)));
    script.list("plot", parts);
  }
  if (several) script.line("unset multiplot");
  return script.take();
}

}  // namespace optexplore::picture
