#include <algorithm>
#include <nlohmann/json.hpp>

#include "analysis/formula_diff.hpp"
#include "catalog/entries.hpp"
#include "catalog/statements.hpp"
#include "experiment/text.hpp"
#include "json/text.hpp"
#include "language/ast.hpp"
#include "reference/entries.hpp"
#include "text/aligned.hpp"
#include "text/wrap.hpp"

namespace optexplore::reference {
namespace {

using Layout = Property::Layout;

/// The other rules that share a plain name: adam, adam.keras, …
std::vector<std::string> other_dialects(const std::string& name) {
  const auto plain = [](const std::string& rule) { return rule.substr(0, rule.find('.')); };
  std::vector<std::string> names = catalog::rule_names();
  std::erase_if(names, [&](const std::string& other) { return other == name || plain(other) != plain(name); });
  return names;
}

std::string value_in(const analysis::Texts& settings, const std::string& name) {
  const auto found = std::ranges::find(settings, name, [](const auto& setting) { return setting.first; });
  return found == settings.end() ? "-" : found->second;
}

/// The defaults of all dialects in columns.
std::string defaults_table(const std::vector<RuleEntry>& dialects) {
  std::vector<std::string> names;
  std::vector<analysis::Texts> defaults;
  for (const RuleEntry& dialect : dialects) {
    defaults.push_back(analysis::defaults_text(dialect));
    for (const auto& [name, value] : defaults.back())
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  text::AlignedTable table;
  table.columns = {{"defaults"}};
  for (const RuleEntry& dialect : dialects) {
    const std::size_t dot = dialect.name.find('.');
    const bool whole = &dialect == &dialects.front() || dot == std::string::npos;
    table.columns.push_back({whole ? dialect.name : dialect.name.substr(dot)});
  }
  for (const std::string& name : names) {
    table.rows.push_back({name});
    for (const auto& settings : defaults) table.rows.back().push_back(value_in(settings, name));
  }
  return text::aligned(std::move(table));
}

/// What differs between a rule and one of its dialects: lines of the formula, initial state.
void add_dialect(Card& card, const RuleEntry& rule, const RuleEntry& dialect) {
  card.properties.push_back({.label = dialect.name, .text = dialect.title, .indent = 4});
  std::vector<std::string> different;
  for (const analysis::FormulaLine& line : analysis::lay_over(rule.update, dialect.update))
    if (line.side != analysis::FormulaLine::Side::both)
      different.push_back((line.side == analysis::FormulaLine::Side::first ? "- " : "+ ") + line.text);
  if (different.empty()) different.emplace_back("the same formula");
  card.properties.push_back({.text = text::join(different, "\n"), .layout = Layout::lines, .indent = 4});
  std::vector<std::string> state;
  for (const analysis::SettingDifference& difference :
       analysis::differences(analysis::state_text(rule), analysis::state_text(dialect)))
    if (!difference.second.empty()) state.push_back(text::unbroken(difference.name + " = " + difference.second));
  card.properties.push_back({.label = "initial state", .text = text::join(state, ", "), .indent = 6});
}

void add_dialects(Card& card, const RuleEntry& rule) {
  const std::vector<std::string> names = other_dialects(rule.name);
  card.properties.push_back({"dialects", json_texts(names)});
  if (names.empty()) return;
  std::vector<RuleEntry> dialects = {rule};
  for (const std::string& name : names) dialects.push_back(catalog::rule(name));
  card.properties.push_back(
      {.label = "dialects (- only here, + only there)", .text = defaults_table(dialects), .layout = Layout::lines});
  for (std::size_t k = 1; k < dialects.size(); ++k) add_dialect(card, rule, dialects[k]);
}

std::string default_json(const DefaultValue& value) {
  if (const auto* number = std::get_if<double>(&value)) return json::json_number(*number);
  if (const auto* choice = std::get_if<Choice>(&value)) return json::json_string(choice->name);
  return formula_json(std::get<Formula>(value));
}

std::string assignments(const analysis::Texts& texts) {
  std::vector<std::string> all;
  for (const auto& [name, value] : texts) all.push_back(text::unbroken(name + " = " + value));
  return text::join(all, ", ");
}

}  // namespace

std::vector<Entry> rule_entries() {
  std::vector<Entry> entries;
  for (const std::string& name : catalog::rule_names()) {
    const RuleEntry entry = catalog::rule(name);
    entries.push_back({name, entry.title, entry.reference, "", {entry.group}});
  }
  return entries;
}

Card rule_card(const std::string& name) {
  const RuleEntry entry = catalog::rule(name);
  Card card{"rule", "update rule", entry.name, entry.title, {}};
  std::vector<std::string> define;
  for (const DefinitionText& shorthand : entry.define) define.push_back(shorthand.text());
  card.add_lines("define", "where", define);
  card.properties.push_back({"update", catalog::to_json(entry.update).dump(), "update",
                             text::join(catalog::to_lines(entry.update), "\n"), Layout::lines});
  const auto group = std::ranges::find(catalog::rule_groups(), entry.group, &catalog::RuleGroup::name);
  card.properties.push_back(
      {"group", json::json_string(entry.group), "group",
       group == catalog::rule_groups().end() ? "" : entry.group + ": " + std::string(group->title)});
  const bool by_default = entry.scope == RuleEntry::Scope::by_default;
  card.properties.push_back({"scope", by_default ? "null" : json::json_string(catalog::to_string(entry.scope)), "sees",
                             by_default                               ? ""
                             : entry.scope == RuleEntry::Scope::point ? "all blocks of the point as one vector"
                                                                      : "each block of the point by itself"});
  json::JsonObject state, params, choices;
  std::vector<std::string> choice_texts;
  for (const auto& [variable, initial] : entry.state) state.add(variable, formula_json(initial));
  for (const auto& [param, initial] : entry.params) params.add(param, default_json(initial));
  for (const auto& [param, labels] : entry.choices) {
    choices.add(param, json_texts(labels));
    choice_texts.push_back(param + " is one of " + text::join(labels, ", "));
  }
  card.properties.push_back({"state", state.close(), "initial state", assignments(analysis::state_text(entry))});
  card.properties.push_back({"params", params.close(), "hyperparameters", assignments(analysis::defaults_text(entry))});
  card.properties.push_back({"choices", choices.close(), "choices", text::join(choice_texts, "; ")});
  json::JsonObject presets;
  std::vector<std::string> preset_texts;
  for (const auto& [preset, values] : entry.presets) {
    json::JsonObject settings;
    std::vector<std::string> texts;
    for (const auto& [param, value] : values) {
      settings.add(param, default_json(value));
      texts.push_back(param + " = " +
                      std::visit([](const auto& plain) { return experiment::to_text(Setting(plain)); }, value));
    }
    presets.add(preset, settings.close());
    preset_texts.push_back(entry.name + ":" + preset + " is " + text::join(texts, ", "));
  }
  card.properties.push_back({"presets", presets.close(), "presets", text::join(preset_texts, "; ")});
  card.add_text("note", "note", entry.note);
  card.add_text("reference", "reference", entry.reference);
  add_dialects(card, entry);
  return card;
}

}  // namespace optexplore::reference
