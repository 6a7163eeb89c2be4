#include "program/print.hpp"

#include <fmt/format.h>

#include <vector>

#include "language/print.hpp"

namespace optexplore::program {
namespace {

using language::bracketed;
using language::print_number;
using language::PrintedExpression;

class GraphPrinter {
 public:
  GraphPrinter(const Graph& graph, const std::map<NodeId, std::string>& names, std::size_t limit)
      : g_(graph), names_(names), limit_(limit) {}

  std::string run(NodeId id) {
    const PrintedExpression piece = print(id, 0);
    return failed_ ? "" : piece.text;
  }

 private:
  PrintedExpression print(NodeId id, std::size_t depth) {
    if (const auto it = names_.find(id); it != names_.end()) return {it->second};
    if (failed_ || depth > 200) return fail();
    const Node& node = g_[id];
    if (node.op == language::Op::constant && node.shape.scalar()) return print_number(node.value);
    std::vector<PrintedExpression> args;
    std::size_t size = 0;
    for (const NodeId arg : node.args) {
      args.push_back(print(arg, depth + 1));
      size += args.back().text.size();
    }
    if (size > limit_) return fail();
    if (language::is_reduction(node.op) && node.aux2 != 0) {
      const bool by_name = node.op == language::Op::reduce_min || node.op == language::Op::reduce_max;
      return {
          fmt::format("{}({}, {}{})", language::info(node.op).name, args[0].text, by_name ? "dim=" : "", node.aux2)};
    }
    switch (node.op) {
      case language::Op::product: return product(node, args);
      case language::Op::transpose: return {bracketed(args[0], language::prec_primary) + ".T"};
      case language::Op::reshape: return reshaped(args[0].text, node.shape);
      case language::Op::repeat: {
        const std::string all = fmt::format("ones({}, {})*", node.shape.rows(), node.shape.columns);
        if (node.aux == 1) return {all + bracketed(args[0], language::prec_unary), language::prec_product};
        return {all + reshaped(args[0].text, {node.shape.rows(), 1}).text, language::prec_product};
      }
      case language::Op::cumsum:
        if (node.aux != 0) return fail();
        break;
      case language::Op::index: return args[0];
      case language::Op::take:
        if (node.aux != 1 || !g_.shape(node.args[0]).vector()) return fail();
        return {bracketed(args[0], language::prec_primary) + "[" + args[1].text + "]"};
      case language::Op::powi: {
        const PrintedExpression exponent = print_number(static_cast<std::int32_t>(node.aux));
        return {bracketed(args[0], language::prec_primary) + "^" + bracketed(exponent, language::prec_unary),
                language::prec_power};
      }
      case language::Op::elem: return {bracketed(args[0], language::prec_primary) + fmt::format("[{}]", node.aux + 1)};
      case language::Op::slice:
        return {bracketed(args[0], language::prec_primary) +
                fmt::format("[{}:{}]", node.aux + 1, node.aux + node.shape.length)};
      case language::Op::limit:
      case language::Op::fill: return args[0];
      case language::Op::constant: return constant(node);
      case language::Op::gather: return gathered(node, args[0]);
      case language::Op::concat: return joined(node, args);
      case language::Op::input:
      case language::Op::random:
      case language::Op::scatter:
      case language::Op::place:
      case language::Op::put: return fail();
      default: break;
    }
    return language::print_operation(language::info(node.op), args);
  }

  static PrintedExpression reshaped(const std::string& text, Shape shape) {
    if (!shape.matrix()) return {"flatten(" + text + ")"};
    return {fmt::format("reshape({}, {}, {})", text, shape.rows(), shape.columns)};
  }

  static PrintedExpression product(const Node& node, std::vector<PrintedExpression> args) {
    for (std::size_t k = 0; k < 2; ++k)
      if ((node.aux >> k & 1U) != 0) args[k] = {bracketed(args[k], language::prec_primary) + ".T"};
    return language::print_operation(language::info(node.op), args);
  }

  /// A short vector or matrix of numbers, as its list.
  PrintedExpression constant(const Node& node) {
    constexpr std::size_t longest = 16;
    if (node.data->size() > longest) return fail();
    std::string text;
    for (std::size_t i = 0; i < node.data->size(); ++i) {
      const bool begins = node.shape.matrix() && i % node.shape.columns == 0;
      text += i == 0 ? "" : begins ? "], " : ", ";
      text += (begins ? "[" : "") + print_number((*node.data)[i]).text;
    }
    return {"[" + text + (node.shape.matrix() ? "]]" : "]")};
  }

  PrintedExpression gathered(const Node& node, const PrintedExpression& from) {
    constexpr std::size_t longest = 16;
    if (node.data->size() > longest) return fail();
    std::string text;
    for (const double place : *node.data) text += fmt::format("{}{}", text.empty() ? "" : ", ", place + 1);
    const bool matrix = g_.shape(node.args[0]).matrix();
    return {(matrix ? "flatten(" + from.text + ")" : bracketed(from, language::prec_primary)) + "[[" + text + "]]"};
  }

  PrintedExpression joined(const Node& node, const std::vector<PrintedExpression>& args) {
    std::string text;
    bool numbers = true;
    for (std::size_t k = 0; k < args.size(); ++k) {
      const Shape shape = g_.shape(node.args[k]);
      numbers = numbers && shape.scalar();
      text += (text.empty() ? "" : ", ") + (shape.matrix() ? "flatten(" + args[k].text + ")" : args[k].text);
    }
    return {numbers ? "[" + text + "]" : "concat(" + text + ")"};
  }

  PrintedExpression fail() {
    failed_ = true;
    return {};
  }

  const Graph& g_;
  const std::map<NodeId, std::string>& names_;
  std::size_t limit_;
  bool failed_ = false;
};

}  // namespace

std::string to_text(const Graph& graph, NodeId node, const std::map<NodeId, std::string>& names, std::size_t limit) {
  return GraphPrinter(graph, names, limit).run(node);
}

}  // namespace optexplore::program
