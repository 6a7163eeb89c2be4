#include "experiment/hyperparameters.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "catalog/entries.hpp"
#include "experiment/text.hpp"
#include "text/number.hpp"
#include "text/wrap.hpp"

namespace optexplore::experiment {

const std::vector<Formula>* Hyperparameter::alternatives() const {
  const auto* variation = std::get_if<Variation>(setting);
  return variation == nullptr || variation->formulas.empty() ? nullptr : &variation->formulas;
}

std::string Hyperparameter::text(double value) const {
  if (const auto* formulas = alternatives()) return formulas->at(static_cast<std::size_t>(value)).text();
  return number() ? text::to_text(value) : to_text(*setting);
}

bool drawn_at_random(const OptimizerSpec& optimizer) {
  return std::ranges::any_of(optimizer.chain, [](const RuleUse& use) {
    return std::ranges::any_of(use.settings, [](const auto& named) {
      const auto* variation = std::get_if<Variation>(&named.second);
      return variation != nullptr && variation->random();
    });
  });
}

RuleUse default_use(RuleEntry rule) {
  RuleUse use;
  for (const auto& [name, value] : rule.params)
    use.settings.emplace_back(name, std::visit([](const auto& plain) { return Setting(plain); }, value));
  use.rule = std::move(rule);
  return use;
}

std::string plain_use_name(const std::string& rule) { return rule.empty() ? "custom" : rule; }

std::vector<std::string> use_names(const std::vector<std::string>& rules) {
  std::set<std::string> taken;
  for (const std::string& rule : rules) taken.insert(plain_use_name(rule));
  std::set<std::string> seen;
  std::vector<std::string> names;
  for (const std::string& rule : rules) {
    std::string name = plain_use_name(rule);
    // A rule may be called "sgd2" itself.
    if (!seen.insert(name).second) {
      std::size_t number = 2;
      while (taken.contains(name + std::to_string(number))) ++number;
      name += std::to_string(number);
      taken.insert(name);
    }
    names.push_back(std::move(name));
  }
  return names;
}

std::vector<std::string> use_names(const OptimizerSpec& optimizer) {
  std::vector<std::string> rules;
  for (const RuleUse& use : optimizer.chain) rules.push_back(use.rule.name);
  return use_names(rules);
}

std::vector<std::string> unique_names(const std::vector<UseName>& names, const std::vector<std::string>& uses) {
  std::map<std::string, int> owners;
  for (const UseName& each : names) ++owners[each.name];
  std::vector<std::string> result;
  for (const UseName& each : names)
    result.push_back(owners[each.name] > 1 ? uses[each.use] + "." + each.name : each.name);
  return result;
}

std::vector<Hyperparameter> hyperparameters(const OptimizerSpec& optimizer) {
  std::vector<Hyperparameter> table;
  std::vector<UseName> names;
  for (std::size_t use = 0; use < optimizer.chain.size(); ++use)
    for (const auto& [name, setting] : optimizer.chain[use].settings) {
      const RuleEntry& rule = optimizer.chain[use].rule;
      table.push_back({"", use, name, &setting, catalog::choices_of(rule, name)});
      names.push_back({use, name});
    }
  const std::vector<std::string> unique = unique_names(names, use_names(optimizer));
  for (std::size_t k = 0; k < table.size(); ++k) table[k].name = unique[k];
  return table;
}

}  // namespace optexplore::experiment
