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
  for (std::uint32_t i = 0; i < definition.coordinates.size(); ++i)
    scope.names[definition.coordinates[i]] = [&graph, point, i] { return graph.element(point, i); };
  if (!definition.vector.empty()) scope.set(definition.vector, point);
  const std::string n = definition.dim_name.empty() ? "n" : definition.dim_name;
  if (!scope.names.contains(n)) scope.set(n, graph.constant(graph.shape(point).length));
}

}  // namespace optexplore::program
