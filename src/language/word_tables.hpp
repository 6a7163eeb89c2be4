#pragma once

#include <span>

#include "language/words.hpp"

/// The tables behind words(), a source file each.
namespace optexplore::language {

std::span<const Word> operators();
/// Of numbers, of vectors, and those of rules and columns, one after another.
std::span<const Word> functions();
std::span<const Word> constants();
std::span<const Word> names();

}  // namespace optexplore::language
