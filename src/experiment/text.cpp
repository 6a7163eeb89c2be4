#include "experiment/text.hpp"

#include <cmath>

#include "json/text.hpp"
#include "text/number.hpp"
#include "text/wrap.hpp"

namespace optexplore::experiment {
namespace {

using text::join;

/// More coordinates than this are not read, only counted.
constexpr std::size_t most_coordinates = 12;

template <class Elements>
std::string bracketed(const Elements& elements) {
  std::vector<std::string> texts;
  for (const auto& element : elements) texts.push_back(to_text(Parameter(element)));
  return "[" + join(texts, ", ") + "]";
}

std::string variation_text(const Variation& variation) {
  std::vector<std::string> values;
  for (const double value : variation.values) values.push_back(text::to_text(value));
  for (const Formula& formula : variation.formulas) values.push_back(formula.text());
  const std::string range = text::to_text(variation.low) + " to " + text::to_text(variation.high);
  const std::string count = std::to_string(variation.size);
  switch (variation.kind) {
    case Variation::Kind::list: return "one of " + join(values, ", ");
    case Variation::Kind::linear: return count + " values, " + range;
    case Variation::Kind::log: return count + " values, " + range + ", logarithmic";
    case Variation::Kind::uniform: return "uniform, " + range;
    case Variation::Kind::loguniform: return "loguniform, " + range;
  }
  return "";
}

}  // namespace

std::string to_text(const Parameter& value) {
  if (const auto* number = std::get_if<double>(&value)) return text::to_text(*number);
  if (const auto* vector = std::get_if<std::vector<double>>(&value)) return bracketed(*vector);
  return bracketed(std::get<std::vector<std::vector<double>>>(value));
}

std::string to_text(const Setting& setting) {
  if (const auto* number = std::get_if<double>(&setting)) return std::isnan(*number) ? "null" : text::to_text(*number);
  if (const auto* schedule = std::get_if<Formula>(&setting)) return schedule->text();
  if (const auto* choice = std::get_if<Choice>(&setting)) return choice->name;
  return "(" + variation_text(std::get<Variation>(setting)) + ")";
}

std::string point_text(const std::vector<double>& point, std::size_t dim) {
  if (point.size() == 1 && dim != 1) {
    const std::string one = text::to_text(point[0]);
    return dim == 2 ? "(" + one + ", " + one + ")" : "(" + one + ", …, " + one + ")";
  }
  std::vector<std::string> texts;
  for (const double coordinate : point) {
    if (texts.size() == most_coordinates) {
      texts.emplace_back("…");
      break;
    }
    texts.push_back(text::to_text(coordinate));
  }
  return "(" + join(texts, ", ") + ")";
}

std::string domain_text(const std::vector<Interval>& domain) {
  std::vector<std::string> texts;
  for (const Interval& interval : domain) {
    texts.push_back("[" + text::to_text(interval.low) + ", " + text::to_text(interval.high) + "]");
  }
  return join(texts, " × ") + (domain.size() == 1 ? " in each coordinate" : "");
}

std::string to_json(const FunctionSpec& function) {
  const FunctionEntry& entry = function.entry;
  json::JsonObject object;
  object.add_string("name", entry.name);
  if (!entry.title.empty()) object.add_string("title", entry.title);
  object.add_string("definition", entry.definition.text());
  if (!entry.params.empty()) {
    json::JsonObject params;
    for (const auto& [name, value] : entry.params) params.add(name, json::json_value(value));
    object.add("params", params.close());
  }
  object.add("dim", std::to_string(function.dim));
  const bool up = function.entry.maximize;
  if (up) object.add("maximize", "true");
  if (function.minimum) object.add(up ? "maximum" : "minimum", json::json_number(function.sign() * *function.minimum));
  if (!function.minimizers.empty()) object.add(up ? "maximizers" : "minimizers", json::json_value(function.minimizers));
  return object.close();
}

}  // namespace optexplore::experiment
