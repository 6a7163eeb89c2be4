#include "experiment/identity.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "catalog/entries.hpp"
#include "catalog/statements.hpp"
#include "experiment/read.hpp"
#include "json/reader.hpp"

namespace optexplore::experiment {
namespace {

using json::Json;

Json interval_list(const std::vector<Interval>& intervals) {
  Json list = Json::array();
  for (const Interval& interval : intervals) list.push_back({interval.low, interval.high});
  return list;
}

Json parameters(const FunctionEntry& entry) {
  Json object = Json::object();
  for (const auto& [name, value] : entry.params)
    std::visit([&object, &name = name](const auto& plain) { object[name] = plain; }, value);
  return object;
}

/// As the entry has them: in a million dimensions one number stands for a point.
Json minimizers(const FunctionEntry& entry) {
  Json list = Json::array();
  for (const auto& minimizer : entry.minimizers)
    if (const auto* formula = std::get_if<Formula>(&minimizer))
      list.push_back(formula->text());
    else
      list.push_back(std::get<std::vector<double>>(minimizer));
  return list;
}

template <class Text>
Json texts(const std::vector<Text>& list) {
  Json result = Json::array();
  for (const Text& text : list) result.push_back(text.text());
  return result;
}

Json function(const FunctionSpec& spec) {
  Json object;
  object["name"] = spec.entry.name;
  object["definition"] = spec.entry.definition.text();
  object["dim"] = spec.dim;
  if (spec.entry.maximize) object["maximize"] = true;
  object["params"] = parameters(spec.entry);
  object["gradient"] = texts(spec.entry.gradient);
  object["domain"] = interval_list(spec.entry.domain);
  object["start"] = spec.entry.start;
  object["minimizers"] = minimizers(spec.entry);
  object["minimum"] = spec.minimum ? Json(*spec.minimum) : Json();
  return object;
}

Json setting(const Setting& value) {
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* schedule = std::get_if<Formula>(&value)) return schedule->text();
  if (const auto* choice = std::get_if<Choice>(&value)) return choice->name;
  const auto& variation = std::get<Variation>(value);
  return {static_cast<int>(variation.kind),
          variation.values,
          texts(variation.formulas),
          variation.low,
          variation.high,
          variation.size};
}

/// The procedures that the statements use, and those that these use.
void add_procedures(const std::vector<Statement>& statements, const std::vector<ProcedureEntry>& own, Json& object) {
  const std::vector<std::string> known = catalog::procedure_names();
  for (const std::string& name : catalog::called_names(statements)) {
    if (object.contains(name)) continue;
    const auto found = std::ranges::find(own, name, &ProcedureEntry::name);
    if (found == own.end() && std::ranges::find(known, name) == known.end()) continue;
    const ProcedureEntry& procedure = found != own.end() ? *found : catalog::procedure(name);
    object[name] = catalog::to_json(procedure);
    add_procedures(procedure.body, own, object);
  }
}

Json optimizer(const OptimizerSpec& spec) {
  Json object;
  object["label"] = spec.label;
  object["samples"] = spec.samples;
  if (spec.gradient) object["gradient"] = static_cast<int>(*spec.gradient);
  if (spec.h) object["h"] = *spec.h;
  if (spec.precision) object["precision"] = static_cast<int>(*spec.precision);
  object["chain"] = Json::array();
  for (const RuleUse& use : spec.chain) {
    Json rule;
    rule["name"] = use.rule.name;
    rule["update"] = catalog::to_json(use.rule.update);
    add_procedures(use.rule.update, use.rule.procedures, rule["procedures"]);
    if (rule["procedures"].is_null()) rule.erase("procedures");
    if (use.rule.scope != RuleEntry::Scope::by_default) rule["scope"] = catalog::to_string(use.rule.scope);
    if (use.group) rule["group"] = {use.group->set, use.group->blocks, use.group->before};
    if (!use.rule.define.empty()) rule["define"] = texts(use.rule.define);
    for (const auto& [name, initial] : use.rule.state) rule["state"][name] = initial.text();
    for (const auto& [name, value] : use.settings) rule["settings"][name] = setting(value);
    object["chain"].push_back(std::move(rule));
  }
  return object;
}

Json start(const StartSpec& spec) {
  Json normal = Json::array();
  for (const StartSpec::Normal& side : spec.normal) normal.push_back({side.mean, side.sd});
  Json object = {{"kind", static_cast<int>(spec.kind)},
                 {"points", spec.points},
                 {"box", interval_list(spec.box)},
                 {"counts", spec.counts},
                 {"normal", normal},
                 {"count", spec.count}};
  for (const BlockStart& each : spec.blocks) {
    Json& value = object["blocks"].emplace_back(Json::array({each.blocks}));
    if (const auto* formula = std::get_if<Formula>(&each.value))
      value.push_back(formula->text());
    else
      std::visit([&value](const auto& numbers) { value.push_back(numbers); }, std::get<Parameter>(each.value));
  }
  return object;
}

}  // namespace

std::string identity(const Experiment& experiment) {
  Json object;
  object["functions"] = Json::array();
  for (const FunctionSpec& spec : experiment.functions) object["functions"].push_back(function(spec));
  object["optimizers"] = Json::array();
  for (const OptimizerSpec& spec : experiment.optimizers) object["optimizers"].push_back(optimizer(spec));
  object["start"] = start(experiment.start);
  object["steps"] = experiment.steps;
  object["seed"] = experiment.seed;
  object["seeds"] = experiment.seeds;
  object["gradient"] = static_cast<int>(experiment.gradient);
  object["precision"] = static_cast<int>(experiment.precision);
  object["h"] = experiment.h;
  object["stop"] = experiment.stop.text();
  return object.dump(1) + "\n";
}

}  // namespace optexplore::experiment
