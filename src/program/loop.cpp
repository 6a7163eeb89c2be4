#include "program/loop.hpp"

#include <algorithm>

#include "language/ops.hpp"
#include "language/words.hpp"

namespace optexplore::program {
namespace {

bool mentions(const language::Ast& ast, const std::string& index) {
  if (ast.kind == language::Ast::Kind::name) return ast.text == index;
  return std::any_of(ast.args.begin(), ast.args.end(),
                     [&](const language::AstPtr& arg) { return mentions(*arg, index); });
}

/// 2 or -1: the base of powers that the builder folds, each like the literal it is.
bool is_number(const language::Ast& ast) {
  return ast.kind == language::Ast::Kind::number ||
         (ast.text == "neg" && ast.args.size() == 1 && is_number(*ast.args[0]));
}

}  // namespace

bool vectorizable(const language::Ast& body, const std::string& index,
                  const std::function<NameKind(const std::string&)>& kind_of) {
  const auto recurse = [&](const language::AstPtr& arg) { return vectorizable(*arg, index, kind_of); };
  switch (body.kind) {
    case language::Ast::Kind::number: return true;
    case language::Ast::Kind::name: return body.text == index || kind_of(body.text) == NameKind::scalar;
    case language::Ast::Kind::range:
    case language::Ast::Kind::list: return false;
    case language::Ast::Kind::index: {
      if (body.args[0]->kind != language::Ast::Kind::name) return false;
      if (body.args[0]->text == index) return false;  // the index hides the vector; it has no elements
      const NameKind base = kind_of(body.args[0]->text);
      const bool element = base == (body.args.size() == 2 ? NameKind::vector : NameKind::matrix);
      return element && std::all_of(body.args.begin() + 1, body.args.end(), recurse);
    }
    case language::Ast::Kind::call: break;
  }
  if (!body.named.empty()) return false;  // max(a, dim=1)
  // x[k]^k: term by term, where each exponent is a literal and means repeated multiplication.
  if (body.text == "pow" && body.args.size() == 2 && !is_number(*body.args[0]) && mentions(*body.args[1], index))
    return false;
  const language::Word* word = language::find_word(language::Word::Kind::function, body.text);
  const language::Form* form = word == nullptr ? nullptr : language::find_form(*word, body.args.size());
  const bool elementwise = form != nullptr ? form->shapes == language::Shapes::elementwise
                                           : language::find_elementwise(body.text, body.args.size()) != nullptr;
  return elementwise && std::all_of(body.args.begin(), body.args.end(), recurse);
}

NodeId product_of_rows(Graph& graph, NodeId matrix) {
  const std::uint32_t rows = graph.shape(matrix).rows(), width = graph.shape(matrix).columns;
  if (rows == 1) return graph.reshape(matrix, {width});
  const std::uint32_t half = rows / 2;
  const NodeId low = graph.slice(matrix, 0, half * width), high = graph.slice(matrix, half * width, half * width);
  const NodeId paired = product_of_rows(graph, graph.reshape(graph.mul(low, high), matrix_shape(half, width)));
  return rows % 2 == 0 ? paired : graph.mul(paired, graph.slice(matrix, (rows - 1) * width, width));
}

NodeId product(Graph& graph, NodeId vector) {
  const std::uint32_t length = graph.shape(vector).length;
  if (length == 0) return vector;
  if (length == 1) return graph.element(vector, 0);
  const std::uint32_t half = length / 2;
  const NodeId low = half == 1 ? graph.element(vector, 0) : graph.slice(vector, 0, half);
  const NodeId high = half == 1 ? graph.element(vector, 1) : graph.slice(vector, half, half);
  const NodeId paired = product(graph, graph.mul(low, high));
  return length % 2 == 0 ? paired : graph.mul(paired, graph.element(vector, length - 1));
}

}  // namespace optexplore::program
