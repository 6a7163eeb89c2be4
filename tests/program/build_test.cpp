#include "program/build.hpp"

#include <doctest/doctest.h>

#include "language/print.hpp"
#include "program/graph_tools.hpp"

using namespace optexplore;
using namespace optexplore::language;
using namespace optexplore::program;
using test::Setting;
using Vector = std::vector<double>;

namespace {

/// x = (2, 3, 5, 7, 11), y = (1, 2, 4), u = 0.5, and the matrix a.
struct World : Setting {
  World() {
    at[vector("x", 5)] = {2, 3, 5, 7, 11};
    at[vector("y", 3)] = {1, 2, 4};
    at[scalar("u")] = {0.5};
    scope.set("n", g.constant(5.0));
    scope.set("a", g.constant({1, 2, 3, 4, 5, 6}, matrix_shape(2, 3)));
    scope.functions["f"] = {[this](std::span<const NodeId> v) { return g.apply(Op::sum, {v[0]}); }};
  }
  Vector value(const std::string& text) { return test::interpret(g, build(text), at); }
  test::Values<double> at;
};

}  // namespace

TEST_CASE("operations are elementwise and scalars broadcast") {
  World w;
  CHECK(w.value("x + 1") == Vector{3, 4, 6, 8, 12});
  CHECK(w.value("1 - x*u") == Vector{0, -0.5, -1.5, -2.5, -4.5});
  CHECK(w.value("y*y") == Vector{1, 4, 16});
  CHECK(w.value("x > 4 and x < 10") == Vector{0, 0, 1, 1, 0});
  CHECK(w.value("x < 3 or not (x < 10)") == Vector{1, 0, 0, 0, 1});
  CHECK(w.value("where(y >= 2, y, -1)") == Vector{-1, 2, 4});
  CHECK(w.value("clip(x, 3, 6)") == Vector{3, 3, 5, 6, 6});
  CHECK(w.value("max(y, 2)") == Vector{2, 2, 4});
  CHECK(w.value("min(y, 3, u*6 - y)") == Vector{1, 1, -1});
  CHECK(w.value("x^2")[4] == 121);
  CHECK(w.value("y^0") == Vector{1, 1, 1});
  CHECK(w.value("mod(-x, 3)") == Vector{1, 0, 1, 2, 1});
  CHECK(w.value("mod(x, -3)") == Vector{-1, -0.0, -1, -2, -1});
  CHECK(w.value("round(y + 0.5)") == Vector{2, 2, 4});  // ties go to the even neighbour
}

TEST_CASE("reductions take a vector, or a scalar as a vector of one") {
  World w;
  CHECK(w.value("sum(x)") == Vector{28});
  CHECK(w.value("prod(x)") == Vector{2310});
  CHECK(w.value("mean(y)") == Vector{7.0 / 3});
  CHECK(w.value("dot(y, y)") == Vector{21});
  CHECK(w.value("dot(y, 2)") == Vector{14});
  CHECK(w.value("dot(2, y)") == Vector{14});
  CHECK(w.value("norm(y)") == Vector{std::sqrt(21.0)});
  CHECK(w.value("norm1(-y)") == Vector{7});
  CHECK(w.value("norminf(-y)") == Vector{4});
  CHECK(w.value("min(x)") == Vector{2});
  CHECK(w.value("max(x)") == Vector{11});
  for (const std::string reduction : {"sum", "prod", "mean", "min", "max"})
    CHECK(w.value(std::string(reduction) + "(-u)") == Vector{-0.5});
  for (const std::string norm : {"norm", "norm1", "norminf"}) CHECK(w.value(std::string(norm) + "(-u)") == Vector{0.5});
  CHECK(w.value("dot(u, 3)") == Vector{1.5});
  CHECK(w.value("f(x[2:3])") == Vector{8});
}

TEST_CASE("indices count from one and slices include their end") {
  World w;
  CHECK(w.value("x[1]") == Vector{2});
  CHECK(w.value("x[n]") == Vector{11});
  CHECK(w.value("x[2:n]") == Vector{3, 5, 7, 11});
  CHECK(w.value("x[2:4][1]") == Vector{3});
  CHECK(w.value("x[3:3]") == Vector{5});
  CHECK(w.value("x[range(2,4)]") == Vector{3, 5, 7});
  CHECK(w.value("x[6 - range(1,5)]") == Vector{11, 7, 5, 3, 2});
  CHECK(w.value("(2*x)[2]") == Vector{6});
  CHECK(w.value("range(-1,2)") == Vector{-1, 0, 1, 2});
  CHECK(w.build("x[1:5]") == w.build("x"));
}

TEST_CASE("a matrix gives its rows and elements") {
  World w;
  CHECK(w.value("a[2]") == Vector{4, 5, 6});
  CHECK(w.value("a[2,3]") == Vector{6});
  CHECK(w.value("a[range(1,2), 3]") == Vector{3, 6});
  CHECK(w.value("a[1, range(2,3)]") == Vector{2, 3});
  CHECK(w.value("a[range(1,2), range(1,2)]") == Vector{1, 5});
  CHECK(w.value("a[1][2]") == Vector{2});
  CHECK(w.value("dot(a[1], y)") == Vector{17});
  CHECK(w.value("sum(i,1,2, sum(j,1,3, a[i,j]*y[j]))") == Vector{17 + 38});
}

TEST_CASE("loops run their index over an inclusive range") {
  World w;
  CHECK(w.value("sum(k,1,n,x[k]^2)") == Vector{4 + 9 + 25 + 49 + 121});
  CHECK(w.value("sum(k,1,n-1,(x[k+1] - x[k])^2)") == Vector{1 + 4 + 4 + 16});
  CHECK(w.value("sum(k,1,3,k*x[2*k-1])") == Vector{2 + 10 + 33});
  CHECK(w.value("prod(k,1,3,x[k] + k)") == Vector{3 * 5 * 8});
  CHECK(w.value("sum(k,1,n,2)") == Vector{10});
  CHECK(w.value("sum(k,2,1,x[k])") == Vector{0});
  CHECK(w.value("prod(k,1,0,x[k])") == Vector{1});
  CHECK(w.value("sum(i,1,2,sum(j,i,2,10*i + j))") == Vector{11 + 12 + 22});
  CHECK(w.value("sum(k,1,2,sum(k,3,4,k))") == Vector{14});  // the inner k hides the outer one
  CHECK(w.value("sum(n,1,2,n) + n") == Vector{8});          // and a name of the scope only inside
  CHECK(w.value("sum(k,1,2,norm(x[k:k+1]*0 + k))") == Vector{std::sqrt(2.0) + std::sqrt(8.0)});
  CHECK(w.value("sum(k,1,3,where(k < 2, x[k], clip(y[k], 0, 3)))") == Vector{2 + 2 + 3});
}

TEST_CASE("a loop gives the same bits whether built at once or term by term") {
  World w;
  std::mt19937_64 random(20240601);
  std::uniform_real_distribution<double> between(-3, 3);
  // where(1, t, sum(x)) mentions a whole vector, so the loop is unrolled.
  for (const std::string body : {"x[k]^2*k", "(x[k+1] - x[k]^2)^2 + sin(k*x[k])", "exp(x[k])/k", "cos(x[k]/sqrt(k))*u",
                                 "x[1] + k^2", "x[21 - k]*x[k]", "max(x[k], k/10, u)", "clip(x[k], -1, u)",
                                 "mod(k,3)*x[k]", "a2[k,1]*x[k] - a2[2,k]", "u*3"}) {
    for (const std::string loop : {"sum", "prod"}) {
      for (const int last : {1, 2, 3, 7, 8, 9, 17, 20}) {
        Setting s;
        const NodeId x = s.vector("x", 21);
        const NodeId u = s.scalar("u");
        Vector matrix(21UL * 21);
        Vector point(21);
        for (double& v : point) v = between(random);
        for (double& v : matrix) v = between(random);
        s.scope.set("a2", s.g.constant(matrix, matrix_shape(21, 21)));
        const std::string head = std::string(loop) + "(k,1," + std::to_string(last) + ",";
        const NodeId at_once = s.build(head + body + ")");
        const NodeId unrolled = s.build(head + "where(1, " + body + ", sum(x)))");
        INFO(head, body);
        const test::Values<double> at{{x, point}, {u, {0.3}}};
        CHECK(test::same_bits(test::interpret(s.g, at_once, at)[0], test::interpret(s.g, unrolled, at)[0]));
        if (last == 20 && body != "u*3") CHECK(s.g[unrolled].args != s.g[at_once].args);  // really two ways
      }
    }
  }
}

TEST_CASE("names are made when first used, and the user's hide the constants") {
  World w;
  int made = 0;
  w.scope.names["g"] = [&] {
    ++made;
    return w.g.constant(1.0);
  };
  w.build("x + 1");
  CHECK(made == 0);
  w.build("g + 1");
  CHECK(made > 0);
  CHECK(w.value("e")[0] == std::numbers::e);
  w.scope.set("e", w.g.constant(7.0));
  CHECK(w.value("e") == Vector{7});
  CHECK(w.value("pi")[0] == std::numbers::pi);
  CHECK(w.value("true + true + false") == Vector{2});
  CHECK(std::isnan(w.value("nan")[0]));
  CHECK(w.value("-inf")[0] == -HUGE_VAL);
}

TEST_CASE("a whole exponent is repeated multiplication") {
  World w;
  CHECK(w.g[w.build("x^3")].op == Op::powi);
  CHECK(w.g[w.build("u^-2")].op == Op::powi);
  CHECK(w.g[w.build("x^(n-1)")].op == Op::powi);
  CHECK(w.g[w.build("pow(u,2)")].op == Op::powi);
  CHECK(w.g[w.build("u^0.5")].op == Op::pow);
  CHECK(w.build("x^1") == w.build("x"));
  CHECK(w.value("(-x[1])^3") == Vector{-8});
}

TEST_CASE("constant sums may serve as indices") {
  World w;
  CHECK(w.value("x[sum(range(1,2))]") == Vector{5});
  CHECK(w.value("x[max(a[1])]") == Vector{5});
}

TEST_CASE("the deepest tree that parses is built and printed without trouble") {
  std::string text = "u";
  for (int k = 1; k < 490; ++k) text += k % 3 == 0 ? "-sin(u)" : k % 3 == 1 ? "+x[1]" : "+2";
  World w;
  const Vector value = w.value(text);
  REQUIRE(value.size() == 1);
  CHECK(value[0] == doctest::Approx(0.5 + 163 * 2 + 163 * 2 - 163 * std::sin(0.5)).epsilon(1e-10));
  CHECK(to_text(*parse_expression(text).root).size() > text.size());
}

TEST_CASE("long chains build without deep recursion") {
  std::string text = "1";
  for (int i = 0; i < 3900; ++i) text += i % 3 == 0 ? " + x[1]" : i % 3 == 1 ? " - x[2]" : " + 2*x[1]";
  Graph graph;
  Scope scope;
  scope.set("x", graph.input({2}));
  CHECK_NOTHROW(build(graph, parse_expression(text), scope));
}

TEST_CASE("powers in a loop mean repeated multiplication, however the loop is built") {
  Graph graph;
  Scope scope;
  scope.set("x", graph.input({3}));
  const auto node = [&](const char* text) { return build(graph, parse_expression(text), scope); };
  const std::vector<NodeId> terms = {node("x[1]"), node("x[2]^2"), node("x[3]^3")};
  CHECK(node("sum(k, 1, 3, x[k]^k)") == graph.apply(Op::sum, {graph.concat(terms)}));
  CHECK(node("sum(k, 1, 3, (-1)^k)") == graph.constant(-1.0));
  CHECK(node("sum(k, 1, 9, 3^k)") == graph.constant(29523.0));
}

TEST_CASE("nested loops that would take forever are refused") {
  Graph graph;
  Scope scope;
  scope.set("x", graph.input({2}));
  CHECK_THROWS_AS(build(graph, parse_expression("sum(i,1,1e6,sum(j,1,1e6,norm(x)))"), scope), optexplore::InputError);
}
