#include "program/print.hpp"

#include <fmt/format.h>

#include <cmath>

namespace optexplore::program {
namespace {

/// Text with the precedence of its outermost operator.
struct Piece {
  std::string text;
  int precedence = language::prec_primary;
};

std::string bracketed(const Piece& piece, int at_least) {
  return piece.precedence < at_least ? "(" + piece.text + ")" : piece.text;
}

Piece number(double value) {
  if (std::isnan(value)) return {"nan"};
  if (std::isinf(value)) return value > 0 ? Piece{"inf"} : Piece{"-inf", language::prec_unary};
  return {fmt::format("{}", value), std::signbit(value) ? language::prec_unary : language::prec_primary};
}

/// An operator or a call, with as few brackets as the grammar needs.
Piece combine(const language::OpInfo& row, const std::vector<Piece>& args) {
  const std::string symbol(row.symbol);
  if (symbol.empty()) {
    std::string text(row.name);
    text += "(";
    for (std::size_t i = 0; i < args.size(); ++i) text += (i == 0 ? "" : ", ") + args[i].text;
    return {text + ")"};
  }
  if (args.size() == 1) return {symbol + bracketed(args[0], row.precedence), row.precedence};
  // Left-associative operators need brackets on an equal right side; ^ the other way round; a<b on both.
  const bool right_associative = row.precedence == language::prec_power;
  const bool compares = row.precedence == language::prec_compare;
  const int left = row.precedence + (right_associative || compares ? 1 : 0);
  const int right = right_associative ? static_cast<int>(language::prec_unary) : row.precedence + 1;
  return {bracketed(args[0], left) + symbol + bracketed(args[1], right), row.precedence};
}

Piece print(const language::Ast& ast) {
  std::vector<Piece> args;
  for (const language::AstPtr& arg : ast.args) args.push_back(print(*arg));
  switch (ast.kind) {
    case language::Ast::Kind::number: return number(ast.value);
    case language::Ast::Kind::name: return {ast.text};
    case language::Ast::Kind::index:
      return {bracketed(args[0], language::prec_primary) + "[" + args[1].text +
              (args.size() > 2 ? ", " + args[2].text : "") + "]"};
    case language::Ast::Kind::slice:
      return {bracketed(args[0], language::prec_primary) + "[" + args[1].text + ":" + args[2].text + "]"};
    case language::Ast::Kind::call: break;
  }
  if (const language::OpInfo* row = language::find_elementwise(ast.text, args.size())) return combine(*row, args);
  return combine({language::Op::sum, ast.text, "", static_cast<int>(args.size()), language::prec_primary}, args);
}

class GraphPrinter {
 public:
  GraphPrinter(const Graph& graph, const std::map<NodeId, std::string>& names, std::size_t limit)
      : g_(graph), names_(names), limit_(limit) {}

  std::string run(NodeId id) {
    const Piece piece = print(id, 0);
    return failed_ ? "" : piece.text;
  }

 private:
  Piece print(NodeId id, std::size_t depth) {
    if (const auto it = names_.find(id); it != names_.end()) return {it->second};
    if (failed_ || depth > 200) return fail();
    const Node& node = g_[id];
    if (node.op == language::Op::constant && node.shape.scalar()) return number(node.value);
    std::vector<Piece> args;
    std::size_t size = 0;
    for (const NodeId arg : node.args) {
      args.push_back(print(arg, depth + 1));
      size += args.back().text.size();
    }
    if (size > limit_) return fail();
    switch (node.op) {
      case language::Op::powi: {
        const Piece exponent = number(static_cast<std::int32_t>(node.aux));
        return {bracketed(args[0], language::prec_primary) + "^" + bracketed(exponent, language::prec_unary),
                language::prec_power};
      }
      case language::Op::elem: return {bracketed(args[0], language::prec_primary) + fmt::format("[{}]", node.aux + 1)};
      case language::Op::slice:
        return {bracketed(args[0], language::prec_primary) +
                fmt::format("[{}:{}]", node.aux + 1, node.aux + node.shape.length)};
      case language::Op::fill: return args[0];
      case language::Op::constant:
      case language::Op::input:
      case language::Op::random:
      case language::Op::gather:
      case language::Op::scatter:
      case language::Op::concat: return fail();
      default: return combine(language::info(node.op), args);
    }
  }

  Piece fail() {
    failed_ = true;
    return {};
  }

  const Graph& g_;
  const std::map<NodeId, std::string>& names_;
  std::size_t limit_;
  bool failed_ = false;
};

}  // namespace

std::string to_text(const language::Ast& ast) { return print(ast).text; }

std::string to_text(const Graph& graph, NodeId node, const std::map<NodeId, std::string>& names, std::size_t limit) {
  return GraphPrinter(graph, names, limit).run(node);
}

}  // namespace optexplore::program
