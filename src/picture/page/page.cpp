#include "picture/page/page.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optexplore/version.hpp>
#include <utility>
#include <variant>
#include <vector>

#include "json/text.hpp"
#include "study/diagnostics.hpp"
#include "text/number.hpp"

namespace optexplore::picture {
namespace {

using json::json_string;
using json::JsonObject;

/// Bytes of all paths' rows together, at some 9 for each number.
constexpr std::uint64_t most_bytes = 4'000'000;
constexpr std::uint64_t bytes_of_number = 9;
constexpr double pixels = 800;  ///< of the map, at first
constexpr double zoom = 5;      ///< what is left out can't be seen at that zoom either

/// What is seen of a number at any zoom that makes sense.
std::string shown(double value) { return text::number_text(value, json::json_style(6)); }

template <class Values, class Text>
std::string array(const Values& values, Text text) {
  std::string result = "[";
  for (const auto& value : values) {
    if (result.size() > 1) result += ',';
    result += text(value);
  }
  return result + "]";
}

/// In rising order.
std::vector<double> level_values(const Levels& levels) {
  std::vector<double> values;
  for (const double gap : levels.gaps) values.push_back(levels.base + levels.sign * gap);
  std::ranges::sort(values);
  return values;
}

std::string function_json(const Scene& scene) {
  JsonObject object;
  object.add_string("name", scene.function.entry.name);
  object.add_string("text", scene.function.entry.definition.text());
  const bool up = scene.function.entry.maximize;
  const std::string best =
      scene.function.minimum ? json::json_number(scene.function.sign() * *scene.function.minimum) : "null";
  object.add("minimum", up ? "null" : best);
  object.add("maximum", up ? best : "null");
  object.add("minimizers", array(scene.minimizers, [](const std::array<double, 2>& at) { return array(at, shown); }));
  return object.close();
}

std::string axis_json(const Scene& scene, std::size_t axis) {
  JsonObject object;
  object.add_string("label", scene.plane.labels[axis]);
  object.add("range", array(std::array{scene.range[axis].low, scene.range[axis].high}, shown));
  return object.close();
}

std::string value_text(double value) { return text::number_text(value, json::json_style(5)); }

std::string graph_json(const Scene& scene) {
  if (!scene.one_dimensional()) return "null";
  JsonObject object;
  object.add("x", "[" + shown(scene.grid_range[0].low) + "," + shown(scene.grid_range[0].high) + "," +
                      std::to_string(scene.grid[0]) + "]");
  object.add("f", array(scene.values, value_text));
  return object.close();
}

std::string grid_json(const Scene& scene) {
  if (scene.one_dimensional()) return "null";
  const auto axis = [&](std::size_t k) {
    return "[" + shown(scene.grid_range[k].low) + "," + shown(scene.grid_range[k].high) + "," +
           std::to_string(scene.grid[k]) + "]";
  };
  JsonObject object;
  object.add("x", axis(0));
  object.add("y", axis(1));
  object.add("f", array(scene.values, value_text));
  return object.close();
}

std::string columns_json(const Scene& scene) {
  std::vector<std::string> columns;
  for (std::size_t c = 3; c < scene.columns.size(); ++c) {
    const std::string& name = scene.columns[c];
    JsonObject object;
    object.add_string("name", name);
    object.add_string("label", name == "grad_norm" ? "|∇f|" : name);
    object.add("linear", study::is_angle(name) ? "true" : "false");
    columns.push_back(object.close());
  }
  return array(columns, [](const std::string& column) { return column; });
}

std::string hyperparameters_json(const Group& group) {
  JsonObject object;
  for (const Fact& fact : group.facts_of("hyperparameters")) {
    const double* number = std::get_if<double>(&fact.value);
    object.add(fact.name,
               number != nullptr ? json::json_number(*number) : json_string(std::get<std::string>(fact.value)));
  }
  return object.close();
}

std::string data_json(const Scene& scene, const ScenePath& path) {
  const std::size_t width = scene.width(), rows = path.rows.size() / width;
  JsonObject object;
  for (std::size_t c = 0; c < width; ++c) {
    std::string values = "[";
    for (std::size_t r = 0; r < rows; ++r) values += (r == 0 ? "" : ",") + shown(path.rows[r * width + c]);
    static const std::string places[] = {"step", "x", "y"};
    object.add(c < 3 ? places[c] : scene.columns[c], values + "]");
  }
  return object.close();
}

/// The page's number of a marker; see tests/page/README.md.
std::string marker(const Style& style) {
  static const char* const numbers[] = {"0", "1", "2", "4", "3", "5", "0", "1"};
  return numbers[static_cast<std::size_t>(style.marker) % std::size(numbers)];
}

std::string trajectories_json(const Scene& scene) {
  std::map<std::size_t, int> paths_of;
  for (const ScenePath& path : scene.paths) ++paths_of[path.series];
  std::vector<std::string> all;
  for (const ScenePath& path : scene.paths) {
    const Series& series = scene.series[path.series];
    JsonObject object;
    object.add_string(
        "label", series.label + (paths_of[path.series] > 1 ? ", run " + std::to_string(path.group->number + 1) : ""));
    object.add("series", std::to_string(path.series));
    object.add_string("type", path.group->text("type"));
    object.add("hyperparameters", hyperparameters_json(*path.group));
    object.add_string("status", to_string(path.status));
    object.add("steps", std::to_string(path.steps));
    object.add_string("color", series.style.colour);
    object.add("dash", array(series.style.dash, shown));
    object.add("point", marker(series.style));
    object.add("data", data_json(scene, path));
    all.push_back(object.close());
  }
  return array(all, [](const std::string& one) { return one; });
}

/// In one sentence: what the page doesn't show.
std::string thinning(const Scene& scene) {
  const bool thinned = std::ranges::any_of(
      scene.paths, [&](const ScenePath& path) { return path.rows.size() / scene.width() < path.steps + 1; });
  if (!thinned) return "";
  double tolerance = 0;
  for (const ScenePath& path : scene.paths) tolerance = std::max(tolerance, path.tolerance / zoom);
  const std::string limit = text::number_text(tolerance, {.precision = 2});
  return "Of long runs the page has " + std::to_string(scene.frame_steps.size()) +
         " evenly spaced steps, and those between them without which a path would move by more than " + limit +
         " pixels.";
}

std::string document(const Scene& scene, const std::string& title) {
  JsonObject axes;
  axes.add("x", axis_json(scene, 0));
  axes.add("y", axis_json(scene, 1));
  axes.add("equal", scene.equal ? "true" : "false");
  JsonObject object;
  object.add_string("version", version);
  object.add_string("title", title);
  object.add("function", function_json(scene));
  object.add("axes", axes.close());
  object.add("grid", grid_json(scene));
  object.add("graph", graph_json(scene));
  object.add("levels", array(level_values(scene.levels), [](double level) { return json::json_number(level); }));
  object.add("columns", columns_json(scene));
  object.add("series", array(scene.series, [](const Series& series) { return json_string(series.label); }));
  object.add("trajectories", trajectories_json(scene));
  object.add_string("thinning", thinning(scene));
  object.add_string("section", scene.section);
  return object.close();
}

/// Text where HTML has text.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else
      result += c;
  }
  return result;
}

/// JSON inside a script element: "</script>" must not end it.
std::string inside_script(const std::string& json) {
  std::string result;
  result.reserve(json.size());
  for (const char c : json)
    if (c == '<')
      result += "\\u003c";
    else
      result += c;
  return result;
}

}  // namespace

SceneOptions page_scene_options(SceneOptions options, const Experiment& experiment, std::uint64_t trajectories) {
  options.pixels = zoom * pixels;
  options.margin = 0.3;  // the page's window may have another shape than the view, and can be moved
  options.grid = 241;
  if (std::ranges::none_of(options.columns, [](const ColumnSpec& column) { return column.name == "grad_norm"; }))
    options.columns.insert(options.columns.begin(), {"grad_norm", {}});
  const std::uint64_t numbers = 4 + options.columns.size();  // step, place, f
  options.rows = most_bytes / bytes_of_number / numbers;
  // Half of them evenly spaced, for the curves of convergence; the others for the shape of the paths.
  const std::uint64_t share = options.rows / 2 / std::max<std::uint64_t>(trajectories, 1);
  options.frames = std::min(experiment.steps + 1, std::max<std::uint64_t>(share, 100));
  return options;
}

std::string page(const Scene& scene, const std::optional<std::string>& title) {
  const std::string name = title.value_or(scene.title);
  std::string scripts;
  for (std::size_t i = 0; i < page_scripts_count; ++i) scripts += page_scripts[i];
  const std::pair<std::string_view, std::string> places[] = {{"<!--TITLE-->", escaped(name)},
                                                             {"<!--STYLE-->", std::string(page_style)},
                                                             {"<!--SCRIPT-->", std::move(scripts)},
                                                             {"<!--DATA-->", inside_script(document(scene, name))}};
  // What is filled in is not searched for places again.
  std::string result;
  std::string_view rest = page_page;
  while (!rest.empty()) {
    std::size_t nearest = rest.size();
    const std::pair<std::string_view, std::string>* found = nullptr;
    for (const auto& place : places)
      if (const std::size_t at = rest.find(place.first); at < nearest) {
        nearest = at;
        found = &place;
      }
    result += rest.substr(0, nearest);
    if (found == nullptr) break;
    result += found->second;
    rest.remove_prefix(nearest + found->first.size());
  }
  return result;
}

}  // namespace optexplore::picture
