#include <algorithm>
#include <nlohmann/json.hpp>
#include <optexplore/catalog.hpp>
#include <optexplore/error.hpp>

#include "experiment/document.hpp"
#include "text/caret.hpp"
#include "text/utf8.hpp"

namespace optexplore::experiment {
namespace {

using json::Json;

/// The flag and its value as messages show them; a long value is cut.
std::string shown(std::string_view flag, std::string_view text) {
  constexpr std::size_t longest = 60;
  const std::string_view kept = text::fitting_prefix(text, longest);
  return std::string(flag) + " " + std::string(kept) + (kept.size() < text.size() ? "…" : "");
}

/// The command line may hold any bytes; what enters the document must be text.
void check_text(const std::string& text, const std::string& flag) {
  if (const auto bad = text::invalid_utf8(text))
    throw InputError("the value is not valid UTF-8", text::excerpt(text, {*bad, *bad + 1}), flag);
}

void check_texts(const Overrides& overrides) {
  const std::pair<const std::optional<std::string>*, const char*> flags[] = {{&overrides.steps, "--steps"},
                                                                             {&overrides.seed, "--seed"},
                                                                             {&overrides.stop, "--stop"},
                                                                             {&overrides.gradient, "--gradient"},
                                                                             {&overrides.columns, "--columns"}};
  for (const auto& [text, flag] : flags)
    if (*text) check_text(**text, flag);
  for (const std::string& text : overrides.functions) check_text(text, "-f");
  for (const std::string& text : overrides.starts) check_text(text, "--start");
  for (const std::string& text : overrides.optimizers) check_text(text, overrides.optimizer_flag);
  for (const std::string& text : overrides.sets) check_text(text, "--set");
}

/// Whether a rule has a preset of that name, which may stand without a value: box:domain.
bool has_preset(const std::string& type, const std::string& name) {
  try {
    return std::ranges::any_of(catalog::rule(type).presets,
                               [&name](const auto& preset) { return preset.first == name; });
  } catch (const std::exception&) {
    return true;  // the rule's own faults are told where it is read
  }
}

/// One rule of -O: `TYPE` or `TYPE:key=value,…`. `label`, `samples` and their like belong to the whole optimizer.
void read_flag_rule(const std::string& text, const std::string& place, Json& rule, Json& optimizer,
                    std::vector<std::string>& keys) {
  const std::size_t colon = text.find(':');
  const std::string type(trimmed(std::string_view(text).substr(0, colon)));
  if (type.empty()) throw InputError("expected TYPE[:key=value,…], for example adam:lr=0.1", "", place);
  if (type.find_first_of(" ,=") != std::string::npos && !type.ends_with(".json"))
    throw InputError("expected TYPE[:key=value,…], for example adam:lr=0.1, found '" + type +
                         "'; a second optimizer takes a second -O",
                     "", place);
  rule["type"] = type;
  if (colon == std::string::npos) return;
  for (const std::string& piece : split_top_level(std::string_view(text).substr(colon + 1), ',')) {
    const std::size_t equals = piece.find('=');
    const std::string key(trimmed(std::string_view(piece).substr(0, equals)));
    const bool switched_on = equals == std::string::npos && has_preset(type, key);
    if (key.empty() || (equals == std::string::npos && !switched_on))
      throw InputError("expected key=value after ':', found '" + piece + "'", "", place);
    const std::string_view value = switched_on ? "true" : trimmed(std::string_view(piece).substr(equals + 1));
    const bool whole = std::ranges::find(optimizer_keys(), key) != optimizer_keys().end();
    Json& owner = whole ? optimizer : rule;
    if (owner.contains(key)) throw InputError("'" + key + "' is given twice", "", place);
    // A label is text even when it looks like a number.
    owner[key] = key == "label" && !value.starts_with('"') ? Json(std::string(value)) : flag_value(value, place);
    if (!whole) keys.push_back(piece);
  }
}

/// What an optimizer's text means, and its settings as typed ("lr=0.1"), rule by rule.
struct OptimizerText {
  Json json = Json::object();
  std::vector<std::vector<std::string>> settings;
};

OptimizerText read_optimizer_text(const std::string& text, const std::string& place) {
  OptimizerText result;
  if (trimmed(text).starts_with('{')) {
    result.json = flag_value(text, place);
    return result;
  }
  Json chain = Json::array();
  for (const std::string& part : split_top_level(text, '|')) {
    chain.push_back(Json::object());
    result.settings.emplace_back();
    read_flag_rule(part, place, chain.back(), result.json, result.settings.back());
  }
  if (chain.size() == 1)
    result.json.update(chain.front());
  else
    result.json["chain"] = std::move(chain);
  return result;
}

}  // namespace

Json optimizer_value(const std::string& text, const std::string& place) {
  return read_optimizer_text(text, place).json;
}

void apply_optimizer_flag(Document& document, std::size_t index, const std::string& text, const std::string& flag) {
  const std::string pointer = "/optimizers/" + std::to_string(index);
  const std::string place = shown(flag, text);
  const OptimizerText read = read_optimizer_text(text, place);
  document.write(pointer, read.json, place);
  // Each setting gets a name of its own, so that a message shows the one that is wrong.
  const bool single = read.settings.size() == 1;
  for (std::size_t i = 0; i < read.settings.size(); ++i)
    for (const std::string& piece : read.settings[i]) {
      const std::string rule = single ? "" : "/chain/" + std::to_string(i);
      const std::string key(trimmed(std::string_view(piece).substr(0, piece.find('='))));
      const std::string type = read.json.at(Json::json_pointer(rule + "/type")).get<std::string>();
      document.places.set(json::child_pointer(pointer + rule, key), shown(flag, type + ":" + piece));
    }
}

namespace {

void apply_functions(Document& document, const std::vector<std::string>& texts) {
  if (texts.empty()) return;
  document.root.erase("functions");
  if (texts.size() == 1) return document.write("/function", function_value(texts[0], "-f"), "-f");
  document.root.erase("function");
  document.write("/functions", Json::array(), "-f");
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string place = shown("-f", texts[i]);
    document.write("/functions/" + std::to_string(i), function_value(texts[i], place), place);
  }
}

/// Several are the points of one start.
void apply_starts(Document& document, const std::vector<std::string>& texts) {
  if (texts.empty()) return;
  if (texts.size() == 1) return document.write("/start", start_value(texts[0], "--start"), "--start");
  document.write("/start", Json::object({{"points", Json::array()}}), "--start");
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string place = shown("--start", texts[i]);
    document.write("/start/points/" + std::to_string(i), start_value(texts[i], place), place);
  }
}

}  // namespace

void apply_overrides(Document& document, const Overrides& overrides) {
  check_texts(overrides);
  spell_out(document);
  apply_functions(document, overrides.functions);
  apply_starts(document, overrides.starts);
  if (overrides.maximize) document.write("/maximize", true, "--maximize");
  if (overrides.steps) document.write("/steps", flag_value(*overrides.steps, "--steps"), "--steps");
  if (overrides.seed) document.write("/seed", flag_value(*overrides.seed, "--seed"), "--seed");
  if (overrides.stop) document.write("/stop", *overrides.stop, "--stop");
  if (overrides.gradient) document.write("/gradient", *overrides.gradient, "--gradient");
  if (overrides.columns) document.write("/columns", columns_value(*overrides.columns, "--columns"), "--columns");
  if (!overrides.optimizers.empty()) document.write("/optimizers", Json::array(), overrides.optimizer_flag);
  for (std::size_t i = 0; i < overrides.optimizers.size(); ++i)
    apply_optimizer_flag(document, i, overrides.optimizers[i], overrides.optimizer_flag);
  for (const std::string& text : overrides.sets) apply_set(document, text);
  spell_out(document);
}

}  // namespace optexplore::experiment
