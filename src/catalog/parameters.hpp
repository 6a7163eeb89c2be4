#pragma once

#include <optexplore/catalog.hpp>
#include <string>
#include <utility>
#include <vector>

#include "program/build.hpp"
#include "program/graph.hpp"

namespace optexplore::catalog {

using Parameters = std::vector<std::pair<std::string, Parameter>>;

/// Makes a function's parameters available as constants.
void add_parameters(program::Scope& scope, program::Graph& graph, const Parameters& params);

/// A parameter as a constant.
program::NodeId parameter_node(program::Graph& graph, const Parameter& parameter);

/// What a constant node holds: a number, a vector, or a matrix by its rows.
Parameter to_parameter(const program::Graph& graph, program::NodeId constant);

/// Makes the catalogue's functions available: rosenbrock(x, y), rosenbrock([x, y]), with parameters by name.
void add_functions(program::Scope& scope, program::Graph& graph);

/// The value of an expression of n and the parameters: one number, or n of them.
/// Throws InputError when it isn't one or isn't finite.
std::vector<double> evaluate(const Formula& formula, const Parameters& params, std::size_t n);

/// The value of an expression without any names but the language's constants: "pi/2". Throws InputError when it isn't
/// one finite number.
double constant(const Formula& formula);

}  // namespace optexplore::catalog
