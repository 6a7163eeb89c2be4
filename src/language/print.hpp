#pragma once

#include <string>
#include <vector>

#include "language/ast.hpp"
#include "language/ops.hpp"

namespace optexplore::language {

/// An expression as text that parses to the same tree, with brackets only where they are needed.
std::string to_text(const Ast& ast);

/// Text of an expression with the precedence of its outermost operator: what printers build larger expressions from.
struct PrintedExpression {
  std::string text;
  int precedence = prec_primary;
};

/// The text, in brackets when it binds less than `at_least`.
std::string bracketed(const PrintedExpression& expression, int at_least);

/// A number; a negative one is a unary minus.
PrintedExpression print_number(double value);

/// An operator or a call, with as few brackets as the grammar needs.
PrintedExpression print_operation(const OpInfo& operation, const std::vector<PrintedExpression>& arguments);

}  // namespace optexplore::language
