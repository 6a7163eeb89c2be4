#include "study/schedules.hpp"

#include <optexplore/catalog.hpp>

#include "language/parser.hpp"

namespace optexplore::study {
namespace {

using program::NodeId;

/// "1 to 3 arguments (lr, length = steps, end = 0)"
std::string signature(const ScheduleEntry& entry) {
  std::size_t required = 0;
  std::string names;
  for (const auto& [name, initial] : entry.params) {
    if (!initial) ++required;
    names += (names.empty() ? "" : ", ") + name + (initial ? " = " + *initial : "");
  }
  const std::string most = std::to_string(entry.params.size());
  const std::string range = required == entry.params.size() ? most : std::to_string(required) + " to " + most;
  return range + (entry.params.size() == 1 ? " argument (" : " arguments (") + names + ")";
}

NodeId call(program::Graph& graph, const std::string& name, std::span<const NodeId> args, NodeId t, NodeId steps) {
  const ScheduleEntry entry = catalog::schedule(name);
  if (args.size() > entry.params.size())
    throw InputError(name + " takes " + signature(entry) + ", found " + std::to_string(args.size()));
  program::Scope scope;
  scope.set("t", t);
  scope.set("steps", steps);
  for (std::size_t i = 0; i < entry.params.size(); ++i) {
    const auto& [param, initial] = entry.params[i];
    if (i >= args.size() && !initial)
      throw InputError(name + " takes " + signature(entry) + ", found " + std::to_string(args.size()));
    scope.set(param, i < args.size() ? args[i] : program::build(graph, language::parse_expression(*initial), scope));
  }
  return program::build(graph, language::parse_expression(entry.value), scope);
}

}  // namespace

void add_schedules(program::Scope& scope, program::Graph& graph, NodeId t, NodeId steps) {
  for (const std::string& name : catalog::schedule_names())
    scope.functions[name] = {program::any_arity, [&graph, name, t, steps](std::span<const NodeId> args) {
                               return call(graph, name, args, t, steps);
                             }};
}

}  // namespace optexplore::study
