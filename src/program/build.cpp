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
#include "program/functions.hpp"
#include "program/loop.hpp"
#include "program/shapes.hpp"
#include "program/subscripts.hpp"
#include "text/caret.hpp"
#include "text/number.hpp"
#include "text/suggest.hpp"
#include "text/wrap.hpp"

namespace optexplore::program {
namespace {

class Builder {
 public:
  Builder(Graph& graph, const std::string& source, const Scope& scope) : g_(graph), source_(source), scope_(scope) {}

  NodeId node(const language::Ast& ast) {
    if (++work_ > max_graph_nodes) fail(ast.span, "the expression expands to more than 2000000 operations");
    switch (ast.kind) {
      case language::Ast::Kind::number: return g_.constant(ast.value);
      case language::Ast::Kind::name: return name(ast);
      case language::Ast::Kind::call: return call(ast);
      case language::Ast::Kind::index:
        return pick(g_, node(*ast.args[0]), subscripts(ast), {source_, ast.args[0]->span, ast.span});
      case language::Ast::Kind::range: break;
      case language::Ast::Kind::list: return list(ast);
    }
    throw std::logic_error("a range stands in brackets only");
  }

  /// `base` with the elements that an assignment names replaced by its value.
  NodeId replaced(const language::Ast& elements, NodeId base, const language::Ast& value) {
    const std::vector<Subscript> at = subscripts(elements);
    return replace(g_, base, at, node(value), {source_, elements.args[0]->span, elements.span}, value.span);
  }

 private:
  [[noreturn]] void fail(text::Span span, const std::string& message) const {
    throw text::error_at(source_, span, message);
  }

  // --- names

  std::optional<NodeId> lookup(const std::string& text) {
    for (auto it = loops_.rbegin(); it != loops_.rend(); ++it)
      if (it->first == text) return it->second;
    if (const Scope::Make make = scope_.find(text)) return make();
    if (const language::Word* word = language::find_word(language::Word::Kind::constant, text))
      return g_.constant(word->value);
    return std::nullopt;
  }

  NodeId name(const language::Ast& ast) {
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
    for (std::string& known : scope_functions()) names.push_back(std::move(known));
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
    const bool operation = !typed(ast);
    if (operation && ast.text == "matmul") return chain(ast, language::Op::product);
    const language::OpInfo* row = language::find_elementwise(ast.text, ast.args.size());
    if (row != nullptr && language::operator_only(row->op) && operation) return chain(ast, row->op);
    const language::Word* word = find_function(ast.text);
    for (const Scope::FunctionFamily& family : scope_.function_families)
      if (const auto function = word == nullptr ? family.find(ast.text) : std::nullopt)
        return scope_call(ast, *function);
    if (word == nullptr || word->where != language::Word::Where::everywhere) wrong_call(ast);
    const Arranged arranged = arrange(ast, *word);
    if (arranged.args.size() == 4) return loop(ast, arranged.args);
    const bool elementwise = row != nullptr && arranged.args.size() == static_cast<std::size_t>(row->arity);
    if (elementwise && row->arity == 2 && ast.named.empty()) return chain(ast, row->op);
    std::vector<NodeId> args;
    for (std::size_t k = 0; k < arranged.args.size(); ++k)
      args.push_back(counts(ast.text, k) ? count(*arranged.args[k]) : node(*arranged.args[k]));
    return elementwise ? combine(ast, row->op, args) : whole_call(ast, arranged, args);
  }

  /// A call's arguments in the order of the form that it has.
  struct Arranged {
    std::vector<const language::Ast*> args;
    const language::Ast* dim = nullptr;
  };

  /// Finds the form of the function that the call's arguments fit.
  Arranged arrange(const language::Ast& ast, const language::Word& word) {
    const std::size_t placed = ast.args.size() - ast.named.size();
    for (const language::Form& form : word.forms) {
      if (form.text.empty()) break;
      const language::Parameters parameters = language::parameters(form);
      Arranged result;
      for (std::size_t i = 0; i < placed; ++i) result.args.push_back(ast.args[i].get());
      if (placed > parameters.names.size() && !parameters.more) continue;
      result.args.resize(std::max(placed, parameters.names.size()), nullptr);
      bool fits = true;
      for (std::size_t i = 0; i < ast.named.size() && fits; ++i) {
        const language::Ast* value = ast.args[placed + i].get();
        const auto at = std::ranges::find(parameters.names, ast.named[i].name) - parameters.names.begin();
        const auto place = static_cast<std::size_t>(at);
        if (place < parameters.names.size()) {
          if (place < placed || result.args[place] != nullptr)
            fail(ast.named[i].span, "argument '" + ast.named[i].name + "' of " + ast.text + " is given twice");
          result.args[place] = value;
        } else {
          fits = std::ranges::find(parameters.by_name, ast.named[i].name) != parameters.by_name.end();
          if (fits && result.dim != nullptr)
            fail(ast.named[i].span, "argument '" + ast.named[i].name + "' of " + ast.text + " is given twice");
          result.dim = value;
        }
      }
      if (!fits || std::ranges::find(result.args, nullptr) != result.args.end()) continue;
      if (parameters.names.size() == 2 && parameters.names[1] == "dim") {  // sum(v, dim)
        result.dim = result.args[1];
        result.args.pop_back();
      }
      return result;
    }
    wrong_arguments(ast, word);
  }

  [[noreturn]] void wrong_arguments(const language::Ast& ast, const language::Word& word) {
    std::vector<std::string> known;
    for (const language::Form& form : word.forms) {
      if (form.text.empty()) break;
      const language::Parameters parameters = language::parameters(form);
      known.insert(known.end(), parameters.names.begin(), parameters.names.end());
      known.insert(known.end(), parameters.by_name.begin(), parameters.by_name.end());
    }
    for (const auto& [name, span] : ast.named)
      if (std::ranges::find(known, name) == known.end()) {
        const bool has_dim = std::ranges::find(known, "dim") != known.end();
        fail(span, ast.text + " has no argument '" + name + "'" +
                       (name == "axis" && has_dim ? "; it is called 'dim' here"
                                                  : "; write '==' to compare" + text::did_you_mean(name, known)));
      }
    wrong_count(ast, word);
  }

  /// A call that is no single elementwise operation.
  NodeId whole_call(const language::Ast& ast, const Arranged& arranged, const std::vector<NodeId>& args) {
    const NodeId dim = arranged.dim == nullptr ? no_node : count(*arranged.dim);
    try {
      return build_function(g_, {ast.text, args, dim, std::make_shared<const Origin>(Origin{source_, ast.span})});
    } catch (const ArgumentError& error) {
      fail(error.number() < args.size() ? arranged.args[error.number()]->span : arranged.dim->span, error.message());
    } catch (const ShapeMismatch& error) {
      fail(ast.name_span, error.message());
    } catch (const InputError& error) {
      fail(ast.span, error.message());
    }
  }

  /// Whether an argument of a function says how many.
  static bool counts(std::string_view function, std::size_t argument) {
    if (function == "eye" || function == "zeros" || function == "ones" || function == "range") return true;
    return (function == "reshape" || function == "onehot") && argument > 0;
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
    std::map<std::string, std::string> functions;
    const std::vector<NodeId> args = in_order(ast, function, functions);
    CallArguments call(args, ast.args.size() - ast.named.size());
    call.functions = std::move(functions);
    try {
      return function.build(call);
    } catch (const InputError& error) {
      if (!error.excerpt().empty()) throw;
      fail(ast.span, error.message());
    }
  }

  /// The arguments' nodes, those with a name at its place among its parameters; what functions are given as
  /// `functions`.
  std::vector<NodeId> in_order(const language::Ast& ast, const Scope::Function& function,
                               std::map<std::string, std::string>& functions) {
    const std::size_t placed = ast.args.size() - ast.named.size();
    std::vector<NodeId> args = nodes(std::span(ast.args).first(placed));
    if (ast.named.empty()) return args;
    std::vector<std::string> parameters =
        function.parameters ? function.parameters(placed) : std::vector<std::string>();
    const std::size_t values = parameters.size();
    parameters.insert(parameters.end(), function.function_parameters.begin(), function.function_parameters.end());
    for (std::size_t i = 0; i < ast.named.size(); ++i) {
      const auto& [name, span] = ast.named[i];
      const language::Ast& given = *ast.args[placed + i];
      const auto found = std::ranges::find(parameters, name);
      if (found == parameters.end()) {
        std::vector<std::string> known = parameters;
        std::erase(known, "");
        fail(span, ast.text + (known.empty() ? " takes no named arguments"
                                             : " has no argument '" + name + "' (it has: " + text::join(known, ", ") +
                                                   ")" + text::did_you_mean(name, known)));
      }
      const auto place = static_cast<std::size_t>(found - parameters.begin());
      const bool first = place >= values || place >= args.size() || args[place] == no_node;
      if (!first || functions.contains(name)) fail(span, "argument '" + name + "' of " + ast.text + " is given twice");
      if (place >= values) {
        if (given.kind != language::Ast::Kind::name || !scope_.functions.contains(given.text))
          fail(given.span, "expected the name of a function of \"define\", as '" + name + "' of " + ast.text +
                               " is a function" + text::did_you_mean(given.text, scope_functions()));
        functions[name] = given.text;
        continue;
      }
      if (place >= args.size()) args.resize(place + 1, no_node);
      args[place] = node(given);
    }
    return args;
  }

  std::vector<std::string> scope_functions() const {
    std::vector<std::string> names;
    for (const auto& [known, function] : scope_.functions) names.push_back(known);
    return names;
  }

  template <class Asts>
  std::vector<NodeId> nodes(const Asts& asts) {
    std::vector<NodeId> result;
    result.reserve(asts.size());
    for (const auto& ast : asts) result.push_back(node(*ast));
    return result;
  }

  /// A chain such as a+b+c+… is as deep as it is long; its left side is walked without recursion, so that only
  /// brackets cost stack.
  NodeId chain(const language::Ast& ast, language::Op op) {
    if (ast.args.size() != 2) return combine(ast, op, nodes(ast.args));
    std::vector<std::pair<const language::Ast*, language::Op>> links{{&ast, op}};
    const language::Ast* left = ast.args[0].get();
    for (; left->kind == language::Ast::Kind::call && left->args.size() == 2; left = left->args[0].get()) {
      const language::OpInfo* row = language::find_elementwise(left->text, 2);
      const bool product = left->text == "matmul" && !typed(*left);
      if ((row == nullptr && !product) || scope_.functions.contains(left->text) || !left->named.empty()) break;
      links.emplace_back(left, product ? language::Op::product : row->op);
    }
    NodeId result = node(*left);
    for (auto it = links.rbegin(); it != links.rend(); ++it)
      result = combine(*it->first, it->second, {result, node(*it->first->args[1])});
    return result;
  }

  NodeId combine(const language::Ast& ast, language::Op op, std::vector<NodeId> args) {
    try {
      if (op == language::Op::product) return build_function(g_, {"matmul", args, no_node, nullptr});
      broadcast(g_, args);
    } catch (const InputError& error) {
      fail(ast.name_span, error.message());
    }
    if (op == language::Op::pow) return power(g_, args[0], args[1]);
    return g_.apply(op, args);
  }

  // --- indices and ranges: numbers that count have no format

  NodeId count(const language::Ast& ast) {
    const InFormat exact(g_, std::nullopt);
    return node(ast);
  }

  /// The value of an expression that must be a whole number known before the run.
  std::int64_t whole_number(const language::Ast& ast, const std::string& what) {
    const NodeId id = count(ast);
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

  NodeId counter(std::int64_t k) {
    const InFormat exact(g_, std::nullopt);
    return g_.constant(static_cast<double>(k));
  }

  NodeId counting(const Range& range) {
    const InFormat exact(g_, std::nullopt);
    std::vector<double> values(range.length());
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = static_cast<double>(range.first + static_cast<std::int64_t>(i));
    return g_.constant(std::move(values));
  }

  std::vector<Subscript> subscripts(const language::Ast& ast) {
    std::vector<Subscript> result;
    for (std::size_t i = 1; i < ast.args.size(); ++i) {
      const language::Ast& index = *ast.args[i];
      Subscript subscript;
      subscript.span = subscript.first_span = subscript.last_span = index.span;
      if (index.kind == language::Ast::Kind::range)
        read_range(index, subscript);
      else
        subscript.numbers = count(index);
      result.push_back(subscript);
    }
    return result;
  }

  void read_range(const language::Ast& ast, Subscript& subscript) {
    const auto read = [&](const language::Ast& end, std::optional<std::int64_t>& value, text::Span& span) {
      value = whole_number(end, "a range's end");
      span = end.span;
    };
    if (ast.text.starts_with("a")) read(*ast.args[0], subscript.first, subscript.first_span);
    if (ast.text.ends_with("b")) read(*ast.args.back(), subscript.last, subscript.last_span);
  }

  /// A vector of numbers, or a matrix of vectors that are its rows.
  NodeId list(const language::Ast& ast) {
    const std::vector<NodeId> elements = nodes(ast.args);
    const Shape first = g_.shape(elements[0]);
    if (first.matrix())
      fail(ast.args[0]->span, "expected a number, or a vector as a row of a matrix, found " + describe(first));
    for (std::size_t i = 0; i < elements.size(); ++i)
      if (g_.shape(elements[i]) != first)
        fail(ast.args[i]->span,
             first.scalar() ? "expected a number as an element of a vector, found " + describe(g_.shape(elements[i]))
                            : "expected a row of " + std::to_string(first.length) + " elements, found " +
                                  describe(g_.shape(elements[i])));
    const NodeId all = g_.concat(elements);
    if (!first.scalar()) return g_.reshape(all, checked_shape(elements.size(), first.length));
    return g_.shape(all).scalar() ? g_.fill(all, {1}) : all;
  }

  // --- sum(k, a, b, expr) and prod(k, a, b, expr)

  NodeId loop(const language::Ast& ast, const std::vector<const language::Ast*>& args) {
    const language::Ast& index = *args[0];
    const language::Ast& body = *args[3];
    if (index.kind != language::Ast::Kind::name || index.text.find('.') != std::string::npos)
      fail(index.span, "expected the index's name, as in " + ast.text + "(k, 1, n, x[k])");
    const Range range = bounds(*args[1], *args[2], ast.span);
    const bool is_sum = ast.text == "sum";
    if (range.length() == 0) return g_.constant(is_sum ? 0.0 : 1.0);
    const auto kind_of = [&](const std::string& text) {
      const auto found = lookup(text);  // an undefined name is reported where it is built
      if (!found) return NameKind::scalar;
      const Shape shape = g_.shape(*found);
      return shape.matrix() ? NameKind::matrix : shape.scalar() ? NameKind::scalar : NameKind::vector;
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
    return g_.fill(terms, {static_cast<std::uint32_t>(range.length())});
  }

  NodeId each_term(const language::Ast& index, const language::Ast& body, const Range& range) {
    if (range.length() > max_unrolled_terms) fail(body.span, "more than 1000000 terms that use whole vectors");
    std::vector<NodeId> terms;
    for (std::int64_t k = range.first; k <= range.last; ++k) {
      loops_.emplace_back(index.text, counter(k));
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

void add_intermediate_values(Scope& scope, Graph& graph, const language::Definition& definition) {
  for (const language::Assignment& value : definition.where) scope.set(value.name, build(graph, value.value, scope));
}

NodeId build_definition(Graph& graph, const language::Definition& definition, Scope& scope) {
  add_intermediate_values(scope, graph, definition);
  return build_scalar(graph, definition.body, scope, "a function's value");
}

}  // namespace optexplore::program
