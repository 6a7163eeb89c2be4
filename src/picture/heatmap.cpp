#include "picture/heatmap.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optexplore/error.hpp>

#include "experiment/hyperparameters.hpp"
#include "picture/scene.hpp"
#include "picture/sweep_rows.hpp"
#include "picture/view.hpp"
#include "program/build.hpp"
#include "study/diagnostics.hpp"
#include "text/caret.hpp"
#include "text/place.hpp"
#include "text/suggest.hpp"

namespace optexplore::picture {
namespace {

constexpr std::size_t line_points = 400;
constexpr std::uint64_t most_runs = 20'000'000;

/// The names of the settings that an optimizer varies over fixed values.
std::vector<std::string> varied_names(const OptimizerSpec& optimizer) {
  std::vector<std::string> result;
  for (const experiment::Hyperparameter& each : experiment::hyperparameters(optimizer)) {
    const auto* varied = std::get_if<Variation>(each.setting);
    if (varied == nullptr) continue;
    if (varied->random())
      throw InputError("a heat map needs settings on a grid, '" + each.name + "' is drawn at random", "",
                       optimizer.pointer);
    if (each.alternatives() != nullptr)
      throw InputError("a heat map needs settings that are numbers, '" + each.name + "' goes through formulas", "",
                       optimizer.pointer);
    result.push_back(each.name);
  }
  return result;
}

std::vector<std::string> common_settings(const Experiment& experiment) {
  std::vector<std::string> first;
  for (const OptimizerSpec& optimizer : experiment.optimizers) {
    const std::vector<std::string> names = varied_names(optimizer);
    std::string found;
    for (const std::string& name : names) found += (found.empty() ? ": " : ", ") + name;
    if (names.size() != 2)
      throw InputError("a heat map needs two settings that vary, as in sgd:lr=[0.1,0.2,0.5],momentum=[0,0.5,0.9]; '" +
                           optimizer.label + "' has " + std::to_string(names.size()) + found,
                       "", "--kind");
    if (first.empty()) first = names;
    if (names != first)
      throw InputError("all optimizers of a heat map must vary the same settings, here " + first[0] + " and " +
                           first[1] + "; '" + optimizer.label + "' has " + names[0] + " and " + names[1],
                       "", "--kind");
  }
  return first;
}

/// Whether the values are evenly spaced in their logarithm, and not in themselves.
bool log_spaced(const std::vector<double>& values) {
  if (values.size() < 3 || !(values.front() > 0)) return false;
  const double ratio = std::log(values.back() / values.front()) / static_cast<double>(values.size() - 1);
  for (std::size_t i = 0; i < values.size(); ++i)
    if (std::fabs(std::log(values[i] / values.front()) - ratio * static_cast<double>(i)) > 0.05 * ratio) return false;
  return true;
}

void add_value(std::vector<double>& values, double value) {
  const auto at = std::lower_bound(values.begin(), values.end(), value);
  if (at == values.end() || *at != value) values.insert(at, value);
}

std::size_t index_of(const std::vector<double>& values, double value) {
  return static_cast<std::size_t>(std::lower_bound(values.begin(), values.end(), value) - values.begin());
}

double median(std::vector<double> values) {
  std::erase_if(values, [](double v) { return std::isnan(v); });
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::sort(values.begin(), values.end());
  return values[(values.size() - 1) / 2];
}

/// What comes together in one pair of settings.
struct Cell {
  double x = 0, y = 0;
  std::size_t optimizer = 0;
  std::vector<double> values;
  std::size_t runs = 0, lost = 0;
};

struct Finished {
  double x, y;
  std::size_t optimizer;
  double value;
  bool lost;
};

/// A coordinate of the map by its name, or by what follows the dot in it.
std::optional<int> axis_of(const Heatmap& map, const std::string& name) {
  const auto is = [&](const std::string& full) {
    return full == name || (full.size() > name.size() && full.ends_with("." + name));
  };
  if (is(map.x.name)) return 0;
  if (is(map.y.name)) return 1;
  return std::nullopt;
}

/// What an expression has for an axis: its name, or its rule's own name for it.
std::vector<std::string> names_of(const Heatmap::Axis& axis) {
  return {axis.name, axis.name.substr(axis.name.rfind('.') + 1)};
}

/// The value of an expression of one setting.
double value_at(const Formula& formula, const std::vector<std::string>& names, double setting) {
  program::Graph graph;
  program::Scope scope;
  for (const std::string& name : names) scope.set(name, graph.constant(setting));
  return graph.constant_element(program::build_scalar(graph, formula.tree(), scope, "a curve's height"), 0);
}

Heatmap::Line read_line(const Heatmap& map, const std::string& text) {
  const std::size_t equals = text.find('=');
  std::string name = text.substr(0, equals);
  while (!name.empty() && name.back() == ' ') name.pop_back();
  const std::optional<int> axis = equals == std::string::npos ? std::nullopt : axis_of(map, name);
  if (!axis)
    throw InputError("expected " + map.x.name + "=… or " + map.y.name + "=…, an expression of the other one, found '" +
                         text + "'" + text::did_you_mean(name, {names_of(map.x).back(), names_of(map.y).back()}),
                     "", "--line");
  const Heatmap::Axis& other = *axis == 0 ? map.y : map.x;
  Heatmap::Line line;
  line.text = text;
  text::with_place("--line", [&] {
    const Formula formula = Formula::read(text.substr(equals + 1));
    const double low = other.values.front(), high = other.values.back();
    for (std::size_t i = 0; i < line_points; ++i) {
      const double part = static_cast<double>(i) / static_cast<double>(line_points - 1);
      const double at = other.log ? low * std::pow(high / low, part) : low + (high - low) * part;
      const double value = value_at(formula, names_of(other), at);
      line.points.push_back(*axis == 0 ? std::array<double, 2>{value, at} : std::array<double, 2>{at, value});
    }
  });
  return line;
}

/// @param angle  the values are angles
void take_logarithms(Heatmap& map, std::optional<bool> log, bool angle) {
  double least = std::numeric_limits<double>::infinity(), greatest = 0;
  std::vector<double> all;
  for (const HeatmapPanel& panel : map.panels)
    for (const double v : panel.values) {
      if (!std::isnan(v)) all.push_back(v);
      if (v > 0) least = std::min(least, v);
      greatest = std::max(greatest, v);
    }
  if (log == true && !(greatest > 0))
    throw InputError("'" + map.value_name + "' has no positive values for a logarithmic scale", "", "--log");
  map.log = log.value_or(!angle && fits_logarithm(std::move(all)));
  if (!map.log) return;
  for (HeatmapPanel& panel : map.panels)
    for (double& v : panel.values)
      if (!std::isnan(v)) v = std::log10(std::max(v, least));
}

}  // namespace

bool varies_two_settings(const Experiment& experiment) {
  try {
    common_settings(experiment);
    return true;
  } catch (const InputError&) {
    return false;
  }
}

Heatmap make_heatmap(const Experiment& experiment, const HeatmapOptions& options) {
  Heatmap map;
  const FunctionSpec& function = only_function(experiment);
  const std::vector<std::string> names = common_settings(experiment);
  map.title = function.entry.title.empty() ? function.entry.definition.text() : function.entry.title;
  map.x.name = names[0];
  map.y.name = names[1];
  drive::SweepOptions sweep_options;
  sweep_options.target = options.target;
  ColumnSpec column = function.minimum ? ColumnSpec{"final gap", "gap"} : ColumnSpec{"f_final", {}};
  if (options.column) column = *options.column;
  map.value_name = column.name;
  if (options.target && column.name != "steps_to_target" &&
      column.expression.text().find("steps_to_target") == std::string::npos)
    throw InputError("a heat map shows it in --column steps_to_target alone, found '" + column.name + "'", "",
                     "--target");
  sweep_options.columns = {{"optimizer", {}}, {"status", {}},  {names[0], {}},
                           {names[1], {}},    {"f_start", {}}, {"f_final", {}}};
  if (std::ranges::find(sweep_options.columns, column.name, &ColumnSpec::name) == sweep_options.columns.end())
    sweep_options.columns.push_back(column);
  const drive::Sweep sweep(experiment, sweep_options);
  if (sweep.schema().columns.size() != sweep_options.columns.size())
    throw InputError("expected one column of numbers, '" + column.name + "' has several", "", "--column");
  if (sweep.runs() > most_runs)
    throw InputError("a heat map shows at most " + std::to_string(most_runs) + " runs, found " +
                     std::to_string(sweep.runs()));

  // The runs of a pair of settings follow one another.
  std::vector<Finished> cells;
  std::optional<Cell> open;
  const auto close = [&] {
    if (open) cells.push_back({open->x, open->y, open->optimizer, median(open->values), 2 * open->lost >= open->runs});
  };
  const auto place = [&sweep](const std::string& name) { return sweep.schema().column(name); };
  const std::size_t optimizer = place("optimizer"), status = place("status"), f_start = place("f_start"),
                    f_final = place("f_final"), value = place(column.name), x = place(names[0]), y = place(names[1]);
  for_each_block(sweep, options.jobs, options.quiet, [&](const Block& block, std::uint64_t) {
    for (std::size_t r = 0; r < block.rows; ++r) {
      const auto of = static_cast<std::size_t>(block.at(optimizer, r));
      if (!open || open->x != block.at(x, r) || open->y != block.at(y, r) || open->optimizer != of) {
        close();
        open = Cell{block.at(x, r), block.at(y, r), of, {}, 0, 0};
      }
      const bool diverged = failed(static_cast<Status>(static_cast<int>(block.at(status, r))));
      const bool lost = diverged || !(block.at(f_final, r) <= block.at(f_start, r));
      ++open->runs;
      open->lost += lost ? 1 : 0;
      const double shown = block.at(value, r);
      open->values.push_back(std::isfinite(shown) && !lost ? shown : std::numeric_limits<double>::quiet_NaN());
    }
  });
  close();

  for (const Finished& cell : cells) {
    add_value(map.x.values, cell.x);
    add_value(map.y.values, cell.y);
  }
  for (Heatmap::Axis* axis : {&map.x, &map.y}) {
    if (axis->values.size() < 2)
      throw InputError("a heat map needs at least two values of " + axis->name + ", found one", "", "--kind");
    axis->log = log_spaced(axis->values);
  }
  const std::size_t nx = map.x.values.size(), ny = map.y.values.size();
  for (const OptimizerSpec& spec : experiment.optimizers)
    map.panels.push_back({spec.label, std::vector<double>(nx * ny, std::nan("")), std::vector<bool>(nx * ny, false)});
  for (const Finished& cell : cells) {
    const std::size_t at = index_of(map.y.values, cell.y) * nx + index_of(map.x.values, cell.x);
    map.panels[cell.optimizer].values[at] = cell.lost ? std::nan("") : cell.value;
    map.panels[cell.optimizer].lost[at] = cell.lost;
  }
  take_logarithms(map, options.log, column.expression.empty() && study::is_angle(column.name));
  for (const std::string& line : options.lines) map.lines.push_back(read_line(map, line));
  return map;
}

}  // namespace optexplore::picture
