#include "study/schedules.hpp"

#include <algorithm>
#include <cmath>
#include <optexplore/catalog.hpp>

#include "backend/backend.hpp"
#include "text/number.hpp"

namespace optexplore::study {
namespace {

using language::Op;
using program::no_node;
using program::NodeId;

/// "1 to 3 arguments (lr, length = steps, end = 0)"
std::string signature(const ScheduleEntry& entry) {
  std::size_t required = 0;
  std::string names;
  for (const auto& [name, initial] : entry.params) {
    if (!initial) ++required;
    names += (names.empty() ? "" : ", ") + name + (initial ? " = " + initial->text() : "");
  }
  const std::string most = std::to_string(entry.params.size());
  const std::string range = required == entry.params.size() ? most : std::to_string(required) + " to " + most;
  return range + (entry.params.size() == 1 ? " argument (" : " arguments (") + names + ")";
}

/// Throws when an argument that is known breaks a requirement, which begins with its name: "length > 0".
void check(const ScheduleEntry& entry, program::Graph& graph, const program::Scope& scope) {
  for (const Formula& condition : entry.require) {
    const NodeId holds = program::build(graph, condition.tree(), scope);
    if (!graph.is_constant(holds) || graph.constant_element(holds, 0) != 0) continue;
    const std::string& argument = condition.tree().root->args[0]->text;
    const NodeId value = scope.find(argument)();
    throw InputError(entry.name + ": expected " + condition.text() + ", found " +
                     text::number_text(graph.constant_element(value, 0)));
  }
}

NodeId call(program::Graph& graph, const std::string& name, std::span<const NodeId> args, NodeId t, NodeId steps) {
  const ScheduleEntry& entry = catalog::schedule(name);
  if (args.size() > entry.params.size())
    throw InputError(name + " takes " + signature(entry) + ", found " + std::to_string(args.size()));
  program::Scope scope;
  scope.set("t", t);
  scope.set("steps", steps);
  for (std::size_t i = 0; i < entry.params.size(); ++i) {
    const auto& [param, initial] = entry.params[i];
    const NodeId given = i < args.size() ? args[i] : no_node;
    if (given == no_node && !initial)
      throw InputError(name + " takes " + signature(entry) + ", found " +
                       (i < args.size() ? "none for " + param : std::to_string(args.size())));
    scope.set(param, given != no_node ? given : program::build(graph, initial->tree(), scope));
  }
  if (!graph.is_constant(steps) || graph.constant_element(steps, 0) > 0) check(entry, graph, scope);
  return program::build(graph, entry.value.tree(), scope);
}

std::vector<std::string> parameters(const std::string& name) {
  std::vector<std::string> names;
  for (const auto& [param, initial] : catalog::schedule(name).params) names.push_back(param);
  return names;
}

}  // namespace

void add_schedules(program::Scope& scope, program::Graph& graph, NodeId t, NodeId steps) {
  for (const std::string& name : catalog::schedule_names())
    scope.functions[name] = {[&graph, name, t, steps](const program::CallArguments& args) {
                               const auto format = graph.format();
                               const program::InFormat exact(graph, std::nullopt);
                               const NodeId value = call(graph, name, args, t, steps);
                               return format ? graph.apply(*format, {value}) : value;
                             },
                             [name](std::size_t) { return parameters(name); }};
  // The schedule's own clock starts late: until then it stands at its first update.
  scope.functions["after"] = {[&graph, t](const program::CallArguments& args) {
                                const NodeId later = graph.apply(Op::max, {graph.sub(t, args[0]), graph.constant(1)});
                                return graph.substitute(args[1], {{t, later}});
                              },
                              [](std::size_t) {
                                return std::vector<std::string>{"start", "schedule"};
                              }};
}

std::vector<double> schedule_values(const Formula& schedule, std::uint64_t steps) {
  program::Graph graph;
  program::Scope scope;
  const NodeId t = graph.input({}), last = graph.constant(static_cast<double>(steps));
  scope.set("t", t);
  scope.set("steps", last);
  add_schedules(scope, graph, t, last);
  Clockwork clockwork(graph, t, {program::build_scalar(graph, schedule.tree(), scope, "a schedule")}, {});
  std::vector<double> values;
  clockwork.each_step(steps, {}, [&](std::uint64_t, std::span<const double> now) {
    values.push_back(now[0]);
    return true;
  });
  return values;
}

Clockwork::Clockwork(const program::Graph& graph, NodeId t, const std::vector<NodeId>& values,
                     const std::vector<NodeId>& inputs) {
  compile::ProgramSpec spec;
  spec.inputs.push_back({t, true, false, no_node, "t"});
  for (const NodeId input : inputs) spec.inputs.push_back({input, false, true, no_node, "input"});
  for (const NodeId value : values) spec.observed.emplace_back(value);
  executable_ = backend::compile(graph, spec);
}

void Clockwork::each_step(std::uint64_t steps, std::span<const double> inputs,
                          const std::function<bool(std::uint64_t t, std::span<const double> values)>& take) const {
  constexpr std::uint64_t piece = 256;
  const std::size_t lanes = static_cast<std::size_t>(std::min(steps, piece));
  if (lanes == 0) return;
  const auto machine = executable_->machine(lanes);
  for (std::size_t k = 0; k < inputs.size(); ++k) machine->input(k + 1).at(0, 0) = inputs[k];
  machine->prologue();
  std::vector<double> values(executable_->program().observed.size());
  for (std::uint64_t begin = 0; begin < steps; begin += lanes) {
    for (std::size_t l = 0; l < lanes; ++l) machine->input(0).at(0, l) = static_cast<double>(begin + l + 1);
    machine->observe();
    for (std::size_t l = 0; l < lanes && begin + l < steps; ++l) {
      for (std::size_t k = 0; k < values.size(); ++k) values[k] = machine->observed(k).at(0, l);
      if (!take(begin + l + 1, values)) return;
    }
  }
}

}  // namespace optexplore::study
