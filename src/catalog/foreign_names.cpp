#include "catalog/foreign_names.hpp"

#include <algorithm>
#include <array>

#include "text/suggest.hpp"

namespace optexplore::catalog {
namespace {

struct Synonym {
  std::string_view foreign;
  std::array<std::string_view, 3> ours;  ///< the first that the rule has is meant
};

constexpr Synonym synonyms[] = {
    {"learning_rate", {"lr", "max_lr"}},
    {"learningrate", {"lr", "max_lr"}},
    {"step_size", {"lr"}},
    {"stepsize", {"lr"}},
    {"eta", {"lr"}},
    {"alpha", {"rho", "lr"}},  // PyTorch's RMSprop; Adam's paper
    {"epsilon", {"eps"}},
    {"delta", {"eps"}},
    {"fuzz", {"eps"}},
    {"decay_rate", {"rho", "beta2", "lr_decay"}},
    {"decay", {"rho", "lr_decay", "momentum"}},
    {"p", {"momentum", "partial"}},
    {"mu", {"momentum"}},
    {"mass", {"momentum"}},
    {"gamma", {"momentum", "rho"}},
    {"beta", {"momentum", "beta1", "rho"}},
    {"b1", {"beta1"}},
    {"b2", {"beta2"}},
    {"beta_1", {"beta1"}},
    {"beta_2", {"beta2"}},
    {"betas", {"beta1"}},
    {"wd", {"weight_decay"}},
    {"l2", {"weight_decay"}},
    {"lambda", {"weight_decay"}},
    {"initial_accumulator_value", {"initial_accumulator"}},
};

constexpr std::pair<std::string_view, std::string_view> frameworks[] = {
    {"torch", "torch"}, {"pytorch", "torch"}, {"keras", "keras"},     {"tf", "keras"},  {"tensorflow", "keras"},
    {"optax", "optax"}, {"jax", "optax"},     {"lasagne", "lasagne"}, {"dlfs", "dlfs"}, {"ensmallen", "ensmallen"},
};

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

std::optional<std::string> rule_known_as(std::string_view name) {
  const std::string all = lower(name);
  const std::size_t dot = all.rfind('.');
  if (dot == std::string::npos) return std::nullopt;
  const std::vector<std::string> rules = rule_names();
  const std::string rule = all.substr(dot + 1), framework = all.substr(0, all.find('.'));
  for (const auto& [foreign, ours] : frameworks) {
    if (framework != foreign) continue;
    const std::string dialect = rule + "." + std::string(ours);
    if (has(rules, dialect)) return dialect;
    if (has(rules, rule)) return rule;
  }
  return std::nullopt;
}

std::string hyperparameter_hint(std::string_view name, const RuleEntry& rule, const std::vector<std::string>& others) {
  std::vector<std::string> known;
  for (const auto& [param, initial] : rule.params) known.push_back(param);
  const std::string wanted = lower(name);
  bool penalty = wanted == "weight_decay";
  for (const Synonym& synonym : synonyms) {
    if (synonym.foreign != wanted) continue;
    for (const std::string_view ours : synonym.ours)
      if (!ours.empty() && has(known, ours)) return "; it is called '" + std::string(ours) + "' here";
    penalty = penalty || synonym.ours[0] == "weight_decay";
  }
  if (penalty && !has(known, "weight_decay")) {
    const bool decoupled = has(rule_names(), rule.name + "w");
    return "; put the rule weight_decay in front: 'weight_decay | " + rule.name + "'" +
           (decoupled ? ", or use " + rule.name + "w" : "");
  }
  known.insert(known.end(), others.begin(), others.end());
  return text::did_you_mean(name, known);
}

}  // namespace optexplore::catalog
