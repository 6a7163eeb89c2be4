#include "json/text.hpp"

#include <nlohmann/json.hpp>

namespace optexplore::json {
namespace {

template <class Elements>
std::string json_array(const Elements& elements) {
  std::string text = "[";
  for (const auto& element : elements) {
    if (text.size() > 1) text += ",";
    text += json_value(Parameter(element));
  }
  return text + "]";
}

}  // namespace

text::NumberStyle json_style(std::optional<int> precision) {
  return {.precision = precision, .nan = "null", .inf = "null", .minus_inf = "null"};
}

std::string json_string(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string json_number(double value) { return text::number_text(value, json_style()); }

std::string json_value(const Parameter& value) {
  if (const auto* number = std::get_if<double>(&value)) return json_number(*number);
  if (const auto* vector = std::get_if<std::vector<double>>(&value)) return json_array(*vector);
  return json_array(std::get<std::vector<std::vector<double>>>(value));
}

std::string json_function(const FunctionSpec& function) {
  const FunctionEntry& entry = function.entry;
  JsonObject object;
  object.add_string("name", entry.name);
  if (!entry.title.empty()) object.add_string("title", entry.title);
  object.add_string("definition", entry.definition.text());
  if (!entry.params.empty()) {
    JsonObject params;
    for (const auto& [name, value] : entry.params) params.add(name, json_value(value));
    object.add("params", params.close());
  }
  object.add("dim", std::to_string(function.dim));
  if (function.minimum) object.add("minimum", json_number(*function.minimum));
  if (!function.minimizers.empty()) object.add("minimizers", json_array(function.minimizers));
  return object.close();
}

}  // namespace optexplore::json
