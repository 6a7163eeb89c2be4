#pragma once

#include <optexplore/catalog.hpp>
#include <string_view>

// Functions made of the catalogue's by writing their names alone: "-ackley", "rosenbrock + 0.1*himmelblau".
namespace optexplore::catalog {

/// Whether a text is such an expression: its names are functions of the catalogue, and there is more than one name.
bool is_combination(std::string_view text);

/// Throws InputError that names the nearest function when some of an expression's names are functions and one isn't.
void check_names(std::string_view text);

/// Whether a text stands for a function by names: one name, a .json file, or such an expression.
bool names_function(std::string_view text);

/// The function of the point that they all have in common. What is known of one of them says nothing of it but where to
/// look: the first one's domain and start.
/// @throws InputError when their dimensions differ
FunctionEntry combination(std::string_view text);

}  // namespace optexplore::catalog
