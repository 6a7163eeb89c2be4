#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "language/ast.hpp"

namespace optexplore::language {

struct Token {
  enum class Kind { number, name, symbol, end };
  Kind kind = Kind::end;
  text::Span span;
  std::string text;  ///< name or symbol in plain ASCII: "·" is "*", "≤" is "<=", "**" is "^", "π" is "pi"
  double value = 0;
};

/// Splits `source` into tokens, the last of kind end. Superscripts become "^" and a number (or "n"); subscript
/// digits become part of a name (x₁ is x1). Throws InputError with a caret for anything else.
std::vector<Token> tokenize(std::string_view source);

}  // namespace optexplore::language
