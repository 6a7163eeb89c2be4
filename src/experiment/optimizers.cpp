#include <algorithm>
#include <nlohmann/json.hpp>
#include <optexplore/error.hpp>

#include "catalog/entries.hpp"
#include "catalog/foreign_names.hpp"
#include "catalog/statements.hpp"
#include "experiment/blocks.hpp"
#include "experiment/document.hpp"
#include "experiment/hyperparameters.hpp"
#include "experiment/read.hpp"
#include "text/caret.hpp"
#include "text/place.hpp"
#include "text/suggest.hpp"

namespace optexplore::experiment {
namespace {

using Names = std::vector<std::string>;

std::string joined(const Names& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

RuleEntry catalogue_rule(const Cursor& type) {
  return text::with_place([&] { return type.place(); }, [&] { return catalog::rule(type.path()); });
}

[[noreturn]] void fail_hyperparameter(const Cursor& cursor, const std::string& key, const RuleEntry& rule,
                                      const Names& params, const Names& others) {
  cursor.fail_key(key, rule.name + " has no hyperparameter '" + key + "' " +
                           (params.empty() ? "(it has none)" : "(it has: " + joined(params) + ")") +
                           catalog::hyperparameter_hint(key, rule, others));
}

/// Whether the rule asks for it: null is nan in its texts.
bool knows_null(const RuleEntry& rule, const std::string& name) {
  const std::vector<std::string> lines = catalog::to_lines(rule.update);
  return std::ranges::any_of(
      lines, [&](const std::string& line) { return line.find("isnan(" + name + ")") != std::string::npos; });
}

Setting read_rule_setting(const Cursor& cursor, const RuleEntry& rule, const std::string& name, std::uint64_t samples) {
  if (cursor.json().is_null() && !knows_null(rule, name))
    cursor.fail("expected a value: the rule has no meaning for " + name + " = null, as it doesn't ask isnan(" + name +
                ")");
  const Names* choices = catalog::choices_of(rule, name);
  return choices != nullptr ? Setting(catalog::read_choice(cursor, *choices)) : read_setting(cursor, samples);
}

/// The settings that a key stands for, when it is the name of a preset.
bool apply_preset(const Cursor& cursor, const std::string& key, RuleUse& use) {
  const auto preset = std::ranges::find(use.rule.presets, key, [](const auto& each) { return each.first; });
  if (preset == use.rule.presets.end()) return false;
  if (!cursor.member(key).boolean()) return true;
  for (const auto& [param, value] : preset->second) {
    if (cursor.has(param)) cursor.fail_key(param, "'" + param + "' is set by '" + key + "' already");
    const auto setting = std::ranges::find(use.settings, param, [](const auto& each) { return each.first; });
    setting->second = std::visit([](const auto& plain) { return Setting(plain); }, value);
    use.given.push_back(param);
  }
  return true;
}

/// A rule of the catalogue. `others` are keys of the object that are no hyperparameters.
RuleUse read_catalogue_use(const Cursor& cursor, const Names& others, std::uint64_t samples) {
  RuleUse use = default_use(catalogue_rule(cursor.member("type")));
  use.pointer = cursor.pointer();
  Names params;
  if (const auto scope = cursor.find("scope")) {
    use.rule.scope = catalog::read_scope(*scope);
    use.given.emplace_back("scope");
  }
  for (const auto& [name, value] : use.rule.params) params.push_back(name);
  for (const std::string& key : cursor.keys()) {
    if (key == "scope" || std::find(params.begin(), params.end(), key) != params.end()) continue;
    if (apply_preset(cursor, key, use)) continue;
    if (std::find(others.begin(), others.end(), key) == others.end())
      fail_hyperparameter(cursor, key, use.rule, params, others);
  }
  for (auto& [name, setting] : use.settings) {
    const auto given = cursor.find(name);
    if (!given) continue;
    use.given.push_back(name);
    setting = read_rule_setting(*given, use.rule, name, samples);
  }
  return use;
}

/// What stands for a setting where a rule wants a plain default: its first value.
DefaultValue plain_default(const Setting& setting) {
  if (const auto* number = std::get_if<double>(&setting)) return *number;
  if (const auto* schedule = std::get_if<Formula>(&setting)) return *schedule;
  if (const auto* choice = std::get_if<Choice>(&setting)) return *choice;
  const auto& variation = std::get<Variation>(setting);
  if (!variation.formulas.empty()) return variation.formulas.front();
  return variation.values.empty() ? variation.low : variation.values.front();
}

/// A rule written in the config. Its "params" are hyperparameters with the values to use.
RuleUse read_inline_use(const Cursor& cursor, Names others, std::uint64_t samples) {
  for (const char* key : {"name", "title", "group", "params", "choices", "scope", "state", "define", "procedures",
                          "update", "reference", "note"})
    others.emplace_back(key);
  cursor.check_keys(others);
  const auto params = cursor.find("params");
  RuleUse use;
  use.pointer = cursor.pointer();
  if (params) use.given = params->keys();
  use.rule = catalog::read_rule_body(cursor, use.given);
  for (const std::string& name : use.given) {
    use.settings.emplace_back(name, read_rule_setting(params->member(name), use.rule, name, samples));
    use.rule.params.emplace_back(name, plain_default(use.settings.back().second));
  }
  return use;
}

RuleUse read_use(const Cursor& cursor, const Names& others, std::uint64_t samples) {
  if (cursor.has("type")) {
    if (cursor.has("update"))
      cursor.fail_key("update", "a rule has either a \"type\" of the catalogue or an \"update\" of its own");
    Names with_type = others;
    with_type.emplace_back("type");
    return read_catalogue_use(cursor, with_type, samples);
  }
  if (!cursor.has("update")) {
    std::string hint;
    for (const std::string& key : cursor.keys())
      if (hint.empty()) hint = text::did_you_mean(key, {"type", "update", "chain", "groups"});
    cursor.fail("expected an object with \"type\" (a rule of the catalogue)" +
                std::string(others.empty() ? " or" : ",") + " \"update\" (a rule of its own)" +
                std::string(others.empty() ? "" : ", \"chain\" or \"groups\"") + hint);
  }
  return read_inline_use(cursor, others, samples);
}

/// What is read of one optimizer's rules.
struct RuleReader {
  std::uint64_t samples;
  std::vector<RuleUse> uses = {};
  std::size_t sets = 0;  ///< of groups

  /// @param others  keys of the object that are neither hyperparameters nor rules
  void read(const Cursor& cursor, const Names& others) {
    if (cursor.has("chain")) return read_chain(cursor, others);
    if (cursor.has("groups")) return read_groups(cursor, others);
    uses.push_back(read_use(cursor, others, samples));
  }

 private:
  void read_chain(const Cursor& cursor, Names known) {
    known.emplace_back("chain");
    cursor.check_keys(known);
    const Cursor chain = cursor.member("chain");
    for (const Cursor& element : chain.elements()) {
      if (element.is_object() && element.has("chain")) element.fail_key("chain", "a chain can't contain a chain");
      read(element, {});
    }
    if (uses.empty()) chain.fail("expected at least one rule");
  }

  void read_groups(const Cursor& cursor, Names known) {
    known.emplace_back("groups");
    cursor.check_keys(known);
    const Cursor groups = cursor.member("groups");
    BlockGroup group{sets++, 0, {}, {}, ""};
    for (const Cursor& element : groups.elements()) {
      if (!element.is_object())
        element.fail_expected("an object such as {\"blocks\": \"W*\", \"type\": \"adam\", \"lr\": 0.1}");
      if (element.has("groups")) element.fail_key("groups", "a group can't have groups");
      const Cursor blocks = element.member("blocks");
      group.blocks = blocks.is_string() ? Names{blocks.text()} : blocks.texts();
      if (group.blocks.empty()) blocks.fail("expected a block's name");
      group.pointer = element.pointer();
      const std::size_t first = uses.size();
      read(element, {"blocks"});
      for (std::size_t k = first; k < uses.size(); ++k) {
        if (uses[k].group) element.fail("a group can't have groups");
        uses[k].group = group;
      }
      group.before.insert(group.before.end(), group.blocks.begin(), group.blocks.end());
      ++group.number;
    }
    if (group.number == 0) groups.fail("expected at least one group");
  }
};

/// "adam", "clip_norm+adam"; rules of different groups with a bar between them.
std::string type_of(const std::vector<RuleUse>& chain) {
  if (chain.size() == 1) return chain.front().rule.name;
  std::string type;
  for (std::size_t k = 0; k < chain.size(); ++k) {
    if (k > 0) type += side_by_side(chain[k], chain[k - 1]) && !same_group(chain[k], chain[k - 1]) ? "|" : "+";
    type += plain_use_name(chain[k].rule.name);
  }
  return type;
}

std::string read_label(const Cursor& cursor) {
  std::string label = cursor.text();
  const bool control = std::any_of(label.begin(), label.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  if (label.empty() || control) cursor.fail_expected("a label of one line");
  return label;
}

OptimizerSpec read_optimizer(const Cursor& cursor) {
  if (!cursor.is_object()) cursor.fail_expected("an object such as {\"type\": \"adam\", \"lr\": 0.1}");
  OptimizerSpec spec;
  spec.pointer = cursor.pointer();
  if (const auto label = cursor.find("label")) spec.label = read_label(*label);
  if (const auto samples = cursor.find("samples")) spec.samples = samples->whole(1);
  if (const auto gradient = cursor.find("gradient")) spec.gradient = read_gradient_mode(*gradient);
  if (const auto h = cursor.find("h")) spec.h = read_difference_step(*h);
  if (const auto precision = cursor.find("precision")) spec.precision = read_precision(*precision);
  RuleReader rules{spec.samples};
  rules.read(cursor, optimizer_keys());
  spec.chain = std::move(rules.uses);
  spec.type = type_of(spec.chain);
  // A pasted catalogue file brings a name along.
  if (const auto name = cursor.find("name"); name && spec.label.empty()) spec.label = read_label(*name);

  if (cursor.has("samples") && !drawn_at_random(spec))
    cursor.fail_key("samples",
                    "'samples' needs a hyperparameter given as {\"uniform\": [low, high]} or "
                    "{\"loguniform\": [low, high]}");
  return spec;
}

}  // namespace

const std::vector<std::string>& optimizer_keys() {
  static const Names keys = {"label", "samples", "gradient", "h", "precision"};
  return keys;
}

std::vector<OptimizerSpec> read_optimizers(const Cursor& cursor, const json::Places& places) {
  std::vector<OptimizerSpec> optimizers;
  for (const Cursor& element : cursor.elements()) optimizers.push_back(read_optimizer(element));
  if (optimizers.empty()) cursor.fail("expected at least one optimizer");
  label_optimizers(optimizers, places);
  return optimizers;
}

}  // namespace optexplore::experiment
