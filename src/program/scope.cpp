#include <algorithm>

#include "program/build.hpp"

namespace optexplore::program {

Scope::Make Scope::find(const std::string& name) const {
  for (const Family& family : families)
    if (Make make = family.find(name)) return make;
  const auto found = names.find(name);
  return found == names.end() ? Make() : found->second;
}

std::optional<std::string> Scope::why_unavailable(const std::string& name) const {
  if (const auto found = unavailable.find(name); found != unavailable.end()) return found->second;
  for (const Refusal& refusal : refusals)
    if (refusal.covers(name)) return refusal.why;
  return std::nullopt;
}

std::vector<std::string> Scope::all_names() const {
  std::vector<std::string> all;
  for (const auto& [name, make] : names) all.push_back(name);
  for (const Family& family : families) family.list(all);
  std::sort(all.begin(), all.end());
  return all;
}

void add_coordinates(Scope& scope, Graph& graph, const language::Definition& definition, NodeId point) {
  std::uint32_t offset = 0;
  for (const language::Argument& argument : definition.arguments) {
    const bool open = argument.rows == 0;
    const auto rows = open ? graph.shape(point).length : static_cast<std::uint32_t>(argument.rows);
    const auto columns = static_cast<std::uint32_t>(argument.columns);
    const Shape shape = argument.rank == 0 ? Shape{} : argument.rank == 1 ? Shape{rows} : matrix_shape(rows, columns);
    scope.names[argument.name] = [&graph, point, offset, shape] {
      if (shape.scalar()) return graph.element(point, offset);
      return graph.reshape(graph.slice(point, offset, shape.length), shape);
    };
    offset += shape.size();
  }
  const std::string n = definition.dim_name.empty() ? "n" : definition.dim_name;
  if (!scope.names.contains(n)) scope.set(n, graph.constant(graph.shape(point).length));
}

}  // namespace optexplore::program
