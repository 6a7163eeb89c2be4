#include "language/print.hpp"

#include <cmath>

#include "text/number.hpp"

namespace optexplore::language {
namespace {

PrintedExpression print(const Ast& ast) {
  std::vector<PrintedExpression> args;
  for (const AstPtr& arg : ast.args) args.push_back(print(*arg));
  for (std::size_t i = 0; i < ast.named.size(); ++i) {
    PrintedExpression& arg = args[args.size() - ast.named.size() + i];
    arg = {ast.named[i].name + "=" + arg.text};
  }
  switch (ast.kind) {
    case Ast::Kind::number: return print_number(ast.value);
    case Ast::Kind::name: return {ast.text};
    case Ast::Kind::index:
      return {bracketed(args[0], prec_primary) + "[" + args[1].text + (args.size() > 2 ? ", " + args[2].text : "") +
              "]"};
    case Ast::Kind::range:
      if (ast.text == "a:b") return {args[0].text + ":" + args[1].text};
      return {ast.text == "a:" ? args[0].text + ":" : ast.text == ":b" ? ":" + args[0].text : ":"};
    case Ast::Kind::list: {
      std::string text;
      for (const PrintedExpression& arg : args) text += (text.empty() ? "[" : ", ") + arg.text;
      return {text + "]"};
    }
    case Ast::Kind::call: break;
  }
  if (ast.text == "matmul" && args.size() == 2) return print_operation(info(Op::product), args);
  if (ast.text == "transpose" && args.size() == 1) return {bracketed(args[0], prec_primary) + "'"};
  if (const OpInfo* row = find_elementwise(ast.text, args.size())) return print_operation(*row, args);
  return print_operation({Op::sum, ast.text, "", static_cast<int>(args.size()), prec_primary}, args);
}

}  // namespace

std::string bracketed(const PrintedExpression& expression, int at_least) {
  return expression.precedence < at_least ? "(" + expression.text + ")" : expression.text;
}

PrintedExpression print_number(double value) {
  if (std::isnan(value)) return {"nan"};
  if (std::isinf(value)) return value > 0 ? PrintedExpression{"inf"} : PrintedExpression{"-inf", prec_unary};
  return {text::number_text(value), std::signbit(value) ? prec_unary : prec_primary};
}

PrintedExpression print_operation(const OpInfo& row, const std::vector<PrintedExpression>& args) {
  const std::string symbol(row.symbol);
  if (symbol.empty()) {
    std::string text(row.name);
    text += "(";
    for (std::size_t i = 0; i < args.size(); ++i) text += (i == 0 ? "" : ", ") + args[i].text;
    return {text + ")"};
  }
  if (args.size() == 1) return {symbol + bracketed(args[0], row.precedence), row.precedence};
  // Left-associative operators need brackets on an equal right side; ^ the other way round; a<b on both.
  const bool right_associative = row.precedence == prec_power;
  const bool compares = row.precedence == prec_compare;
  const int left = row.precedence + (right_associative || compares ? 1 : 0);
  const int right = right_associative ? static_cast<int>(prec_unary) : row.precedence + 1;
  return {bracketed(args[0], left) + symbol + bracketed(args[1], right), row.precedence};
}

std::string to_text(const Ast& ast) { return print(ast).text; }

}  // namespace optexplore::language
