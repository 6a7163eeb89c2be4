#include "experiment/document.hpp"

#include <nlohmann/json.hpp>
#include <optexplore/error.hpp>

#include "catalog/combination.hpp"

namespace optexplore::experiment {

using json::Json;

void Document::write(const std::string& pointer, Json value, const std::string& place) {
  root[Json::json_pointer(pointer)] = std::move(value);
  places.forget(pointer);
  places.set(pointer, place);
}

const std::vector<std::string>& config_keys() {
  static const std::vector<std::string> keys = {"function",   "functions", "start",   "steps",     "seed",
                                                "seeds",      "gradient",  "h",       "precision", "optimizers",
                                                "procedures", "stop",      "columns", "maximize"};
  return keys;
}

void spell_out(Document& document) {
  Json& root = document.root;
  const auto spell = [&](const std::string& pointer, Json& value, const auto& read) {
    if (value.is_string()) value = read(value.get<std::string>(), document.places.of(pointer));
  };
  const auto spell_each = [&](const std::string& key, const auto& read) {
    const auto list = root.find(key);
    if (list == root.end() || !list->is_array()) return;
    for (std::size_t i = 0; i < list->size(); ++i) spell("/" + key + "/" + std::to_string(i), (*list)[i], read);
  };
  const auto spell_member = [&](const std::string& key, const auto& read) {
    if (const auto member = root.find(key); member != root.end()) spell("/" + key, *member, read);
  };
  // One optimizer needs no list.
  const auto optimizers = root.find("optimizers");
  if (optimizers != root.end() && (optimizers->is_string() || optimizers->is_object()))
    *optimizers = Json::array({*optimizers});
  spell_each("optimizers", optimizer_value);
  spell_member("function", function_value);
  spell_each("functions", function_value);
  spell_member("start", start_value);
  spell_member("columns", columns_value);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(blank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

std::vector<std::string> split_top_level(std::string_view text, char separator) {
  std::vector<std::string> pieces;
  std::size_t begin = 0;
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' && (i == 0 || text[i - 1] != '\\')) quoted = !quoted;
    if (quoted) continue;
    if (c == '(' || c == '[' || c == '{') ++depth;
    if (c == ')' || c == ']' || c == '}') --depth;
    if (c != separator || depth > 0) continue;
    pieces.emplace_back(trimmed(text.substr(begin, i - begin)));
    begin = i + 1;
  }
  pieces.emplace_back(trimmed(text.substr(begin)));
  return pieces;
}

Json flag_value(std::string_view text, const std::string& place) {
  const std::string_view value = trimmed(text);
  const bool must_be_json = value.starts_with('{') || value.starts_with('[') || value.starts_with('"');
  try {
    return json::parse_json(value, "");
  } catch (const InputError& error) {
    if (must_be_json) throw InputError(error.message(), error.excerpt(), place);
    return std::string(value);
  }
}

Json start_value(std::string_view text, const std::string& place) {
  const std::string_view value = trimmed(text);
  if (value.starts_with('[') || value.starts_with('{')) return flag_value(value, place);
  Json point = Json::array();
  for (const std::string& piece : split_top_level(value, ',')) {
    Json number = flag_value(piece, place);
    if (!number.is_number() && (!number.is_string() || piece.empty()))
      throw InputError("expected numbers such as -7,2 or pi,1/3, or JSON, found '" + piece + "'", "", place);
    point.push_back(std::move(number));
  }
  return point.size() == 1 ? point.front() : point;
}

Json columns_value(std::string_view text, const std::string& place) {
  Json columns = Json::array();
  for (std::string& piece : split_top_level(text, ',')) {
    if (piece.empty()) throw InputError("expected names separated by commas, found an empty one", "", place);
    columns.push_back(std::move(piece));
  }
  return columns;
}

Json function_value(std::string_view text, const std::string& place) {
  const std::string_view value = trimmed(text);
  if (value.starts_with('{')) return flag_value(value, place);
  // A colon outside brackets and behind no definition: x[1:2] has one, too.
  const std::string name = split_top_level(value, ':').front();
  const std::size_t colon = static_cast<std::size_t>(value.find(name)) + name.size();
  const std::size_t behind = value.find(':', colon);
  if (behind == std::string_view::npos || !catalog::names_function(name)) return std::string(value);
  Json object = Json::object({{"name", name}});
  for (const std::string& piece : split_top_level(value.substr(behind + 1), ',')) {
    const std::size_t equals = piece.find('=');
    if (equals == std::string::npos)
      throw InputError("expected key=value after ':', for example dim=3, found '" + piece + "'", "", place);
    const std::string key(trimmed(std::string_view(piece).substr(0, equals)));
    Json setting = flag_value(std::string_view(piece).substr(equals + 1), place);
    (key == "dim" ? object : object["params"])[key] = std::move(setting);
  }
  return object;
}

}  // namespace optexplore::experiment
