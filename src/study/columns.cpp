#include "study/columns.hpp"

#include <algorithm>
#include <optexplore/error.hpp>

#include "language/parser.hpp"
#include "text/suggest.hpp"

namespace optexplore::study {
namespace {

using language::Op;
using program::NodeId;

/// Thrown by a name that exists in the experiment, but not for this function and optimizer.
struct Absent {};

const std::vector<std::pair<std::string, Cell::Source>> special = {
    {"optimizer", Cell::Source::optimizer}, {"function", Cell::Source::function}, {"run", Cell::Source::run},
    {"step", Cell::Source::step},           {"seed", Cell::Source::seed},
};

/// "state.m" and "state.adam.m"; "hp.lr" and "hp.adam.lr".
std::vector<std::string> dotted(const std::string& prefix, const std::string& rule, const std::string& name) {
  std::vector<std::string> names{prefix + "." + name};
  if (!rule.empty()) names.push_back(prefix + "." + rule + "." + name);
  return names;
}

}  // namespace

std::string coordinate_name(const FunctionSpec& function, std::size_t i) {
  if (i < function.coordinates.size()) return function.coordinates[i];
  return language::parse_definition(function.entry.definition).vector + std::to_string(i + 1);
}

std::size_t find_coordinate(const FunctionSpec& function, const std::string& name, const std::string& flag) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < function.dim; ++i) {
    names.push_back(coordinate_name(function, i));
    if (names.back() == name) return i;
  }
  std::string all;
  for (std::size_t i = 0; i < std::min<std::size_t>(names.size(), 8); ++i) all += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > 8) all += ", …";
  throw InputError("'" + name + "' is no coordinate of " + function.entry.name + " (it has: " + all + ")" +
                       text::did_you_mean(name, names),
                   "", flag);
}

void KnownNames::add(const FunctionSpec& function) {
  for (const std::string& name : function.coordinates) {
    names.insert(name);
    names.insert("g." + name);
  }
  if (!function.minimizers.empty()) names.insert("dist");
  if (function.minimum) names.insert("gap");
}

void KnownNames::add(const OptimizerSpec& optimizer) {
  for (const RuleUse& use : optimizer.chain) {
    for (const auto& [name, initial] : use.rule.state)
      for (const std::string& full : dotted("state", use.rule.name, name)) names.insert(full);
    for (const auto& [name, setting] : use.settings)
      for (const std::string& full : dotted("hp", use.rule.name, name)) names.insert(full);
  }
}

std::vector<ColumnSpec> default_columns(const Experiment& experiment, bool several_runs) {
  std::vector<ColumnSpec> columns;
  if (several_runs) columns.push_back({"run", ""});
  if (experiment.functions.size() > 1) columns.push_back({"function", ""});
  columns.push_back({"optimizer", ""});
  columns.push_back({"step", ""});
  const bool small = std::all_of(experiment.functions.begin(), experiment.functions.end(),
                                 [](const FunctionSpec& f) { return f.dim <= max_default_coordinates; });
  if (small) columns.push_back({"point", ""});
  columns.push_back({"f", ""});
  columns.push_back({"grad_norm", ""});
  return columns;
}

ColumnScope::ColumnScope(Step& step, const Experiment& experiment, const KnownNames& known)
    : step_(step), diagnostics_(step) {
  program::Graph& graph = step.graph();
  for (const std::string& name : known.names) scope_.names[name] = []() -> program::Value { throw Absent{}; };
  const auto lazy = [this](const std::string& name, std::function<NodeId()> make) {
    scope_.names[name] = [make = std::move(make)] { return program::Value{make(), nullptr}; };
  };
  lazy("g", [this] { return step_.gradient(); });
  lazy("grad_norm", [this] { return step_.graph().apply(Op::norm, {step_.gradient()}); });
  lazy("point_prev", [this] {
    uses_previous_ = true;
    return step_.previous_point;
  });
  diagnostics_.add_to(scope_);
  scope_.set("point", step.point);
  scope_.set("f", step.f);
  scope_.set("steps", graph.constant(static_cast<double>(experiment.steps)));
  scope_.set("t", graph.sub(step.t, graph.constant(1.0)));
  add_state_and_hyperparameters();
  const FunctionSpec& function = step.objective().spec();
  for (std::uint32_t i = 0; i < function.coordinates.size(); ++i) {
    lazy("g." + function.coordinates[i], [this, i] { return step_.graph().element(step_.gradient(), i); });
    lazy(function.coordinates[i], [this, i] { return step_.graph().element(step_.point, i); });
  }
  step.add_functions(scope_);
  step.objective().add_coordinates(scope_, step.point);
}

void ColumnScope::add_state_and_hyperparameters() {
  const FunctionSpec& function = step_.objective().spec();
  const auto offer = [&](const std::string& name, NodeId node) {
    scope_.set(name, node);
    if (step_.graph().shape(node).length != function.coordinates.size()) return;
    for (std::uint32_t i = 0; i < function.coordinates.size(); ++i)
      scope_.names[name + "." + function.coordinates[i]] = [this, node, i] {
        return program::Value{step_.graph().element(node, i), nullptr};
      };
  };
  // Backwards, so that of two rules with one name the first keeps the short form.
  for (auto it = step_.states.rbegin(); it != step_.states.rend(); ++it)
    for (const std::string& name : dotted("state", it->rule, it->name)) offer(name, it->now);
  for (auto it = step_.hyperparameters.rbegin(); it != step_.hyperparameters.rend(); ++it)
    for (const std::string& name : dotted("hp", it->rule, it->name)) offer(name, it->node);
}

std::vector<Cell> ColumnScope::cells(const ColumnSpec& spec, const std::string& place) {
  if (spec.expression.empty())
    for (const auto& [name, source] : special)
      if (name == spec.name && !scope_.names.contains(name)) return {{name, source, program::no_node}};
  const std::string& text = spec.expression.empty() ? spec.name : spec.expression;
  try {
    const NodeId node = program::build(step_.graph(), language::parse_expression(text), scope_);
    if (step_.graph().shape(node).scalar()) return {{spec.name, Cell::Source::node, node}};
    return vector_cells(spec, node);
  } catch (const Absent&) {
    return {};
  } catch (const InputError& error) {
    throw error.at(place);
  }
}

void ColumnScope::forget_steps() {
  std::vector<std::string> names = {"t", "steps", "point_prev"};
  for (const Diagnostic& diagnostic : diagnostics())
    if (diagnostic.of_steps) names.emplace_back(diagnostic.name);
  const FunctionSpec& function = step_.objective().spec();
  for (const std::string& name : names) {
    if (std::ranges::find(function.coordinates, name) != function.coordinates.end()) continue;
    scope_.names.erase(name);
    scope_.unavailable[name] = "a grid has points and no steps";
  }
}

std::vector<Cell> ColumnScope::vector_cells(const ColumnSpec& spec, NodeId node) {
  const FunctionSpec& function = step_.objective().spec();
  const std::uint32_t length = step_.graph().shape(node).length;
  const bool per_coordinate = length == function.dim;
  const bool point = spec.expression.empty() && node == step_.point;
  std::vector<Cell> cells;
  for (std::uint32_t i = 0; i < length; ++i) {
    const std::string suffix = per_coordinate ? coordinate_name(function, i) : std::to_string(i + 1);
    cells.push_back({point ? suffix : spec.name + "." + suffix, Cell::Source::node, step_.graph().element(node, i)});
  }
  return cells;
}

NodeId ColumnScope::condition(const std::string& text, const std::string& what, const std::string& place) {
  try {
    return program::build_scalar(step_.graph(), language::parse_expression(text), scope_, what);
  } catch (const Absent&) {
    throw InputError("a name in '" + text + "' doesn't exist for every function and optimizer", "", place);
  } catch (const InputError& error) {
    throw error.at(place);
  }
}

}  // namespace optexplore::study
