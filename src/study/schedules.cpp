#include "study/schedules.hpp"

#include <optexplore/catalog.hpp>

namespace optexplore::study {
namespace {

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

NodeId call(program::Graph& graph, const std::string& name, std::span<const NodeId> args, NodeId t, NodeId steps) {
  const ScheduleEntry& entry = catalog::schedule(name);
  if (args.size() > entry.params.size())
    throw InputError(name + " takes " + signature(entry) + ", found " + std::to_string(args.size()));
  program::Scope scope;
  scope.set("t", t);
  scope.set("steps", steps);
  for (std::size_t i = 0; i < entry.params.size(); ++i) {
    const auto& [param, initial] = entry.params[i];
    if (i >= args.size() && !initial)
      throw InputError(name + " takes " + signature(entry) + ", found " + std::to_string(args.size()));
    scope.set(param, i < args.size() ? args[i] : program::build(graph, initial->tree(), scope));
  }
  return program::build(graph, entry.value.tree(), scope);
}

}  // namespace

void add_schedules(program::Scope& scope, program::Graph& graph, NodeId t, NodeId steps) {
  for (const std::string& name : catalog::schedule_names())
    scope.functions[name] = {program::any_arity, [&graph, name, t, steps](std::span<const NodeId> args) {
                               return call(graph, name, args, t, steps);
                             }};
}

std::vector<double> schedule_values(const Formula& schedule, std::uint64_t steps) {
  std::vector<double> values;
  for (std::uint64_t t = 1; t <= steps; ++t) {
    program::Graph graph;
    program::Scope scope;
    const NodeId now = graph.constant(static_cast<double>(t)), last = graph.constant(static_cast<double>(steps));
    scope.set("t", now);
    scope.set("steps", last);
    add_schedules(scope, graph, now, last);
    const NodeId value = program::build_scalar(graph, schedule.tree(), scope, "a schedule");
    values.push_back(graph.constant_element(value, 0));  // there is nothing in it that isn't constant
  }
  return values;
}

}  // namespace optexplore::study
