#include "program/build.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <utility>

#include "language/ops.hpp"
#include "language/words.hpp"
#include "program/formulas.hpp"
#include "program/loop.hpp"
#include "text/caret.hpp"
#include "text/number.hpp"
#include "text/suggest.hpp"
#include "text/wrap.hpp"

namespace optexplore::program {
namespace {

std::string describe(Shape shape) {
  return shape.scalar() ? "a number" : "a vector of " + std::to_string(shape.length);
}

class Builder {
 public:
  Builder(Graph& graph, const std::string& source, const Scope& scope) : g_(graph), source_(source), scope_(scope) {}

  NodeId node(const language::Ast& ast) {
    const Value result = value(ast);
    if (result.matrix) fail(ast.span, "a matrix can't be used whole; take a row a[i] or an element a[i,j]");
    return result.node;
  }

  /// `base` with the elements that an assignment names replaced by its value.
  NodeId replaced(const language::Ast& elements, NodeId base, const language::Ast& value) {
    const std::vector<std::uint32_t> at = chosen(elements, base);
    const NodeId with = node(value);
    const Shape shape = g_.shape(with);
    if (!shape.scalar() && shape.length != at.size())
      fail(value.span, "expected a number or a vector of " + std::to_string(at.size()) +
                           ", one for each element, found " + describe(shape));
    // Behind the old elements stand the new ones: each place takes from where its last value is.
    std::vector<std::uint32_t> from(g_.shape(base).length);
    std::iota(from.begin(), from.end(), 0U);
    for (std::uint32_t i = 0; i < at.size(); ++i)
      from[at[i]] = static_cast<std::uint32_t>(from.size()) + (shape.scalar() ? 0 : i);
    return g_.gather(g_.concat(std::array{base, with}), from);
  }

 private:
  [[noreturn]] void fail(text::Span span, const std::string& message) const {
    throw text::error_at(source_, span, message);
  }

  Value value(const language::Ast& ast) {
    if (++work_ > max_graph_nodes) fail(ast.span, "the expression expands to more than 2000000 operations");
    switch (ast.kind) {
      case language::Ast::Kind::number: return {g_.constant(ast.value), nullptr};
      case language::Ast::Kind::name: return name(ast);
      case language::Ast::Kind::call: return {call(ast), nullptr};
      case language::Ast::Kind::index: return index(ast);
      case language::Ast::Kind::slice: return {slice(ast), nullptr};
      case language::Ast::Kind::list: return {list(ast), nullptr};
    }
    return {};
  }

  // --- names

  std::optional<Value> lookup(const std::string& text) {
    for (auto it = loops_.rbegin(); it != loops_.rend(); ++it)
      if (it->first == text) return Value{it->second, nullptr};
    if (const Scope::Make make = scope_.find(text)) return make();
    if (const language::Word* word = language::find_word(language::Word::Kind::constant, text))
      return Value{g_.constant(word->value), nullptr};
    return std::nullopt;
  }

  Value name(const language::Ast& ast) {
    if (auto found = lookup(ast.text)) return *found;
    const std::string& text = ast.text;
    if (const auto why = scope_.why_unavailable(text)) fail(ast.span, "'" + text + "' is not available here: " + *why);
    if (is_function(text)) fail(ast.span, "'" + text + "' is a function; write " + text + "(…)");
    if (const language::Word* word = language::find_foreign(text); word != nullptr && lookup(std::string(word->name)))
      fail(ast.span, "undefined name '" + text + "'; it is called '" + std::string(word->name) + "' here");
    fail(ast.span, "undefined name '" + text + "'" + text::did_you_mean(text, known_names()));
  }

  std::vector<std::string> known_names() const {
    std::vector<std::string> names;
    for (const auto& [loop, node] : loops_) names.push_back(loop);
    for (std::string& known : scope_.all_names()) names.push_back(std::move(known));
    for (const language::Word& constant : language::words(language::Word::Kind::constant))
      names.emplace_back(constant.name);
    return names;
  }
  std::vector<std::string> known_functions() const {
    std::vector<std::string> names = language::function_names();
    for (const auto& [known, function] : scope_.functions) names.push_back(known);
    for (const Scope::FunctionFamily& family : scope_.function_families) family.list(names);
    return names;
  }
  bool is_function(const std::string& text) const {
    for (const std::string& known : known_functions())
      if (known == text) return true;
    return false;
  }

  // --- calls

  NodeId call(const language::Ast& ast) {
    if (const auto it = scope_.functions.find(ast.text); it != scope_.functions.end())
      return scope_call(ast, it->second);
    const language::OpInfo* row = language::find_elementwise(ast.text, ast.args.size());
    if (row != nullptr && language::operator_only(row->op) && !typed(ast)) return elementwise(ast, row->op);
    const language::Word* word = find_function(ast.text);
    for (const Scope::FunctionFamily& family : scope_.function_families)
      if (const auto function = word == nullptr ? family.find(ast.text) : std::nullopt)
        return scope_call(ast, *function);
    if (!ast.named.empty()) fail(ast.named[0].span, ast.text + " takes no named arguments; write '==' to compare");
    if (word == nullptr || word->where != language::Word::Where::everywhere) wrong_call(ast);
    if (language::find_form(*word, ast.args.size()) == nullptr) wrong_count(ast, *word);
    if (row != nullptr) return elementwise(ast, row->op);
    if ((ast.text == "sum" || ast.text == "prod") && ast.args.size() == 4) return loop(ast);
    return special_call(ast);
  }

  static const language::Word* find_function(std::string_view text) {
    return language::find_word(language::Word::Kind::function, text);
  }

  /// Whether the name of an operator's function stands in the text as a call, which only words can't be.
  [[nodiscard]] bool typed(const language::Ast& ast) const {
    if (ast.text == "and" || ast.text == "or" || ast.text == "not") return false;
    return std::string_view(source_).substr(ast.name_span.begin, ast.text.size()) == ast.text;
  }

  [[noreturn]] void wrong_count(const language::Ast& ast, const language::Word& function) {
    fail(ast.span, ast.text + " takes " + language::usage(function) + ", found " + std::to_string(ast.args.size()));
  }

  [[noreturn]] void wrong_call(const language::Ast& ast) {
    const std::string& text = ast.text;
    if (lookup(text)) fail(ast.name_span, "'" + text + "' is not a function; a product needs '*'");
    if (const auto why = scope_.why_unavailable(text))
      fail(ast.name_span, "'" + text + "' is not available here: " + *why);
    if (const language::Word* word = find_function(text))
      fail(ast.name_span, "'" + text + "' is not available here: it belongs to " + language::place(word->where));
    if (const language::Word* word = language::find_foreign(text);
        word != nullptr && is_function(std::string(word->name)))
      fail(ast.name_span, "undefined function '" + text + "'; it is called '" + std::string(word->name) + "' here");
    fail(ast.name_span, "undefined function '" + text + "'" + text::did_you_mean(text, known_functions()));
  }

  /// Functions of the language count their arguments by its words; those with parameters of their own do it themselves.
  NodeId scope_call(const language::Ast& ast, const Scope::Function& function) {
    const language::Word* word = find_function(ast.text);
    if (word == nullptr && !function.parameters)
      throw std::logic_error("'" + ast.text + "' is no word of the language");
    if (word != nullptr && language::find_form(*word, ast.args.size()) == nullptr) wrong_count(ast, *word);
    const std::vector<NodeId> args = in_order(ast, function.parameters);
    try {
      return function.build({args, ast.args.size() - ast.named.size()});
    } catch (const InputError& error) {
      if (!error.excerpt().empty()) throw;
      fail(ast.span, error.message());
    }
  }

  /// The arguments' nodes, those with a name at its place among its parameters.
  std::vector<NodeId> in_order(const language::Ast& ast,
                               const std::function<std::vector<std::string>(std::size_t)>& names_of) {
    std::vector<NodeId> given = nodes(ast.args);
    if (ast.named.empty()) return given;
    const std::size_t placed = given.size() - ast.named.size();
    const std::vector<std::string> parameters = names_of ? names_of(placed) : std::vector<std::string>();
    std::vector<NodeId> args(given.begin(), given.begin() + static_cast<std::ptrdiff_t>(placed));
    for (std::size_t i = 0; i < ast.named.size(); ++i) {
      const auto& [name, span] = ast.named[i];
      const auto found = std::ranges::find(parameters, name);
      if (found == parameters.end()) {
        std::vector<std::string> known = parameters;
        std::erase(known, "");
        fail(span, ast.text + (known.empty() ? " takes no named arguments"
                                             : " has no argument '" + name + "' (it has: " + text::join(known, ", ") +
                                                   ")" + text::did_you_mean(name, known)));
      }
      const auto place = static_cast<std::size_t>(found - parameters.begin());
      if (place >= args.size()) args.resize(place + 1, no_node);
      if (args[place] != no_node) fail(span, "argument '" + name + "' of " + ast.text + " is given twice");
      args[place] = given[placed + i];
    }
    return args;
  }

  std::vector<NodeId> nodes(const std::vector<language::AstPtr>& asts) {
    std::vector<NodeId> result;
    result.reserve(asts.size());
    for (const language::AstPtr& ast : asts) result.push_back(node(*ast));
    return result;
  }

  /// A chain such as a+b+c+… is as deep as it is long; its left side is walked without recursion, so that only
  /// brackets cost stack.
  NodeId elementwise(const language::Ast& ast, language::Op op) {
    if (ast.args.size() != 2) return combine(ast, op, nodes(ast.args));
    std::vector<std::pair<const language::Ast*, language::Op>> chain{{&ast, op}};
    const language::Ast* left = ast.args[0].get();
    for (; left->kind == language::Ast::Kind::call && left->args.size() == 2; left = left->args[0].get()) {
      const language::OpInfo* row = language::find_elementwise(left->text, 2);
      if (row == nullptr || scope_.functions.contains(left->text)) break;
      chain.emplace_back(left, row->op);
    }
    NodeId result = node(*left);
    for (auto it = chain.rbegin(); it != chain.rend(); ++it)
      result = combine(*it->first, it->second, {result, node(*it->first->args[1])});
    return result;
  }

  NodeId combine(const language::Ast& ast, language::Op op, const std::vector<NodeId>& args) {
    check_lengths(ast, args);
    if (op == language::Op::pow) return power(g_, args[0], args[1]);
    return g_.apply(op, args);
  }

  void check_lengths(const language::Ast& ast, const std::vector<NodeId>& args) const {
    Shape shape;
    for (const NodeId arg : args) {
      const Shape next = g_.shape(arg);
      if (next.scalar()) continue;
      if (!shape.scalar() && shape != next)
        fail(ast.name_span, "vectors of " + std::to_string(shape.length) + " and " + std::to_string(next.length) +
                                " elements can't be combined");
      shape = next;
    }
  }

  /// A call that is no single elementwise operation.
  NodeId special_call(const language::Ast& ast) {
    const std::string& text = ast.text;
    const std::size_t count = ast.args.size();
    if (text == "range") return range(ast);
    if (text == "relu") return relu(g_, node(*ast.args[0]));
    if (count > 1) {
      const std::vector<NodeId> args = nodes(ast.args);
      check_lengths(ast, args);
      if (text == "clip") return clip(g_, args[0], args[1], args[2]);
      if (text == "dot") return dot(g_, args[0], args[1]);
      if (text == "logaddexp") return logaddexp(g_, args[0], args[1]);
      NodeId result = args[0];
      for (std::size_t i = 1; i < count; ++i)
        result = g_.apply(text == "min" ? language::Op::min : language::Op::max, {result, args[i]});
      return result;
    }
    return reduction(text, node(*ast.args[0]));
  }

  NodeId reduction(const std::string& text, NodeId v) {
    const Shape shape = g_.shape(v);
    if (text == "norm1") return shape.scalar() ? abs(v) : g_.apply(language::Op::sum, {abs(v)});
    if (text == "norminf") return shape.scalar() ? abs(v) : g_.apply(language::Op::reduce_max, {abs(v)});
    if (text == "norm") return shape.scalar() ? abs(v) : g_.apply(language::Op::norm, {v});
    if (shape.scalar()) return v;  // a scalar is a vector of one
    if (text == "sum") return g_.apply(language::Op::sum, {v});
    if (text == "logsumexp") return logsumexp(g_, v);
    if (text == "prod") return product(g_, v);
    if (text == "mean") return g_.div(g_.apply(language::Op::sum, {v}), g_.constant(shape.length));
    if (text == "min") return g_.apply(language::Op::reduce_min, {v});
    if (text == "max") return g_.apply(language::Op::reduce_max, {v});
    throw std::logic_error("nothing builds '" + text + "'");
  }

  NodeId abs(NodeId v) { return g_.apply(language::Op::abs, {v}); }

  // --- indices and ranges

  /// The value of an expression that must be a whole number known before the run.
  std::int64_t whole_number(const language::Ast& ast, const std::string& what) {
    const NodeId id = node(ast);
    if (!g_.is_constant(id)) fail(ast.span, what + " must be known before the run; it can't depend on the point");
    if (!g_.shape(id).scalar()) fail(ast.span, what + " must be a number, found " + describe(g_.shape(id)));
    const double v = g_.constant_element(id, 0);
    if (v != std::floor(v) || std::fabs(v) > 9e15) fail(ast.span, what + " must be a whole number");
    return static_cast<std::int64_t>(v);
  }

  struct Range {
    std::int64_t first, last;
    [[nodiscard]] std::uint64_t length() const {
      return last < first ? 0 : static_cast<std::uint64_t>(last - first) + 1;
    }
  };
  Range bounds(const language::Ast& first, const language::Ast& last, text::Span span) {
    const Range range{whole_number(first, "a range's end"), whole_number(last, "a range's end")};
    if (range.length() > max_vector_length) fail(span, "the range is longer than 10000000");
    return range;
  }

  NodeId counting(const Range& range) {
    std::vector<double> values(range.length());
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = static_cast<double>(range.first + static_cast<std::int64_t>(i));
    return g_.constant(std::move(values));
  }

  NodeId range(const language::Ast& ast) {
    const Range range = bounds(*ast.args[0], *ast.args[1], ast.span);
    if (range.length() == 0) fail(ast.span, "the range is empty");
    return counting(range);
  }

  /// A 1-based index checked against `length`; returned 0-based.
  std::uint32_t checked(double index, std::size_t length, text::Span span) const {
    if (index != std::floor(index)) fail(span, "an index must be a whole number");
    if (!(index >= 1) || index > static_cast<double>(length)) {
      const std::string found =
          std::fabs(index) < 1e15 ? std::to_string(static_cast<std::int64_t>(index)) : text::number_text(index);
      fail(span, "index " + found + " is outside 1…" + std::to_string(length));
    }
    return static_cast<std::uint32_t>(index) - 1;
  }

  std::vector<std::uint32_t> indices(const language::Ast& ast, std::size_t length) {
    const NodeId id = node(ast);
    if (!g_.is_constant(id)) fail(ast.span, "an index must be known before the run; it can't depend on the point");
    std::vector<std::uint32_t> result(g_.shape(id).rows());
    for (std::uint32_t i = 0; i < result.size(); ++i) result[i] = checked(g_.constant_element(id, i), length, ast.span);
    return result;
  }

  Value index(const language::Ast& ast) {
    const Value base = value(*ast.args[0]);
    if (base.matrix) return matrix_index(ast, *base.matrix);
    if (ast.args.size() == 3) fail(ast.span, "two indices need a matrix");
    const Shape shape = g_.shape(base.node);
    if (shape.scalar()) fail(ast.args[0]->span, "a number has no elements; only a vector can be indexed");
    const std::vector<std::uint32_t> at = indices(*ast.args[1], shape.length);
    if (g_.shape(node(*ast.args[1])).scalar()) return {g_.element(base.node, at[0]), nullptr};
    return {g_.gather(base.node, at), nullptr};
  }

  /// a[i] is a row; a[i,j] an element; with a vector of indices, a column or diagonal of elements.
  Value matrix_index(const language::Ast& ast, const std::vector<std::vector<double>>& rows) {
    const std::vector<std::uint32_t> at = indices(*ast.args[1], rows.size());
    const bool many = !g_.shape(node(*ast.args[1])).scalar();
    if (ast.args.size() == 2) {
      if (many) fail(ast.args[1]->span, "a row's index must be one number");
      return {g_.constant(rows[at[0]]), nullptr};
    }
    const std::vector<std::uint32_t> column = indices(*ast.args[2], rows[0].size());
    const bool many_columns = !g_.shape(node(*ast.args[2])).scalar();
    if (!many && !many_columns) return {g_.constant(rows[at[0]][column[0]]), nullptr};
    if (many && many_columns && at.size() != column.size()) fail(ast.span, "the indices differ in length");
    std::vector<double> values(std::max(at.size(), column.size()));
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = rows[at[many ? i : 0]][column[many_columns ? i : 0]];
    return {g_.constant(std::move(values)), nullptr};
  }

  NodeId slice(const language::Ast& ast) {
    const NodeId base = node(*ast.args[0]);
    const auto [first, length] = sliced(ast, base);
    return g_.slice(base, first, length);
  }

  /// The first element of a slice, from 0, and how many there are.
  std::pair<std::uint32_t, std::uint32_t> sliced(const language::Ast& ast, NodeId base) {
    const Shape shape = g_.shape(base);
    if (shape.scalar()) fail(ast.args[0]->span, "a number has no elements; only a vector can be sliced");
    const Range range = bounds(*ast.args[1], *ast.args[2], ast.span);
    const std::uint32_t first = checked(static_cast<double>(range.first), shape.length, ast.args[1]->span);
    checked(static_cast<double>(range.last), shape.length, ast.args[2]->span);
    if (range.last < range.first) fail(ast.span, "the slice is empty: its end lies before its beginning");
    return {first, static_cast<std::uint32_t>(range.length())};
  }

  /// The elements that an index or a slice of `base` names, from 0.
  std::vector<std::uint32_t> chosen(const language::Ast& ast, NodeId base) {
    if (ast.kind == language::Ast::Kind::slice) {
      const auto [first, length] = sliced(ast, base);
      std::vector<std::uint32_t> places(length);
      std::iota(places.begin(), places.end(), first);
      return places;
    }
    if (ast.args.size() == 3) fail(ast.span, "two indices need a matrix");
    if (g_.shape(base).scalar()) fail(ast.args[0]->span, "a number has no elements; only a vector can be indexed");
    return indices(*ast.args[1], g_.shape(base).length);
  }

  NodeId list(const language::Ast& ast) {
    const std::vector<NodeId> elements = nodes(ast.args);
    for (std::size_t i = 0; i < elements.size(); ++i)
      if (!g_.shape(elements[i]).scalar())
        fail(ast.args[i]->span,
             "expected a number as an element of a vector, found " + describe(g_.shape(elements[i])));
    return g_.concat(elements);
  }

  // --- sum(k, a, b, expr) and prod(k, a, b, expr)

  NodeId loop(const language::Ast& ast) {
    const language::Ast& index = *ast.args[0];
    const language::Ast& body = *ast.args[3];
    if (index.kind != language::Ast::Kind::name || index.text.find('.') != std::string::npos)
      fail(index.span, "expected the index's name, as in " + ast.text + "(k, 1, n, x[k])");
    const Range range = bounds(*ast.args[1], *ast.args[2], ast.span);
    const bool is_sum = ast.text == "sum";
    if (range.length() == 0) return g_.constant(is_sum ? 0.0 : 1.0);
    const auto kind_of = [&](const std::string& text) {
      const auto found = lookup(text);  // an undefined name is reported where it is built
      if (!found) return NameKind::scalar;
      return found->matrix ? NameKind::matrix : g_.shape(found->node).scalar() ? NameKind::scalar : NameKind::vector;
    };
    const NodeId terms =
        vectorizable(body, index.text, kind_of) ? all_terms(index, body, range) : each_term(index, body, range);
    return is_sum ? g_.apply(language::Op::sum, {terms}) : product(g_, terms);
  }

  /// The whole loop at once: the index is the vector (a, a+1, …, b), x[k+1] a slice.
  NodeId all_terms(const language::Ast& index, const language::Ast& body, const Range& range) {
    loops_.emplace_back(index.text, counting(range));
    const NodeId terms = node(body);
    loops_.pop_back();
    return g_.fill(terms, static_cast<std::uint32_t>(range.length()));
  }

  NodeId each_term(const language::Ast& index, const language::Ast& body, const Range& range) {
    if (range.length() > max_unrolled_terms) fail(body.span, "more than 1000000 terms that use whole vectors");
    std::vector<NodeId> terms;
    for (std::int64_t k = range.first; k <= range.last; ++k) {
      loops_.emplace_back(index.text, g_.constant(static_cast<double>(k)));
      const NodeId term = node(body);
      loops_.pop_back();
      if (!g_.shape(term).scalar())
        fail(body.span, "expected a number for each term, found " + describe(g_.shape(term)));
      terms.push_back(term);
    }
    return g_.concat(terms);
  }

  Graph& g_;
  const std::string& source_;
  const Scope& scope_;
  std::vector<std::pair<std::string, NodeId>> loops_;
  std::size_t work_ = 0;  ///< nested loops repeat work even when they add no nodes
};

}  // namespace

NodeId build(Graph& graph, const language::Expression& expression, const Scope& scope) {
  return Builder(graph, expression.source, scope).node(*expression.root);
}

NodeId assign(Graph& graph, const language::Assignment& assignment, NodeId old, const Scope& scope) {
  Builder builder(graph, assignment.value.source, scope);
  const language::Ast& value = *assignment.value.root;
  return assignment.elements ? builder.replaced(*assignment.elements, old, value) : builder.node(value);
}

NodeId build_scalar(Graph& graph, const language::Expression& expression, const Scope& scope, const std::string& what) {
  const NodeId id = build(graph, expression, scope);
  if (!graph.shape(id).scalar())
    throw text::error_at(expression.source, expression.root->span,
                         what + " must be a number, found " + describe(graph.shape(id)) +
                             "; reduce it, for example with norm(…) or sum(…)");
  return id;
}

}  // namespace optexplore::program
