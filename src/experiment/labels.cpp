#include <algorithm>
#include <map>
#include <optexplore/error.hpp>
#include <set>

#include "catalog/entries.hpp"
#include "experiment/hyperparameters.hpp"
#include "experiment/read.hpp"
#include "text/number.hpp"

namespace optexplore::experiment {
namespace {

using Texts = std::vector<std::pair<std::string, std::string>>;  // hyperparameter, value; in the rules' order

Texts settings_of(const OptimizerSpec& optimizer) {
  Texts texts;
  for (const Hyperparameter& hyperparameter : hyperparameters(optimizer))
    texts.emplace_back(hyperparameter.name, setting_text(*hyperparameter.setting));
  for (const RuleUse& use : optimizer.chain)
    if (std::ranges::find(use.given, "scope") != use.given.end())
      texts.emplace_back("scope", catalog::to_string(use.rule.scope));
  for (auto& setting : evaluation_settings(optimizer)) texts.push_back(std::move(setting));
  return texts;
}

/// Appends to the labels of a group the settings in which its members differ.
void distinguish(const std::vector<OptimizerSpec*>& group) {
  if (group.size() < 2) return;
  std::map<std::string, std::multiset<std::string>> values;
  for (const OptimizerSpec* optimizer : group)
    for (const auto& [name, text] : settings_of(*optimizer)) values[name].insert(text);
  const auto differs = [&](const std::string& name) {
    const auto& all = values[name];
    return all.size() % group.size() != 0 || all.count(*all.begin()) != all.size();
  };
  for (OptimizerSpec* optimizer : group)
    for (const auto& [name, text] : settings_of(*optimizer))
      if (differs(name)) optimizer->label += " " + name + "=" + text;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> evaluation_settings(const OptimizerSpec& optimizer) {
  std::vector<std::pair<std::string, std::string>> texts;
  if (optimizer.gradient) texts.emplace_back("gradient", to_string(*optimizer.gradient));
  if (optimizer.h) texts.emplace_back("h", text::to_text(*optimizer.h));
  if (optimizer.precision) texts.emplace_back("precision", to_string(*optimizer.precision));
  return texts;
}

void label_optimizers(std::vector<OptimizerSpec>& optimizers, const json::Places& places) {
  std::map<std::string, std::vector<OptimizerSpec*>> groups;
  for (OptimizerSpec& optimizer : optimizers) {
    if (!optimizer.label.empty()) continue;
    optimizer.label = plain_use_name(optimizer.type);
    groups[optimizer.label].push_back(&optimizer);
  }
  for (const auto& [label, group] : groups) distinguish(group);

  std::map<std::string, const OptimizerSpec*> taken;
  for (const OptimizerSpec& optimizer : optimizers) {
    const auto [entry, fresh] = taken.emplace(optimizer.label, &optimizer);
    if (!fresh)
      throw InputError("the label '" + optimizer.label + "' is also that of " +
                           places.name_or_pointer(entry->second->pointer) + "; give one of them a label of its own, " +
                           (places.of(optimizer.pointer).starts_with("-O") ? "as in -O sgd:label=mine"
                                                                           : "as in \"label\": \"mine\""),
                       "", places.of(optimizer.pointer));
  }
}

}  // namespace optexplore::experiment
