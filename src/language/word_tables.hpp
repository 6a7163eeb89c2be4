#pragma once

#include <span>

#include "language/words.hpp"

/// The tables behind words(), a source file each.
namespace optexplore::language {

std::span<const Word> operators();
/// Element by element.
std::span<const Word> functions_of_numbers();
/// Of vectors and matrices as wholes.
std::span<const Word> functions_of_arrays();
/// Only in rules, columns and stop conditions.
std::span<const Word> functions_of_rules();
std::span<const Word> constants();
std::span<const Word> names();

}  // namespace optexplore::language
