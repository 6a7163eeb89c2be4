#include "program/shapes.hpp"

#include <doctest/doctest.h>

#include "program/derive.hpp"
#include "program/functions.hpp"
#include "program/graph_tools.hpp"
#include "program/print.hpp"

using namespace optexplore;
using namespace optexplore::language;
using namespace optexplore::program;
using test::Setting;
using Vector = std::vector<double>;

namespace {

/// A 2×3 matrix a, a 3×3 matrix b, positive definite p, vectors x of 3 and y of 2, a number u; all from a run.
struct World : Setting {
  World() {
    at[input("a", matrix_shape(2, 3))] = {1, 2, 3, 4, 5, 6};
    at[input("b", matrix_shape(3, 3))] = {2, -1, 0.5, 0.25, 3, 1, -0.5, 1, 4};
    at[input("p", matrix_shape(3, 3))] = {4, 1, 0.5, 1, 3, 0.25, 0.5, 0.25, 5};
    at[input("x", {3})] = {2, 3, 5};
    at[input("y", {2})] = {1, -2};
    at[input("u", {})] = {0.5};
  }
  Vector value(const std::string& text) { return test::interpret(g, build(text), at); }
  Shape shape(const std::string& text) { return g.shape(build(text)); }
  test::Values<double> at;
};

}  // namespace

TEST_CASE("values of several shapes go together as in NumPy") {
  World w;
  CHECK(w.value("a + x") == Vector{3, 5, 8, 6, 8, 11});
  CHECK(w.value("a*reshape(y, 2, 1)") == Vector{1, 2, 3, -8, -10, -12});
  CHECK(w.value("reshape(x, 1, 3) - a") == Vector{1, 1, 2, -2, -2, -1});
  CHECK(w.value("reshape(y, 2, 1)*reshape(x, 1, 3)") == w.value("outer(y, x)"));
  CHECK(w.value("a + [[10]]") == w.value("a + 10"));
  CHECK(w.value("where(a > x, a, 0)") == Vector{0, 0, 0, 4, 5, 6});
  CHECK(w.value("max(x, reshape(y, 2, 1), a)") == w.value("max(reshape(y, 2, 1), a, x)"));
  CHECK(w.value("logsumexp([inf, 1])") == Vector{HUGE_VAL});
  CHECK(w.value("logsumexp([-inf, -inf])") == Vector{-HUGE_VAL});
  CHECK(w.value("max(a, x)") == Vector{2, 3, 5, 4, 5, 6});
  CHECK(w.shape("a + u") == matrix_shape(2, 3));
  CHECK(w.shape("[[1, 2], [3, 4], [5, 6]]") == matrix_shape(3, 2));
}

TEST_CASE("products") {
  World w;
  CHECK(w.value("a @ x") == Vector{1 * 2 + 2 * 3 + 3 * 5, 4 * 2 + 5 * 3 + 6 * 5});
  CHECK(w.value("y @ a") == Vector{1 - 8, 2 - 10, 3 - 12});
  CHECK(w.value("x @ x") == Vector{38});
  CHECK(w.value("a @ a'") == Vector{14, 32, 32, 77});
  CHECK(w.value("a.T @ a") == w.value("transpose(a) @ a"));
  CHECK(w.value("2*a @ x") == w.value("2*(a @ x)"));
  CHECK(w.build("a.T.T") == w.build("a"));
  CHECK(w.build("aᵀ") == w.build("a'"));
  CHECK(w.value("(a @ b)[1, 2]") == w.value("dot(a[1], b[:, 2])"));
}

TEST_CASE("what an index takes of a matrix") {
  World w;
  CHECK(w.value("a[2]") == Vector{4, 5, 6});
  CHECK(w.value("a[2, 3]") == Vector{6});
  CHECK(w.value("a[:, 2]") == Vector{2, 5});
  CHECK(w.value("a[:, 2:3]") == Vector{2, 3, 5, 6});
  CHECK(w.shape("a[:, 2:3]") == matrix_shape(2, 2));
  CHECK(w.value("b[2:, 1]") == Vector{0.25, -0.5});
  CHECK(w.value("b[[3, 1]]") == Vector{-0.5, 1, 4, 2, -1, 0.5});
  CHECK(w.value("b[[3, 1], [1, 2]]") == Vector{-0.5, -1});
  CHECK(w.value("b[1:2, [1, 3]]") == Vector{2, 0.5, 0.25, 1});
  CHECK(w.value("x[:2]") == Vector{2, 3});
  CHECK(w.value("x[2:]") == Vector{3, 5});
  CHECK(w.shape("b[2:2]") == matrix_shape(1, 3));
  CHECK(w.build("a[1:2, :]") == w.build("a"));
}

TEST_CASE("an index may be known only in a run") {
  World w;
  CHECK(w.value("x[u*4]") == Vector{3});
  CHECK(w.value("x[[u*2, u*6]]") == Vector{2, 5});
  CHECK(w.value("a[u*4]") == Vector{4, 5, 6});
  CHECK(w.value("a[u*4, 3]") == Vector{6});
  CHECK(w.value("a[:, u*4]") == Vector{2, 5});
  CHECK(w.value("b[[u*6, 1], :]") == Vector{-0.5, 1, 4, 2, -1, 0.5});
  CHECK(w.value("sum(k, 1, 2, x[k + u*2])") == Vector{8});
}

TEST_CASE("along an index") {
  World w;
  CHECK(w.value("sum(a)") == Vector{21});
  CHECK(w.value("sum(a, 1)") == Vector{5, 7, 9});
  CHECK(w.value("sum(a, dim=2)") == Vector{6, 15});
  CHECK(w.value("mean(a, 1)") == Vector{2.5, 3.5, 4.5});
  CHECK(w.value("var(a, 2)") == Vector{2.0 / 3, 2.0 / 3});
  CHECK(w.value("prod(b, 1)") == Vector{-0.25, -3, 2});
  CHECK(w.value("prod(a, 2)") == Vector{6, 120});
  CHECK(w.value("max(a, dim=1)") == Vector{4, 5, 6});
  CHECK(w.value("min(a, dim=2)") == Vector{1, 4});
  CHECK(w.value("argmax(b, 1)") == Vector{1, 2, 3});
  CHECK(w.value("argmin(b, 2)") == Vector{2, 1, 1});
  CHECK(w.value("norm(a, 2)") == Vector{std::sqrt(14), std::sqrt(77)});
  CHECK(w.value("sum(x, 1)") == Vector{10});
  CHECK(w.value("clip(x, hi=4, lo=3)") == Vector{3, 3, 4});
}

TEST_CASE("functions of shapes") {
  World w;
  CHECK(w.value("stack(a, x)") == Vector{1, 2, 3, 4, 5, 6, 2, 3, 5});
  CHECK(w.value("push(a, x)") == Vector{4, 5, 6, 2, 3, 5});
  CHECK(w.value("push(x, 7)") == Vector{3, 5, 7});
  CHECK(w.value("concat(x, y, u)") == Vector{2, 3, 5, 1, -2, 0.5});
  CHECK(w.shape("concat(a, a)") == matrix_shape(4, 3));
  CHECK(w.value("diag(x)") == Vector{2, 0, 0, 0, 3, 0, 0, 0, 5});
  CHECK(w.value("diag(b)") == Vector{2, 3, 4});
  CHECK(w.value("trace(b)") == Vector{9});
  CHECK(w.value("sort(-x)") == Vector{-5, -3, -2});
  CHECK(w.value("sort(-b)") == Vector{-2, -0.5, 1, -3, -1, -0.25, -4, -1, 0.5});
  CHECK(w.value("cumsum(a)") == Vector{1, 3, 6, 4, 9, 15});
  CHECK(w.value("onehot([2, 1], 3)") == Vector{0, 1, 0, 1, 0, 0});
  CHECK(w.value("flatten(a')") == Vector{1, 4, 2, 5, 3, 6});
  CHECK(w.value("isnan(x/[0, 0, 1] - x/[0, 1, 0])") == Vector{1, 0, 0});
  CHECK(w.value("isfinite(x/[0, 1, 1])") == Vector{0, 1, 1});
  CHECK(w.value("sum(softmax(a), 2)")[1] == doctest::Approx(1).epsilon(1e-15));
  CHECK(w.value("logsumexp(a)")[1] == doctest::Approx(6 + std::log(1 + std::exp(-1) + std::exp(-2))).epsilon(1e-15));
  CHECK(w.value("cross_entropy(a, [3, 1])")[0] ==
        doctest::Approx(std::log(1 + std::exp(-1) + std::exp(-2)) + 1).epsilon(1e-15));
}

TEST_CASE("numbers are rounded to other formats as hardware does") {
  World w;
  CHECK(w.value("f32(0.1)") == Vector{0.1F});
  CHECK(w.value("f16([0.1, 65519, 65520, 5e-8, 3e-8, 2e-8])") ==
        Vector{0.0999755859375, 65504, HUGE_VAL, 0x1p-24, 0x1p-24, 0});
  CHECK(w.value("bf16([0.1, 1 + 2^-8, 1 + 3*2^-8, 3.4e38, 1e-41])") ==
        Vector{0.10009765625, 1, 1 + 2 * 0x1p-7, HUGE_VAL, 0x1p-133 * std::round(1e-41 / 0x1p-133)});
}

namespace {

/// A gradient, and one of that along fixed weights, against the complex step of the value and of the gradient.
void check_derivatives(const std::string& text, const std::string& name) {
  World w;
  const NodeId value = w.build(text), wrt = w.scope.find(name)();
  Vector weights(w.g.shape(value).size());
  for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = 1 + 0.3 * static_cast<double>(i % 5);
  const NodeId f = w.g.apply(Op::sum, {w.g.mul(value, w.g.constant(weights, w.g.shape(value)))});
  const NodeId first = gradient(w.g, f, wrt);
  REQUIRE(w.g.shape(first) == w.g.shape(wrt));
  Vector direction(w.g.shape(wrt).size());
  for (std::size_t i = 0; i < direction.size(); ++i) direction[i] = 0.7 - 0.2 * static_cast<double>(i % 7);
  const NodeId along = w.g.apply(Op::sum, {w.g.mul(first, w.g.constant(direction, w.g.shape(wrt)))});
  const NodeId second = gradient(w.g, along, wrt);
  const auto close = [&](const Vector& found, NodeId of) {
    for (std::size_t i = 0; i < found.size(); ++i) {
      Vector unit(found.size(), 0);
      unit[i] = 1;
      INFO(text, " in ", name, "[", i + 1, "]");
      const double wanted = test::complex_step(w.g, of, w.at, wrt, unit);
      CHECK(std::fabs(found[i] - wanted) <= 1e-12 * std::max(1.0, std::fabs(wanted)));
    }
  };
  close(test::interpret(w.g, first, w.at), f);
  close(test::interpret(w.g, second, w.at), along);
}

}  // namespace

TEST_CASE("derivatives of what has shapes, and derivatives of those") {
  for (const char* text : {"a @ b",
                           "a' @ a",
                           "b @ b @ x",
                           "y @ a @ x",
                           "(a @ b.T)^2",
                           "outer(y, x)*a",
                           "a*x + u*a^2",
                           "a/reshape(y, 2, 1)",
                           "sum(a^2, 1)",
                           "norm(a, 2)",
                           "mean(a^3, 1)*x",
                           "var(a, 1)",
                           "var(a)",
                           "prod(b, 1)",
                           "prod(a, 2)",
                           "max(a*x, dim=2)^2",
                           "min(b^3, dim=1)",
                           "softmax(a)",
                           "log_softmax(a^2)",
                           "logsumexp(b)",
                           "cross_entropy(a, [2, 3])",
                           "cumsum(a^2)",
                           "sort(b^2)",
                           "b[2:, :] @ x",
                           "b[:, [3, 1]]^2",
                           "a[u*4]^2",
                           "b[[1 + u*2, 1]]^2",
                           "x[u*4]^3",
                           "diag(b)^2",
                           "diag(x^2)",
                           "trace(b @ b)",
                           "stack(a, x)^2",
                           "push(b, x^2)^2",
                           "concat(x, y)^2",
                           "reshape(a, 3, 2)^2",
                           "flatten(a)^2",
                           "solve(b, x)",
                           "solve(b, a')",
                           "det(b)",
                           "cholesky(p + outer(x, x))",
                           "qr_q(b)",
                           "qr_q(a')",
                           "silu(a)",
                           "gelu(a)",
                           "gelu_tanh(a)",
                           "relu(b)^2",
                           "sigmoid(a @ x)",
                           "clip(a, x - 1, 4)^2",
                           "sum(k, 1, 2, a[k, k]^2*x[k])",
                           "solve(p, solve(p, x))"})
    for (const char* name : {"a", "b", "p", "x", "y"})
      if (std::string(text).find(name) != std::string::npos) check_derivatives(text, name);
}

TEST_CASE("the derivatives of eigenvalues are those of what they are known to give") {
  World w;
  const NodeId p = w.scope.find("p")(), b = w.scope.find("b")();
  const auto same = [&](NodeId wrt, const std::string& a, const std::string& other) {
    INFO(a);
    const auto derivatives = [&](const std::string& text) {
      const NodeId first = gradient(w.g, w.build(text), wrt);
      return test::interpret(w.g, first, w.at);
    };
    const Vector one = derivatives(a), two = derivatives(other);
    for (std::size_t i = 0; i < one.size(); ++i) CHECK(one[i] == doctest::Approx(two[i]).epsilon(1e-10));
  };
  same(p, "sum(eigvals(p))", "trace(p)");
  same(p, "sum(eigvals(p)^2)", "sum(p^2) + 0*sum(p)");
  same(p, "prod(eigvals(p))", "det((p + p')/2)");
  same(b, "sum(eigvals(b)^3)", "trace((b + b') @ (b + b') @ (b + b'))/8");
}

TEST_CASE("a matrix text means the same when it is printed and read again") {
  for (const char* text : {"a @ b", "a' @ a", "sum(a, 1)", "max(a, dim=2)", "a*x", "a*reshape(y, 2, 1)",
                           "reshape(a, 3, 2)", "flatten(a)", "cholesky(p)", "solve(b, x)", "b[[3, 1], [1, 2]]",
                           "concat(x, y)", "[[1, 2], [3, 4]]", "cumsum(x)", "argmax(a, 1)", "x[u*2]"}) {
    World w;
    INFO(text);
    const NodeId node = w.build(text);
    std::map<NodeId, std::string> names;
    for (const char* name : {"a", "b", "p", "x", "y", "u"}) names[w.scope.find(name)()] = name;
    const std::string printed = to_text(w.g, node, names, 1000);
    INFO(printed);
    CHECK(w.shape(printed) == w.g.shape(node));
    CHECK(w.value(printed) == w.value(text));
  }
}
