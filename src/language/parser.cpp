#include "language/parser.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "language/lexer.hpp"
#include "language/ops.hpp"
#include "text/caret.hpp"

namespace optexplore::language {
namespace {

// A chain a+b+c+… leans to the left: its tree is as deep as it is long. The builder walks the left side in a loop;
// this bounds the stack of the small recursive walks (the destructor, printing), with AddressSanitizer too.
constexpr std::size_t max_tree_depth = 4000;
constexpr std::size_t most_elements = 1'000'000'000;

struct Operator {
  std::string_view symbol;
  Op op;
};
constexpr Operator comparisons[] = {{"<", Op::lt},  {"<=", Op::le}, {">", Op::gt},
                                    {">=", Op::ge}, {"==", Op::eq}, {"!=", Op::ne}};
constexpr Operator sums[] = {{"+", Op::add}, {"-", Op::sub}};
constexpr Operator products[] = {{"*", Op::mul}, {"/", Op::div}, {"@", Op::product}};

bool is_keyword(std::string_view word) { return word == "and" || word == "or" || word == "not"; }

class Parser {
 public:
  explicit Parser(std::string_view source) : source_(source) {
    if (source.size() > max_expression_bytes) throw InputError("the expression is longer than 1 MiB");
    tokens_ = tokenize(source);
  }

  AstPtr whole_expression() {
    if (peek().kind == Token::Kind::end)
      throw text::error_at(source_, peek().span, "expected an expression, found nothing");
    AstPtr root = expression();
    expect_end("an operator or the end");
    return root;
  }

  Assignment assignment() {
    Assignment result;
    const Token name = expect_name("a name to assign to");
    result.name = name.text;
    result.name_span = name.span;
    if (is("[")) {
      AstPtr whole = node(Ast::Kind::name, name.span);
      whole->text = name.text;
      result.elements = subscript(std::move(whole));
    }
    while (!result.elements && accept(",")) {
      const Token other = expect_name("another name to assign to");
      const auto same = [&](const Assignment::Name& given) { return given.text == other.text; };
      if (other.text == result.name || std::ranges::any_of(result.others, same))
        throw text::error_at(source_, other.span, "'" + other.text + "' is given twice");
      result.others.push_back({other.text, other.span});
    }
    expect("=", result.elements ? "'=' after the index" : "'=' after the name");
    result.value = {std::string(source_), whole_expression()};
    return result;
  }

  Counting counting() {
    Counting result;
    const Token name = expect_name("a range to count through, such as k = 1:n");
    if (name.text.find('.') != std::string::npos)
      throw text::error_at(source_, name.span, "the name of a counter can't contain a point");
    result.name = name.text;
    result.name_span = name.span;
    expect("=", "'=' after the name");
    result.first = {std::string(source_), expression()};
    expect(":", "':' and the last number, as in k = 1:n");
    result.last = {std::string(source_), whole_expression()};
    return result;
  }

  Definition definition() {
    Definition result;
    result.name = expect_name("a definition such as f(x,y) = x^2 + y^2").text;
    expect("(", "'(' after the function's name, as in f(x,y) = …");
    std::set<std::string> seen;
    for (bool more = true; more;) {
      const Token name = expect_name("a coordinate's name");
      if (name.text.find('.') != std::string::npos)
        throw text::error_at(source_, name.span, "a coordinate's name can't contain a point");
      if (!seen.insert(name.text).second)
        throw text::error_at(source_, name.span, "the coordinate '" + name.text + "' is given twice");
      result.arguments.push_back({name.text, name.span});
      if (is("[")) sizes(result);
      more = accept(",");
    }
    expect(")", "',' or ')'");
    expect("=", "'=' and the function's formula");
    for (const Argument& argument : result.arguments) result.fixed_dim += argument.rows * argument.columns;
    if (peek().kind == Token::Kind::end)
      throw text::error_at(source_, peek().span, "expected an expression, found nothing");
    result.body = {std::string(source_), expression()};
    if (is_word("where") && !(peek(1).kind == Token::Kind::symbol && peek(1).text == "(")) {
      ++at_;
      do result.where.push_back(intermediate_value(result));
      while (accept(";") && peek().kind != Token::Kind::end);
    }
    expect_end(result.where.empty() ? "an operator, 'where' or the end" : "an operator, ';' or the end");
    return result;
  }

 private:
  Assignment intermediate_value(const Definition& definition) {
    const Token name = expect_name("a name for an intermediate value, as in where u = x + y");
    const auto taken = [&](const std::string& other) { return other == name.text; };
    if (std::ranges::any_of(definition.arguments, taken, &Argument::name) || taken(definition.dim_name))
      throw text::error_at(source_, name.span, "'" + name.text + "' is a coordinate already");
    if (std::ranges::any_of(definition.where, taken, &Assignment::name))
      throw text::error_at(source_, name.span, "'" + name.text + "' is given twice");
    if (name.text.find('.') != std::string::npos)
      throw text::error_at(source_, name.span, "the name of an intermediate value can't contain a point");
    Assignment result;
    result.name = name.text;
    result.name_span = name.span;
    expect("=", "'=' after the name");
    if (peek().kind == Token::Kind::end)
      throw text::error_at(source_, peek().span, "expected an expression, found nothing");
    result.value = {std::string(source_), expression()};
    return result;
  }

  /// `[n]`, `[3]` or `[3,2]` behind the last argument's name.
  void sizes(Definition& result) {
    Argument& argument = result.arguments.back();
    expect("[", "'['");
    const Token& first = peek();
    argument.rank = 1;
    if (first.kind == Token::Kind::name && !is_keyword(first.text) && first.text.find('.') == std::string::npos) {
      if (first.text == argument.name)
        throw text::error_at(source_, first.span, "the vector and its dimension have the same name");
      ++at_;
      argument.rows = 0;
      result.dim_name = first.text;
      if (is(",")) throw text::error_at(source_, first.span, "a matrix needs whole numbers for its sizes: W[3,2]");
    } else {
      argument.rows = size("the vector's dimension: a name, as in f(x[n]), or a whole number of at least 1");
    }
    if (accept(",")) {
      argument.rank = 2;
      argument.columns = size("the number of the matrix' columns: a whole number of at least 1");
      if (argument.rows > most_elements / argument.columns)
        throw text::error_at(source_, {argument.span.begin, peek().span.end}, "a matrix of more than 10^9 elements");
    }
    if (argument.rank == 2 && is(","))
      throw text::error_at(source_, peek().span, "a block has two sizes at most: W[3,2]");
    expect("]", argument.rank == 1 && argument.rows != 0 ? "',' or ']'" : "']'");
    if (result.dim_name.empty() || (result.arguments.size() == 1 && !is(","))) return;
    throw text::error_at(source_, argument.span,
                         "a vector of any length must be the only argument: f(x[n]) = …; beside others it needs a "
                         "whole number: f(W[3,2], b[2]) = …");
  }

  std::size_t size(const char* expected) {
    const Token& token = peek();
    const bool whole = token.kind == Token::Kind::number && token.value >= 1 && token.value <= most_elements &&
                       token.value == static_cast<double>(static_cast<std::size_t>(token.value));
    if (!whole) fail(expected);
    ++at_;
    return static_cast<std::size_t>(token.value);
  }

  [[nodiscard]] const Token& peek(std::size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  [[nodiscard]] bool is(std::string_view symbol) const {
    return peek().kind == Token::Kind::symbol && peek().text == symbol;
  }
  [[nodiscard]] bool is_word(std::string_view word) const {
    return peek().kind == Token::Kind::name && peek().text == word;
  }
  bool accept(std::string_view symbol) {
    if (!is(symbol)) return false;
    ++at_;
    return true;
  }

  [[noreturn]] void fail(const std::string& expected) const {
    const Token& token = peek();
    if (token.kind == Token::Kind::end)
      throw text::error_at(source_, token.span, "expected " + expected + ", found the end");
    throw text::error_at(source_, token.span,
                         "expected " + expected + ", found '" +
                             std::string(source_.substr(token.span.begin, token.span.end - token.span.begin)) + "'");
  }
  void expect(std::string_view symbol, const std::string& expected) {
    if (!accept(symbol)) fail(expected);
  }
  Token expect_name(const std::string& expected) {
    if (peek().kind != Token::Kind::name) fail(expected);
    if (is_keyword(peek().text))
      throw text::error_at(source_, peek().span, "'" + peek().text + "' is a word of the language, not a name");
    return tokens_[at_++];
  }

  void expect_end(const std::string& expected) const {
    const Token& token = peek();
    if (token.kind == Token::Kind::end) return;
    if (is("=")) throw text::error_at(source_, token.span, "unexpected '='; write '==' to compare");
    if (is(")")) throw text::error_at(source_, token.span, "this ')' closes nothing");
    if (is("]")) throw text::error_at(source_, token.span, "this ']' closes nothing");
    if (token.kind == Token::Kind::name || token.kind == Token::Kind::number || is("("))
      throw text::error_at(source_, token.span,
                           "expected an operator before '" + token.text + "'; a product needs '*', as in 2*x");
    fail(expected);
  }

  AstPtr node(Ast::Kind kind, text::Span span) {
    if (++nodes_ > max_expression_nodes)
      throw text::error_at(source_, span, "the expression has more than 200000 parts");
    auto ast = std::make_unique<Ast>();
    ast->kind = kind;
    ast->span = span;
    return ast;
  }

  /// A call with its arguments; keeps count of the tree's depth.
  AstPtr call(std::string_view name, text::Span name_span, text::Span span, std::vector<AstPtr> args) {
    AstPtr ast = node(Ast::Kind::call, span);
    ast->text = name;
    ast->name_span = name_span;
    ast->args = std::move(args);
    return deepen(std::move(ast));
  }
  AstPtr deepen(AstPtr ast) {
    std::size_t depth = 0;
    for (const AstPtr& arg : ast->args) depth = std::max(depth, arg->depth);
    ast->depth = depth + 1;
    if (ast->depth > max_tree_depth)
      throw text::error_at(source_, ast->name_span,
                           "the expression is too long a chain; write a sum(k,a,b,…) or split it");
    return ast;
  }
  template <class... Args>
  static std::vector<AstPtr> list(Args... args) {
    std::vector<AstPtr> result;
    (result.push_back(std::move(args)), ...);
    return result;
  }

  /// Bounds the nesting of brackets and prefix operators, hence this parser's own stack.
  class Nesting {
   public:
    explicit Nesting(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > max_expression_depth)
        throw text::error_at(parser_.source_, parser_.peek().span, "nested deeper than 256 levels");
    }
    ~Nesting() { --parser_.depth_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;

   private:
    Parser& parser_;
  };

  AstPtr binary(Op op, const Token& token, AstPtr left, AstPtr right) {
    const text::Span span{left->span.begin, right->span.end};
    const std::string_view name = op == Op::product ? "matmul" : info(op).name;
    return call(name, token.span, span, list(std::move(left), std::move(right)));
  }

  AstPtr expression() {
    const Nesting nesting(*this);
    AstPtr left = conjunction();
    while (is_word("or")) {
      const Token token = tokens_[at_++];
      left = binary(Op::logical_or, token, std::move(left), conjunction());
    }
    return left;
  }

  AstPtr conjunction() {
    AstPtr left = negation();
    while (is_word("and")) {
      const Token token = tokens_[at_++];
      left = binary(Op::logical_and, token, std::move(left), negation());
    }
    return left;
  }

  AstPtr negation() {
    if (!is_word("not")) return comparison();
    const Nesting nesting(*this);
    const Token token = tokens_[at_++];
    AstPtr operand = negation();
    const text::Span span{token.span.begin, operand->span.end};
    return call("not", token.span, span, list(std::move(operand)));
  }

  template <std::size_t N>
  const Operator* match(const Operator (&table)[N]) const {
    for (const Operator& row : table)
      if (is(row.symbol)) return &row;
    return nullptr;
  }

  AstPtr comparison() {
    AstPtr left = sum();
    const Operator* row = match(comparisons);
    if (row == nullptr) return left;
    const Token token = tokens_[at_++];
    left = binary(row->op, token, std::move(left), sum());
    if (match(comparisons) != nullptr)
      throw text::error_at(source_, peek().span, "comparisons can't be chained; write a < b and b < c");
    return left;
  }

  AstPtr sum() {
    AstPtr left = product();
    while (const Operator* row = match(sums)) {
      const Token token = tokens_[at_++];
      left = binary(row->op, token, std::move(left), product());
    }
    return left;
  }

  AstPtr product() {
    AstPtr left = unary();
    while (const Operator* row = match(products)) {
      const Token token = tokens_[at_++];
      left = binary(row->op, token, std::move(left), unary());
    }
    return left;
  }

  AstPtr unary() {
    if (!is("-") && !is("+") && !is("√")) return power();
    const Nesting nesting(*this);
    const Token token = tokens_[at_++];
    AstPtr operand = unary();
    if (token.text == "+") return operand;
    const text::Span span{token.span.begin, operand->span.end};
    return call(token.text == "-" ? "neg" : "sqrt", token.span, span, list(std::move(operand)));
  }

  AstPtr power() {
    AstPtr base = postfix();
    if (!is("^")) return base;
    const Token token = tokens_[at_++];
    if (token.span.end == peek().span.end && token.span.begin == peek().span.begin) {
      // A superscript: exactly one token, and another power may follow: x²³ was one token, x²^2 is (x²)^2.
      base = binary(Op::pow, token, std::move(base), primary());
      if (!is("^")) return base;
      const Token next = tokens_[at_++];
      const Nesting nesting(*this);
      return binary(Op::pow, next, std::move(base), unary());
    }
    const Nesting nesting(*this);
    return binary(Op::pow, token, std::move(base), unary());
  }

  AstPtr postfix() {
    AstPtr base = primary();
    for (;;) {
      if (is("[")) {
        base = subscript(std::move(base));
      } else if (is("'")) {
        const Token token = tokens_[at_++];
        const text::Span span{base->span.begin, token.span.end};
        base = call("transpose", token.span, span, list(std::move(base)));
      } else {
        return base;
      }
    }
  }

  /// What stands in brackets behind `base`.
  AstPtr subscript(AstPtr base) {
    expect("[", "'['");
    AstPtr index = node(Ast::Kind::index, base->span);
    index->name_span = base->span;
    index->args.push_back(std::move(base));
    do index->args.push_back(one_index());
    while (index->args.size() < 3 && accept(","));
    index->span.end = peek().span.end;
    if (is(",")) throw text::error_at(source_, peek().span, "there are at most two indices: a[i, j]");
    expect("]", index->args.back()->kind == Ast::Kind::range ? "']'" : "']' or ':'");
    return deepen(std::move(index));
  }

  /// An expression, or a range of which both ends may be left out.
  AstPtr one_index() {
    const Token first = peek();
    AstPtr begin = is(":") ? nullptr : expression();
    if (!accept(":")) return begin;
    AstPtr range = node(Ast::Kind::range, {first.span.begin, tokens_[at_ - 1].span.end});
    range->name_span = range->span;
    range->text = begin ? "a:" : ":";
    if (begin) range->args.push_back(std::move(begin));
    if (!is("]") && !is(",")) {
      range->text += "b";
      range->args.push_back(expression());
      range->span.end = range->args.back()->span.end;
    }
    return deepen(std::move(range));
  }

  AstPtr list_of_elements(const Token& open) {
    AstPtr ast = node(Ast::Kind::list, open.span);
    ast->name_span = open.span;
    do ast->args.push_back(expression());
    while (accept(","));
    ast->span.end = peek().span.end;
    if (peek().kind == Token::Kind::end) throw text::error_at(source_, open.span, "this '[' is never closed");
    expect("]", "']' or ','");
    return deepen(std::move(ast));
  }

  AstPtr primary() {
    const Token token = peek();
    if (token.kind == Token::Kind::number) {
      ++at_;
      AstPtr ast = node(Ast::Kind::number, token.span);
      ast->value = token.value;
      return ast;
    }
    if (token.kind == Token::Kind::name && !is_keyword(token.text)) {
      ++at_;
      if (accept("(")) return arguments(token);
      AstPtr ast = node(Ast::Kind::name, token.span);
      ast->text = token.text;
      return ast;
    }
    if (accept("[")) return list_of_elements(token);
    if (accept("(")) {
      AstPtr ast = expression();
      if (!is(")")) fail_open(token, ")");
      ast->span = {token.span.begin, peek().span.end};
      ++at_;
      return ast;
    }
    fail("a number, a name or '('");
  }

  AstPtr arguments(const Token& name) {
    std::vector<AstPtr> args;
    std::vector<Ast::Named> named;
    const Token open = tokens_[at_ - 1];
    if (!is(")")) {
      do {
        const Token& first = peek();
        if (first.kind == Token::Kind::name && tokens_[at_ + 1].text == "=") {
          named.push_back({std::string(first.text), first.span});
          at_ += 2;
        } else if (!named.empty()) {
          throw text::error_at(source_, first.span,
                               "arguments without a name stand before those with one; '==' compares");
        }
        args.push_back(expression());
      } while (accept(","));
    }
    if (!is(")")) fail_open(open, "' or ',");
    const text::Span span{name.span.begin, peek().span.end};
    ++at_;
    AstPtr result = call(name.text, name.span, span, std::move(args));
    result->named = std::move(named);
    return result;
  }

  [[noreturn]] void fail_open(const Token& open, const std::string& wanted) const {
    if (peek().kind == Token::Kind::end) throw text::error_at(source_, open.span, "this '(' is never closed");
    if (wanted == ")") expect_end("')'");
    if (peek().kind == Token::Kind::name || peek().kind == Token::Kind::number || is("(")) expect_end("");
    fail("')' or ','");
  }

  std::string_view source_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t nodes_ = 0;
};

}  // namespace

Expression parse_expression(std::string_view text) {
  Expression result{std::string(text), nullptr};
  result.root = Parser(text).whole_expression();
  return result;
}

Assignment parse_assignment(std::string_view text) { return Parser(text).assignment(); }

Counting parse_counting(std::string_view text) { return Parser(text).counting(); }

Definition parse_definition(std::string_view text) { return Parser(text).definition(); }

bool looks_like_definition(std::string_view text) { return text.find_first_of("(=") != std::string_view::npos; }

bool is_identifier(std::string_view name) {
  if (name.empty()) return false;
  try {
    const std::vector<Token> tokens = tokenize(name);
    return tokens.size() == 2 && tokens[0].kind == Token::Kind::name && tokens[0].text == name &&
           name.find('.') == std::string_view::npos && !is_keyword(name);
  } catch (const InputError&) {
    return false;
  }
}

}  // namespace optexplore::language
