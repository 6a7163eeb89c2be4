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
  return {.precision = precision, .nan = "null", .inf = "\"inf\"", .minus_inf = "\"-inf\""};
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

}  // namespace optexplore::json
