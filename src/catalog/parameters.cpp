#include "catalog/parameters.hpp"

#include <cmath>
#include <memory>

namespace optexplore::catalog {

void add_parameters(program::Scope& scope, program::Graph& graph, const Parameters& params) {
  for (const auto& [name, parameter] : params) {
    program::Value value;
    if (const auto* number = std::get_if<double>(&parameter)) {
      value.node = graph.constant(*number);
    } else if (const auto* vector = std::get_if<std::vector<double>>(&parameter)) {
      value.node = graph.constant(*vector);
    } else {
      value.matrix = std::make_shared<const std::vector<std::vector<double>>>(
          std::get<std::vector<std::vector<double>>>(parameter));
    }
    scope.names[name] = [value] { return value; };
  }
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
  std::vector<double> values(shape.rows());
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
