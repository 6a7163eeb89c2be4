#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "language/ast.hpp"

namespace optexplore::language {

/// Limits on what is accepted as one expression: text in bytes, nesting of brackets and operators, and nodes.
inline constexpr std::size_t max_expression_bytes = 1 << 20;
inline constexpr std::size_t max_expression_depth = 256;
inline constexpr std::size_t max_expression_nodes = 200'000;

/// Reads one expression. Throws InputError with a caret excerpt and an empty place.
Expression parse_expression(std::string_view text);

/// Reads `name = expression`. Throws like parse_expression.
Assignment parse_assignment(std::string_view text);

/// Reads `name = first:last`. Throws like parse_expression.
Counting parse_counting(std::string_view text);

/// Reads `f(x,y) = expression` or `f(x[n]) = expression`. Throws like parse_expression.
Definition parse_definition(std::string_view text);

/// Whether the text looks like a definition (contains '=' other than in a comparison) and not a name.
bool looks_like_definition(std::string_view text);

/// Whether `name` can name a coordinate, parameter or state: a letter or _, then letters, digits and _.
bool is_identifier(std::string_view name);

}  // namespace optexplore::language
