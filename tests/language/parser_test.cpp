#include "language/parser.hpp"

#include <doctest/doctest.h>

#include "language/failure.hpp"
#include "language/print.hpp"

using namespace optexplore;
using namespace optexplore::language;
using namespace optexplore::text;

namespace {

/// The tree with every call written out: "add(a, neg(b))".
std::string shape(const Ast& ast) {
  if (ast.kind == Ast::Kind::number) return optexplore::language::to_text(ast);
  if (ast.kind == Ast::Kind::name) return ast.text;
  std::string text = ast.kind == Ast::Kind::index ? "index" : ast.kind == Ast::Kind::range ? "range" : ast.text;
  text += "(";
  for (std::size_t i = 0; i < ast.args.size(); ++i) text += (i == 0 ? "" : ", ") + shape(*ast.args[i]);
  return text + ")";
}

std::string tree(const std::string& text) { return shape(*parse_expression(text).root); }

std::string long_sum(int terms) {
  std::string text = "1";
  for (int i = 1; i < terms; ++i) text += "+1";
  return text;
}

std::string repeated(const std::string& piece, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += piece;
  return text;
}

}  // namespace

TEST_CASE("operators bind as in mathematics") {
  CHECK(tree("-x^2") == "neg(pow(x, 2))");
  CHECK(tree("-x²") == "neg(pow(x, 2))");
  CHECK(tree("2^3^2") == "pow(2, pow(3, 2))");
  CHECK(tree("2^-1") == "pow(2, neg(1))");
  CHECK(tree("2^-x^2") == "pow(2, neg(pow(x, 2)))");
  CHECK(tree("(-x)^2") == "pow(neg(x), 2)");
  CHECK(tree("-2*x") == "mul(neg(2), x)");
  CHECK(tree("2*A @ x*3") == "mul(matmul(mul(2, A), x), 3)");
  CHECK(tree("A.T @ state.m.T^2") == "matmul(transpose(A), pow(transpose(state.m), 2))");
  CHECK(tree("-Aᵀ") == "neg(transpose(A))");
  CHECK(tree("A.Tx + state.T1") == "add(A.Tx, state.T1)");
  CHECK(tree("x*-y") == "mul(x, neg(y))");
  CHECK(tree("--x") == "neg(neg(x))");
  CHECK(tree("+x") == "x");
  CHECK(tree("a - b - c") == "sub(sub(a, b), c)");
  CHECK(tree("a - (b - c)") == "sub(a, sub(b, c))");
  CHECK(tree("a/b*c") == "mul(div(a, b), c)");
  CHECK(tree("a + b*c^d") == "add(a, mul(b, pow(c, d)))");
  CHECK(tree("a + b < c - d") == "lt(add(a, b), sub(c, d))");
  CHECK(tree("not a == b") == "not(eq(a, b))");
  CHECK(tree("not a and b or c") == "or(and(not(a), b), c)");
  CHECK(tree("a or b and c") == "or(a, and(b, c))");
  CHECK(tree("not not a") == "not(not(a))");
  CHECK(tree("(1 < 2) < 3") == "lt(lt(1, 2), 3)");
}

TEST_CASE("superscripts and roots bind to what they stand at") {
  CHECK(tree("x²/20 + y²") == "add(div(pow(x, 2), 20), pow(y, 2))");
  CHECK(tree("x²³") == "pow(x, 23)");
  CHECK(tree("x²^3") == "pow(pow(x, 2), 3)");
  CHECK(tree("x^2²") == "pow(x, pow(2, 2))");
  CHECK(tree("x⁻¹") == "pow(x, -1)");
  CHECK(tree("xⁿ") == "pow(x, n)");
  CHECK(tree("√x") == "sqrt(x)");
  CHECK(tree("√x²") == "sqrt(pow(x, 2))");
  CHECK(tree("√x + 1") == "add(sqrt(x), 1)");
  CHECK(tree("-√x") == "neg(sqrt(x))");
  CHECK(tree("2·π·x₁") == "mul(mul(2, pi), x1)");
}

TEST_CASE("calls, indices and slices nest") {
  CHECK(tree("sum(k, 1, n, x[k]^2)") == "sum(k, 1, n, pow(index(x, k), 2))");
  CHECK(tree("A[:, j] + A[2:, 1:]") == "add(index(A, range(), j), index(A, range(2), range(1)))");
  CHECK(tree("A[:3]'") == "transpose(index(A, range(3)))");
  CHECK(tree("x[2:n]") == "index(x, range(2, n))");
  CHECK(tree("a[i, j+1]") == "index(a, i, add(j, 1))");
  CHECK(tree("x[2:4][1]") == "index(index(x, range(2, 4)), 1)");
  CHECK(tree("(x + 1)[2]") == "index(add(x, 1), 2)");
  CHECK(tree("f(g(x), y[2])^2") == "pow(f(g(x), index(y, 2)), 2)");
  CHECK(tree("f()") == "f()");
}

TEST_CASE("spans cover what a message should underline") {
  const Expression e = parse_expression("1 + sin(x, y)");
  CHECK(e.root->span.begin == 0);
  CHECK(e.root->span.end == 13);
  CHECK(e.root->name_span.begin == 2);
  CHECK(e.root->args[1]->span.begin == 4);
  CHECK(e.root->args[1]->span.end == 13);
  CHECK(e.root->args[1]->name_span.end == 7);
}

TEST_CASE("a definition's arguments are numbers, vectors and matrices") {
  const Definition scalars = parse_definition("f(x, y) = x^2 + y");
  CHECK(scalars.name == "f");
  CHECK(scalars.argument_names() == std::vector<std::string>{"x", "y"});
  CHECK(scalars.of_numbers());
  CHECK_FALSE(scalars.of_vector());
  CHECK(scalars.fixed_dim == 2);
  CHECK(shape(*scalars.body.root) == "add(pow(x, 2), y)");
  const Definition any = parse_definition("rosen(x[n]) = sum(x)");
  CHECK(any.name == "rosen");
  CHECK(any.argument_names() == std::vector<std::string>{"x"});
  CHECK(any.of_vector());
  CHECK(any.dim_name == "n");
  CHECK(any.fixed_dim == 0);
  const Definition three = parse_definition("f(v[3]) = v[1]");
  CHECK(three.of_vector());
  CHECK(three.dim_name.empty());
  CHECK(three.fixed_dim == 3);
  const Definition blocks = parse_definition("f(W[3,2], b[2], s) = s");
  CHECK(blocks.argument_names() == std::vector<std::string>{"W", "b", "s"});
  CHECK_FALSE(blocks.of_numbers());
  CHECK_FALSE(blocks.of_vector());
  CHECK(blocks.fixed_dim == 9);
  CHECK(blocks.arguments[0].rank == 2);
  CHECK(blocks.arguments[0].rows == 3);
  CHECK(blocks.arguments[0].columns == 2);
  CHECK(blocks.arguments[1].rank == 1);
  CHECK(blocks.arguments[1].rows == 2);
  CHECK(blocks.arguments[2].rank == 0);
}

TEST_CASE("an assignment has a name and an expression") {
  const Assignment a = parse_assignment("m = beta*m + g");
  CHECK(a.name == "m");
  CHECK(a.name_span.end == 1);
  CHECK(shape(*a.value.root) == "add(mul(beta, m), g)");
  const Assignment several = parse_assignment("a, tries, fa = search(d)");
  CHECK(several.name == "a");
  REQUIRE(several.others.size() == 2);
  CHECK(several.others[1].text == "fa");
  CHECK(several.others[1].span.begin == 10);
}

TEST_CASE("a count has a name and two ends") {
  const Counting k = parse_counting("k = n - 1:2*n");
  CHECK(k.name == "k");
  CHECK(shape(*k.first.root) == "sub(n, 1)");
  CHECK(shape(*k.last.root) == "mul(2, n)");
}

TEST_CASE("identifiers are letters, digits and underscores, and no words of the language") {
  for (const std::string good : {"x", "x1", "_a", "beta_2", "α", "pi2"}) CHECK_MESSAGE(is_identifier(good), good);
  for (const std::string bad : {"", "1x", "a.b", "a b", "x₁", "and", "or", "not", "a+b", "$", " x", "\xff"})
    CHECK_MESSAGE(!is_identifier(bad), bad);
}

TEST_CASE("a definition is told from a name") {
  CHECK(looks_like_definition("f(x) = x"));
  CHECK(!looks_like_definition("rosenbrock"));
}

TEST_CASE("text that was printed reads back as the same tree") {
  for (const std::string text : {"-x^2",
                                 "(-x)^2",
                                 "2^3^2",
                                 "(2^3)^2",
                                 "2^-1",
                                 "a - (b - c)",
                                 "a - b - c",
                                 "a/(b*c)",
                                 "a/b/c",
                                 "not (a and b)",
                                 "(a or b) and c",
                                 "(1 < 2) < 3",
                                 "-(a*b)",
                                 "-a*b",
                                 "-(a + b)",
                                 "a*(b + c)",
                                 "not a == b",
                                 "(not a) == b",
                                 "x[2:n][1]",
                                 "(x + 1)[2]",
                                 "f(g(x), -y)",
                                 "a - -b",
                                 "--x",
                                 "where(a < b, x, y)",
                                 "a and (b and c)",
                                 "-(not a)",
                                 "√x²",
                                 "x⁻¹ + x²",
                                 "1e-300*x",
                                 "state.m/hp.lr"}) {
    const std::string printed = optexplore::language::to_text(*parse_expression(text).root);
    INFO(text, " → ", printed);
    CHECK(optexplore::language::to_text(*parse_expression(printed).root) == printed);
    if (std::string(text).find("⁻¹") == std::string::npos) CHECK(tree(printed) == tree(text));
  }
}

TEST_CASE("long sums and big texts are bounded, not dangerous") {
  CHECK(parse_expression(long_sum(300)).root->depth == 300);
  CHECK(parse_expression(long_sum(4000)).root->depth == 4000);
  const std::string chain = test::failure([] { parse_expression(long_sum(100000)); });
  CHECK(chain.substr(0, chain.find('\n')) == "the expression is too long a chain; write a sum(k,a,b,…) or split it");
  CHECK(test::failure([] { parse_expression(std::string((1 << 20) + 1, '1')); }) ==
        "the expression is longer than 1 MiB");
  const std::string many = test::failure([] { parse_expression("f(" + repeated("1,", 250000) + "1)"); });
  CHECK(many.substr(0, many.find('\n')) == "the expression has more than 200000 parts");
  const std::string blank = test::failure([] { parse_expression(std::string(1 << 20, ' ')); });
  CHECK(blank.substr(0, blank.find('\n')) == "expected an expression, found nothing");
}

TEST_CASE("deep nesting of any kind ends in a message, not in the stack's overflow") {
  CHECK_NOTHROW(parse_expression(std::string(200, '(') + "x" + std::string(200, ')')));
  for (const std::string piece : {"(", "-", "+", "√", "not ", "f(", "x[", "2^", "2^-", "x²^", "-(", "sin(x+("}) {
    const std::string text = test::failure([&] { parse_expression(repeated(piece, 100000)); });
    INFO(piece);
    CHECK(text.substr(0, text.find('\n')) == "nested deeper than 256 levels");
  }
  for (const std::string piece : {"[1]", "²", "^2²", "-1", "*x", " or x", " and x"}) {
    std::string chain = "x";
    chain += repeated(piece, 50000);
    const std::string text = test::failure([&] { parse_expression(chain); });
    INFO(piece);
    CHECK(text != "no error");
  }
}
