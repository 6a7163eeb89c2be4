#include "experiment/chain_path.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optexplore/catalog.hpp>
#include <optexplore/error.hpp>
#include <vector>

#include "experiment/document.hpp"
#include "experiment/hyperparameters.hpp"
#include "experiment/text.hpp"
#include "json/cursor.hpp"
#include "text/caret.hpp"
#include "text/number.hpp"
#include "text/suggest.hpp"
#include "text/wrap.hpp"

namespace optexplore::experiment {

using json::Json;

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

namespace {

/// What names need to know of a rule of a chain.
struct ChainRule {
  std::string name;
  std::vector<std::string> params;
  bool is_inline = false;
};

ChainRule chain_rule(const Json& json, const std::string& pointer, const json::Places& places) {
  if (!json.is_object()) return {};
  if (const std::string type = member_text(json, "type"); !type.empty()) {
    ChainRule result{type, {}, false};
    try {
      const RuleEntry rule = catalog::rule(places.path_of(pointer + "/type", type));
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

/// A rule of a chain, and what remains of a path.
struct Match {
  std::size_t use = 0;
  std::string_view rest;
};

/// The rule of a chain that a path into its optimizer means.
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

bool is_chain(const std::string& pointer, const Json& json) {
  constexpr std::string_view list = "/optimizers/";
  const auto has_list = [&json](const char* key) { return json.contains(key) && json[key].is_array(); };
  return pointer.starts_with(list) && pointer.find('/', list.size()) == std::string::npos && json.is_object() &&
         (has_list("chain") || has_list("groups"));
}

/// The rules of a chain and of groups, in the order that they have in a chain, and where they stand.
void collect_rules(const Json& json, const std::string& pointer, const json::Places& places,
                   std::vector<ChainRule>& rules, std::vector<std::string>& pointers) {
  for (const char* key : {"chain", "groups"}) {
    if (!json.is_object() || !json.contains(key) || !json[key].is_array()) continue;
    for (std::size_t k = 0; k < json[key].size(); ++k)
      collect_rules(json[key][k], pointer + "/" + key + "/" + std::to_string(k), places, rules, pointers);
    return;
  }
  rules.push_back(chain_rule(json, pointer, places));
  pointers.push_back(pointer);
}

}  // namespace

std::optional<ChainPath> chain_hyperparameter(const std::string& pointer, const Json& optimizer, std::string_view path,
                                              const json::Places& places) {
  const std::string_view key = path.substr(0, path.find('.'));
  const std::vector<std::string>& own = optimizer_keys();
  if (!is_chain(pointer, optimizer) || key == "chain" || key == "groups" || std::ranges::find(own, key) != own.end())
    return std::nullopt;
  std::vector<ChainRule> rules;
  std::vector<std::string> pointers;
  collect_rules(optimizer, pointer, places, rules, pointers);
  const Match match = match_hyperparameter(rules, path);
  std::string rule = pointers[match.use];
  if (rules[match.use].is_inline) rule += "/params";
  return ChainPath{std::move(rule), match.rest};
}

}  // namespace optexplore::experiment
