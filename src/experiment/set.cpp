#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optexplore/error.hpp>
#include <optional>

#include "experiment/chain_path.hpp"
#include "experiment/document.hpp"
#include "experiment/hyperparameters.hpp"
#include "language/parser.hpp"
#include "text/caret.hpp"
#include "text/place.hpp"
#include "text/suggest.hpp"

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

/// An index at the path's begin.
std::optional<Match> match_index(const Json& list, std::string_view path) {
  std::size_t index = 0;
  const auto [end, code] = std::from_chars(path.data(), path.data() + path.size(), index);
  if (code != std::errc() || index >= list.size()) return std::nullopt;
  const auto rest = rest_after(path, path.substr(0, static_cast<std::size_t>(end - path.data())));
  return rest ? std::optional<Match>({index, *rest}) : std::nullopt;
}

/// An element's label or type; that of a chain, which has none of its own, is made of its rules' as outputs show it.
std::string name_of(const Json& element, const char* key) {
  std::string name = member_text(element, key);
  if (!name.empty() || std::string_view(key) != "type" || !element.is_object()) return name;
  const auto chain = element.find("chain");
  if (chain == element.end() || !chain->is_array()) return name;
  for (const Json& rule : *chain) name += (name.empty() ? "" : "+") + plain_use_name(member_text(rule, "type"));
  return name;
}

/// The label or type at the path's begin. Names contain points (adam.keras): the longest match wins.
std::optional<Match> match_name(const Json& list, std::string_view path, const char* key) {
  std::optional<Match> best;
  bool ambiguous = false;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto rest = rest_after(path, name_of(list[i], key));
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
      if (std::string name = name_of(element, key); !name.empty()) names.push_back(std::move(name));
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

/// Follows `path` from the document's root, making objects on the way; returns the pointer to its end.
std::string resolve(Document& document, std::string_view path) {
  Json& root = document.root;
  Json* at = &root;
  std::string pointer;
  while (!path.empty()) {
    if (pointer == "/function" || (pointer.starts_with("/functions/") && at->is_string())) open_function(*at);
    std::string key;
    if (const auto found = chain_hyperparameter(pointer, *at, path, document.places)) {
      pointer = found->rule;
      path = found->rest;
      at = &root[Json::json_pointer(pointer)];
      continue;
    }
    if (at->is_array()) {
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
    const std::string pointer = resolve(document, path);
    Json json = pointer == "/start"      ? start_value(value, place)
                : pointer == "/columns"  ? columns_value(value, place)
                : pointer == "/function" ? function_value(value, place)
                                         : flag_value(value, place);
    document.write(pointer, std::move(json), place);
  });
}

}  // namespace optexplore::experiment
