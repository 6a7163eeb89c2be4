#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optexplore/error.hpp>
#include <optional>

#include "experiment/document.hpp"
#include "experiment/hyperparameters.hpp"
#include "language/parser.hpp"
#include "text/diagnostic.hpp"
#include "text/layout.hpp"
#include "text/place.hpp"

// --set PATH=VALUE. A path is made of keys separated by points. An element of a list is named by its index
// from 0; an optimizer, and a rule of a chain, also by its label or type: optimizers.adam.keras.lr. A hyperparameter of
// a chain has the name that outputs give it: optimizers.LABEL.max_norm, optimizers.LABEL.sgd2.lr.
namespace optexplore::experiment {
namespace {

using json::Json;

/// A list's element that a path begins with, and what remains of the path.
struct Match {
  std::size_t index = 0;
  std::string_view rest;
};

std::optional<std::string_view> rest_after(std::string_view path, std::string_view name) {
  if (name.empty() || !path.starts_with(name)) return std::nullopt;
  if (path.size() == name.size()) return std::string_view{};
  if (path[name.size()] != '.') return std::nullopt;
  return path.substr(name.size() + 1);
}

std::string member_text(const Json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

/// An index at the path's begin.
std::optional<Match> match_index(const Json& list, std::string_view path) {
  std::size_t index = 0;
  const auto [end, code] = std::from_chars(path.data(), path.data() + path.size(), index);
  if (code != std::errc() || index >= list.size()) return std::nullopt;
  const auto rest = rest_after(path, path.substr(0, static_cast<std::size_t>(end - path.data())));
  return rest ? std::optional<Match>({index, *rest}) : std::nullopt;
}

/// The label or type at the path's begin. Names contain points (adam.keras): the longest match wins.
std::optional<Match> match_name(const Json& list, std::string_view path, const char* key) {
  std::optional<Match> best;
  bool ambiguous = false;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto rest = rest_after(path, member_text(list[i], key));
    if (!rest || (best && rest->size() > best->rest.size())) continue;
    ambiguous = best && rest->size() == best->rest.size();
    best = Match{i, *rest};
  }
  if (ambiguous)
    throw InputError("several optimizers have that " + std::string(key) + "; use a label or an index from 0");
  return best;
}

Match match_element(const Json& list, std::string_view path) {
  if (const auto match = match_name(list, path, "label")) return *match;
  if (const auto match = match_name(list, path, "type")) return *match;
  if (const auto match = match_index(list, path)) return *match;
  std::vector<std::string> names;
  for (const Json& element : list)
    for (const char* key : {"label", "type"})
      if (std::string name = member_text(element, key); !name.empty()) names.push_back(std::move(name));
  const std::string name(path.substr(0, path.find('.')));
  std::string known = list.empty() ? "; the list is empty" : "; expected an index below " + std::to_string(list.size());
  if (!list.empty() && !names.empty()) known += ", a label or a type";
  const std::string hint = text::did_you_mean(name, names);
  throw InputError("nothing is called '" + name + "'" + (hint.empty() ? known : hint));
}

/// A function given by its text becomes an object when a path goes into it.
void open_function(Json& function) {
  if (!function.is_string()) return;
  const std::string text = function.get<std::string>();
  function = Json::object({{language::looks_like_definition(text) ? "definition" : "name", text}});
}

/// What names need to know of a rule of a chain.
struct ChainRule {
  std::string name;
  std::vector<std::string> params;
  bool is_inline = false;
};

ChainRule chain_rule(const Json& json) {
  if (!json.is_object()) return {};
  if (const std::string type = member_text(json, "type"); !type.empty()) {
    ChainRule result{type, {}, false};
    try {
      const RuleEntry rule = catalog::rule(type);
      result.name = rule.name;
      for (const auto& [name, value] : rule.params) result.params.push_back(name);
    } catch (const InputError&) {  // whoever reads the chain says what is wrong
    }
    return result;
  }
  ChainRule result{"", {}, true};
  if (const auto params = json.find("params"); params != json.end() && params->is_object())
    for (const auto& [name, value] : params->items()) result.params.push_back(name);
  return result;
}

/// The rule of a chain that a path into its optimizer means, and what remains of the path.
Match match_hyperparameter(const std::vector<ChainRule>& rules, std::string_view path) {
  std::vector<std::string> names;
  std::vector<UseName> hyperparameters;
  for (std::size_t use = 0; use < rules.size(); ++use) {
    names.push_back(rules[use].name);
    for (const std::string& param : rules[use].params) hyperparameters.push_back({use, param});
  }
  const std::vector<std::string> uses = use_names(names), all = unique_names(hyperparameters, uses);
  std::optional<Match> best;
  for (std::size_t use = 0; use < uses.size(); ++use)
    if (const auto rest = rest_after(path, uses[use]); rest && (!best || rest->size() < best->rest.size()))
      best = Match{use, *rest};
  if (best && !best->rest.empty()) return *best;
  const auto found = std::find(all.begin(), all.end(), path);
  if (found != all.end()) return {hyperparameters[static_cast<std::size_t>(found - all.begin())].use, path};
  std::vector<std::string> qualified;
  for (std::size_t k = 0; k < all.size(); ++k)
    if (hyperparameters[k].name == path) qualified.push_back(all[k]);
  if (!qualified.empty())
    throw InputError("several rules of the chain have '" + std::string(path) + "'; expected one of " +
                     text::join(qualified, ", "));
  throw InputError("no rule of the chain has a hyperparameter '" + std::string(path) +
                   "' (they have: " + text::join(all, ", ") + ")" + text::did_you_mean(path, all));
}

/// Whether a path goes past the keys of an optimizer with a chain, to a hyperparameter.
bool is_chain_hyperparameter(const std::string& pointer, const Json& json, std::string_view path) {
  if (!pointer.starts_with("/optimizers/") ||
      pointer.find('/', std::string_view("/optimizers/").size()) != std::string::npos)
    return false;
  if (!json.is_object() || !json.contains("chain") || !json["chain"].is_array()) return false;
  const std::string_view key = path.substr(0, path.find('.'));
  return key != "label" && key != "samples" && key != "chain";
}

/// Follows `path` from the document's root, making objects on the way; returns the pointer to its end.
std::string resolve(Json& root, std::string_view path) {
  Json* at = &root;
  std::string pointer;
  while (!path.empty()) {
    if (pointer == "/function" || (pointer.starts_with("/functions/") && at->is_string())) open_function(*at);
    std::string key;
    if (is_chain_hyperparameter(pointer, *at, path)) {
      std::vector<ChainRule> rules;
      for (const Json& rule : (*at)["chain"]) rules.push_back(chain_rule(rule));
      const Match match = match_hyperparameter(rules, path);
      path = match.rest;
      at = &(*at)["chain"][match.index];
      pointer += "/chain";
      key = std::to_string(match.index);
      if (rules[match.index].is_inline) {
        at = &(*at)["params"];
        pointer = json::child_pointer(pointer, key);
        key = "params";
      }
    } else if (at->is_array()) {
      const Match match = match_element(*at, path);
      key = std::to_string(match.index);
      path = match.rest;
      at = &(*at)[match.index];
    } else if (at->is_object() || at->is_null()) {
      const std::size_t point = path.find('.');
      key = path.substr(0, point);
      if (key.empty()) throw InputError("expected a path such as steps or optimizers.adam.lr");
      path = point == std::string_view::npos ? std::string_view{} : path.substr(point + 1);
      if (pointer.empty() && !path.empty() && !root.contains(key)) {
        const auto& keys = config_keys();
        if (std::find(keys.begin(), keys.end(), key) == keys.end())
          throw InputError("unknown key '" + key + "'" + text::did_you_mean(key, keys));
        throw InputError("there is no '" + key + "' to change");
      }
      at = &(*at)[key];
    } else {
      throw InputError("'" + pointer.substr(pointer.rfind('/') + 1) + "' is " + json::describe(*at) +
                       " and has no parts");
    }
    pointer = json::child_pointer(pointer, key);
  }
  return pointer;
}

}  // namespace

void apply_set(Document& document, const std::string& text) {
  const std::string place = "--set " + text;
  const std::size_t equals = text.find('=');
  const std::string_view path = trimmed(std::string_view(text).substr(0, equals));
  if (equals == std::string::npos || path.empty())
    throw InputError("expected PATH=VALUE, for example optimizers.adam.lr=0.1", "", place);
  const std::string_view value = std::string_view(text).substr(equals + 1);
  text::with_place(place, [&] {
    const std::string pointer = resolve(document.root, path);
    Json json = pointer == "/start"      ? start_value(value, place)
                : pointer == "/columns"  ? columns_value(value, place)
                : pointer == "/function" ? function_value(value, place)
                                         : flag_value(value, place);
    document.write(pointer, std::move(json), place);
  });
}

}  // namespace optexplore::experiment
