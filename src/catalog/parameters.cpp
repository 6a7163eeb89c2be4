#include "catalog/parameters.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include "program/shapes.hpp"

namespace optexplore::catalog {

program::NodeId parameter_node(program::Graph& graph, const Parameter& parameter) {
  if (const auto* number = std::get_if<double>(&parameter)) return graph.constant(*number);
  if (const auto* vector = std::get_if<std::vector<double>>(&parameter)) return graph.constant(*vector);
  const auto& rows = std::get<std::vector<std::vector<double>>>(parameter);
  std::vector<double> values;
  for (const std::vector<double>& row : rows) values.insert(values.end(), row.begin(), row.end());
  return graph.constant(std::move(values), program::checked_shape(rows.size(), rows[0].size()));
}

Parameter to_parameter(const program::Graph& graph, program::NodeId constant) {
  const program::Shape shape = graph.shape(constant);
  std::vector<double> values(shape.size());
  for (std::uint32_t i = 0; i < values.size(); ++i) values[i] = graph.constant_element(constant, i);
  if (shape.scalar()) return values.front();
  if (!shape.matrix()) return values;
  std::vector<std::vector<double>> rows;
  for (auto row = values.begin(); row != values.end(); row += shape.columns)
    rows.emplace_back(row, row + shape.columns);
  return rows;
}

void add_parameters(program::Scope& scope, program::Graph& graph, const Parameters& params) {
  for (const auto& [name, parameter] : params) {
    scope.set(name, parameter_node(graph, parameter));
  }
}

namespace {

using program::NodeId;

/// The names of a function's arguments when some stand before those with a name: its own, then its parameters.
std::vector<std::string> argument_names(const FunctionEntry& entry, std::size_t placed) {
  const language::Definition& definition = entry.definition.tree();
  std::vector<std::string> names = definition.argument_names();
  if (definition.of_vector() || placed == 1) names.assign(placed, "");  // a vector's elements, or a whole point
  for (const auto& [name, value] : entry.params) names.push_back(name);
  return names;
}

Parameter constant_parameter(const program::Graph& graph, NodeId node, const std::string& name) {
  if (!graph.is_constant(node)) throw InputError("expected a constant for " + name);
  return to_parameter(graph, node);
}

NodeId call(program::Graph& graph, const FunctionEntry& entry, const program::CallArguments& args) {
  const language::Definition& definition = entry.definition.tree();
  const std::size_t coordinates = argument_names(entry, args.placed).size() - entry.params.size();
  Parameters params = entry.params;
  for (std::size_t i = coordinates; i < args.size(); ++i) {
    auto& [name, value] = params[i - coordinates];
    if (args[i] != program::no_node) value = constant_parameter(graph, args[i], name);
  }
  const std::vector<NodeId> parts(args.begin(),
                                  args.begin() + static_cast<std::ptrdiff_t>(std::min(coordinates, args.size())));
  if (parts.empty() || std::ranges::find(parts, program::no_node) != parts.end())
    throw InputError(entry.name + " needs a point: its coordinates, or a vector");
  const NodeId point = graph.concat(parts);
  const std::uint32_t dim = graph.shape(point).length;
  if (definition.fixed_dim != 0 && dim != definition.fixed_dim)
    throw InputError(entry.name + " has " + std::to_string(definition.fixed_dim) +
                     (definition.fixed_dim == 1 ? " coordinate" : " coordinates") + ", found " + std::to_string(dim));
  program::Scope scope;
  add_parameters(scope, graph, params);
  program::add_coordinates(scope, graph, definition, point);
  return program::build_definition(graph, definition, scope);
}

}  // namespace

void add_functions(program::Scope& scope, program::Graph& graph) {
  const auto find = [&graph](const std::string& name) -> std::optional<program::Scope::Function> {
    if (!has_function(name)) return std::nullopt;
    const auto entry = std::make_shared<const FunctionEntry>(function(name));
    return program::Scope::Function{
        [&graph, entry](const program::CallArguments& args) { return call(graph, *entry, args); },
        [entry](std::size_t placed) { return argument_names(*entry, placed); }};
  };
  const auto list = [](std::vector<std::string>& names) {
    for (std::string& name : function_names()) names.push_back(std::move(name));
    for (const auto& [alias, name] : function_aliases()) names.push_back(alias);
  };
  scope.function_families.push_back({find, list});
}

std::vector<double> evaluate(const Formula& formula, const Parameters& params, std::size_t n) {
  program::Graph graph;
  program::Scope scope;
  add_parameters(scope, graph, params);
  scope.set("n", graph.constant(static_cast<double>(n)));
  const program::NodeId node = program::build(graph, formula.tree(), scope);
  const program::Shape shape = graph.shape(node);
  if (!graph.is_constant(node))
    throw InputError("expected an expression of n and the parameters, found '" + formula.text() + "'");
  if (!shape.scalar() && shape.length != n)
    throw InputError("expected one number or " + std::to_string(n) + ", one per coordinate, found " +
                     std::to_string(shape.length));
  std::vector<double> values(shape.size());
  for (std::uint32_t i = 0; i < values.size(); ++i) {
    values[i] = graph.constant_element(node, i);
    if (!std::isfinite(values[i])) throw InputError("expected finite numbers, found '" + formula.text() + "'");
  }
  return values;
}

double constant(const Formula& formula) {
  program::Graph graph;
  const program::NodeId node = program::build_scalar(graph, formula.tree(), {}, "what stands for a number");
  const double value = graph.is_constant(node) ? graph.constant_element(node, 0) : std::nan("");
  if (!std::isfinite(value)) throw InputError("expected a finite number, found '" + formula.text() + "'");
  return value;
}

}  // namespace optexplore::catalog
