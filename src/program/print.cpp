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
    switch (node.op) {
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
      case language::Op::constant:
      case language::Op::input:
      case language::Op::random:
      case language::Op::gather:
      case language::Op::scatter:
      case language::Op::concat: return fail();
      default: return language::print_operation(language::info(node.op), args);
    }
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
