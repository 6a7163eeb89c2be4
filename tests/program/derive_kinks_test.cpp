#include <doctest/doctest.h>

#include <limits>

#include "program/derive.hpp"
#include "program/graph_tools.hpp"

using namespace optexplore::language;
using namespace optexplore::program;
using optexplore::test::interpret;
using optexplore::test::Setting;
using Vector = std::vector<double>;

namespace {

struct World : Setting {
  NodeId x = scalar("x");
  NodeId y = scalar("y");
  NodeId v = vector("v", 4);

  double dx(const std::string& f, double at, double other = 0) {
    return interpret<double>(g, gradient(g, build(f), x), {{x, {at}}, {y, {other}}})[0];
  }
  double dy(const std::string& f, double at, double other) {
    return interpret<double>(g, gradient(g, build(f), y), {{x, {at}}, {y, {other}}})[0];
  }
  double dxx(const std::string& f, double at, double other = 0) {
    return interpret<double>(g, gradient(g, gradient(g, build(f), x), x), {{x, {at}}, {y, {other}}})[0];
  }
  double dxy(const std::string& f, double at, double other) {
    return interpret<double>(g, gradient(g, gradient(g, build(f), x), y), {{x, {at}}, {y, {other}}})[0];
  }
  Vector dv(const std::string& f, const Vector& at) {
    return interpret<double>(g, gradient(g, build(f), v), {{v, at}});
  }
  Vector hvp(const std::string& f, const Vector& at, const Vector& u) {
    const NodeId first = gradient(g, build(f), v);
    const NodeId along = g.apply(Op::dot, {first, g.constant(u)});
    return interpret<double>(g, gradient(g, along, v), {{v, at}});
  }
};

constexpr double inf = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("abs and sign have derivative 0 at 0") {
  World w;
  CHECK(w.dx("abs(x)", 0) == 0);
  CHECK(w.dx("abs(x)", -0.0) == 0);
  CHECK(w.dx("sign(x)", 0) == 0);
  CHECK(w.dv("norm1(v)", {0, -2, 3, -0.0}) == Vector{0, -1, 1, 0});
}

TEST_CASE("steps and comparisons have derivative 0 everywhere, even at their jumps") {
  World w;
  for (const std::string f : {"floor(x)", "ceil(x)", "round(x)", "x < 1", "x == 1", "not x", "x and 1", "round(x/2)"})
    for (const double at : {0.0, 1.0, -1.5, 0.5}) CHECK_MESSAGE(w.dx(f, at) == 0, f);
}

TEST_CASE("min and max share the gradient equally at ties") {
  World w;
  CHECK(w.dx("max(x,y)", 2, 2) == 0.5);
  CHECK(w.dy("max(x,y)", 2, 2) == 0.5);
  CHECK(w.dx("min(x,y)", -0.0, 0) == 0.5);
  CHECK(w.dy("min(x,y)", 2, 2) == 0.5);
  CHECK(w.dx("max(x,x)", 2) == 1);
  CHECK(w.dx("max(x,0)", 0) == 0.5);
  CHECK(w.dv("max(v)", {3, 1, 3, 3}) == Vector{1.0 / 3, 0, 1.0 / 3, 1.0 / 3});
  CHECK(w.dv("min(v)", {3, 1, 3, 1}) == Vector{0, 0.5, 0, 0.5});
  CHECK(w.dv("norminf(v)", {-3, 1, 3, 0}) == Vector{-0.5, 0, 0.5, 0});
  CHECK(w.dv("min(v)", {2, 2, 2, 2}) == Vector{0.25, 0.25, 0.25, 0.25});
}

TEST_CASE("clip passes the gradient at its bounds and nowhere outside") {
  World w;
  CHECK(w.dx("clip(x,-1,2)", 2) == 1);
  CHECK(w.dx("clip(x,-1,2)", -1) == 1);
  CHECK(w.dx("clip(x,-1,2)", 2.0000001) == 0);
  CHECK(w.dx("clip(x,-1,2)", -1.0000001) == 0);
}

TEST_CASE("where differentiates the branch that it takes") {
  World w;
  CHECK(w.dx("where(x > 0, x^2, 3*x)", 0) == 3);
  CHECK(w.dx("where(x > 0, x^2, 3*x)", 5) == 10);
  CHECK(w.dx("where(x, 2*x, 7*x)", 0) == 7);
  CHECK(w.dx("where(x > 0, log(where(x > 0, x, 1)), 0)", -1) == 0);  // the guarded form is free of NaN
}

TEST_CASE("norm and hypot have gradient 0 at the origin") {
  World w;
  CHECK(w.dv("norm(v)", {0, 0, 0, 0}) == Vector{0, 0, 0, 0});
  CHECK(w.dv("norm(v)^2", {0, 0, 0, 0}) == Vector{0, 0, 0, 0});
  CHECK(w.dv("norm(v)", {3, 0, -4, 0}) == Vector{0.6000000000000001, 0, -0.8, 0});
  CHECK(w.dx("hypot(x,y)", 0, 0) == 0);
  CHECK(w.dy("hypot(x,y)", 0, 0) == 0);
  CHECK(w.dx("hypot(x,y)", 0, 2) == 0);
  CHECK(w.dy("hypot(x,y)", 0, -2) == -1);
  CHECK(w.hvp("norm(v)", {0, 0, 0, 0}, {1, 2, 3, 4}) == Vector{0, 0, 0, 0});
  CHECK(w.dxx("hypot(x,y)", 0, 0) == 0);
}

TEST_CASE("powers of lengths are as smooth at the origin as elsewhere") {
  World w;
  CHECK(w.hvp("norm(v)^2", {0, 0, 0, 0}, {1, 2, 3, 4}) == Vector{2, 4, 6, 8});
  CHECK(w.hvp("norm(v)^2", {5, 0.1, -3, 1e-200}, {1, 2, 3, 4}) == Vector{2, 4, 6, 8});
  CHECK(w.hvp("norm(v)^3", {0, 0, 0, 0}, {1, 2, 3, 4}) == Vector{0, 0, 0, 0});
  CHECK(w.hvp("norm(v)^3", {3, 0, -4, 0}, {0, 1, 0, 0}) == Vector{0, 15, 0, 0});
  CHECK(w.hvp("norm(v)^4", {1, 0, 0, 0}, {1, 1, 0, 0}) == Vector{12, 4, 0, 0});
  CHECK(w.hvp("sum(abs(v)^2)", {0, 1, 0, -1}, {1, 2, 3, 4}) == Vector{2, 4, 6, 8});
  CHECK(w.dv("sum(hypot(v, 3)^2)", {0, 1, 2, -1}) == Vector{0, 2, 4, -2});
  CHECK(w.dv("norm(v)^3", {3, 0, -4, 0}) == Vector{45, 0, -60, 0});
  CHECK(w.dx("abs(x)^3", -2) == -12);
  CHECK(w.dxx("abs(x)^3", -2) == 12);
  CHECK(w.dxx("abs(x)^2", 0) == 2);
  CHECK(w.dxx("hypot(x, y)^2", 0, 0) == 2);
  CHECK(w.dxx("hypot(x, y)^2", 0, 1) == 2);
  CHECK(w.dxy("hypot(x, y)^4", 1, 2) == 16);
  CHECK(w.dx("hypot(x, x)^2", 3) == 12);
  CHECK(w.dv("sum(hypot(v[1], v)^2)", {1, 2, 3, 4}) == Vector{10, 4, 6, 8});
  CHECK(w.dx("1/norm(x*[3, 4])", 2) == -0.05);
}

TEST_CASE("roots have an infinite slope at 0") {
  World w;
  CHECK(w.dx("sqrt(x)", 0) == inf);
  CHECK(w.dx("cbrt(x)", 0) == inf);
  CHECK(w.dx("x^0.5", 0) == inf);
}

TEST_CASE("integer powers are differentiated at zero and for negative bases") {
  World w;
  CHECK(w.dx("x^2", 0) == 0);
  CHECK(w.dx("x^3", -2) == 12);
  CHECK(w.dxx("x^3", -2) == -12);
  CHECK(w.dxx("x^2", 0) == 2);
  CHECK(w.dxx("x^1", 0) == 0);
  CHECK(w.dx("x^0", 0) == 0);
  CHECK(w.dx("x^-1", -2) == -0.25);
  CHECK(w.dx("x^2000", -1) == -2000);  // beyond the limit of repeated multiplication
  CHECK(w.dxx("x^2001", -1) == -2001.0 * 2000);
  CHECK(w.dx("(-2)^x", 3) != w.dx("(-2)^x", 3));  // no derivative in the exponent: NaN
}

TEST_CASE("a power with an exponent that varies is differentiated at a base of zero") {
  World w;
  CHECK(w.dx("x^y", 0, 3) == 0);
  CHECK(w.dx("x^y", 0, 1) == 1);
  CHECK(w.dx("x^y", 0, 0) == 0);
  CHECK(w.dx("x^y", -2, 3) == 12);
  CHECK(w.dx("x^y", -2, 0) == 0);
  CHECK(w.dy("x^y", 0, 3) == 0);
  CHECK(w.dy("x^y", 0, 0) == 0);
  CHECK(w.dy("x^y", 2, 0) == doctest::Approx(std::log(2.0)).epsilon(1e-15));
  CHECK(w.dxx("x^y", 0, 2) == 2);
  CHECK(w.dxx("x^y", 0, 1) == 0);
  CHECK(w.dxx("x^y", 0, 0) == 0);
  CHECK(w.dxx("x^y", -3, 2) == 2);
  CHECK(w.dxy("x^y", 2, 0) == doctest::Approx(0.5).epsilon(1e-15));  // x^(y-1)·(1 + y·log x) at y = 0
  CHECK(w.dxy("x^y", 2, 3) == doctest::Approx(4 * (1 + 3 * std::log(2.0))).epsilon(1e-14));
}

TEST_CASE("powers with a vector of exponents are differentiated at a base of zero") {
  World w;
  CHECK(w.dx("sum(k,0,3,x^k)", 0) == 1);  // 1 + x + x² + x³
  CHECK(w.dxx("sum(k,0,3,x^k)", 0) == 2);
  CHECK(w.dx("sum(k,0,3,x^k)", -2) == 1 - 4 + 12);
  CHECK(w.dxx("sum(k,0,3,x^k)", -2) == 2 - 12);
  CHECK(w.dv("sum(k,1,4,v[k]^(k-1))", {0, 0, 0, -1}) == Vector{0, 1, 0, 3});
}

TEST_CASE("products with zeros have exact first and second derivatives") {
  World w;
  CHECK(w.dv("prod(v)", {2, 3, 5, 7}) == Vector{105, 70, 42, 30});
  CHECK(w.dv("prod(v)", {2, 0, 5, 7}) == Vector{0, 70, 0, 0});
  CHECK(w.dv("prod(v)", {2, 0, 0, 7}) == Vector{0, 0, 0, 0});
  CHECK(w.dv("prod(v[1:3])", {2, 0, 5, 7}) == Vector{0, 10, 0, 0});
  CHECK(w.dv("prod(k,1,3,v[k]*k)", {0, 1, 1, 7}) == Vector{6, 0, 0, 0});
  CHECK(w.hvp("prod(v)", {2, 0, 0, 7}, {0, 1, 0, 0}) == Vector{0, 0, 14, 0});
  CHECK(w.hvp("prod(v)", {2, 0, 5, 7}, {1, 0, 0, 0}) == Vector{0, 35, 0, 0});
  CHECK(w.hvp("prod(v)", {2, 3, 5, 7}, {1, 1, 0, 0}) == Vector{35, 35, 35, 25});
}

TEST_CASE("mod follows the sign of its divisor and its derivative in it is minus the whole quotient") {
  World w;
  CHECK(w.dx("mod(x,y)", 7, 2) == 1);
  CHECK(w.dy("mod(x,y)", 7, 2) == -3);
  CHECK(w.dy("mod(x,y)", -7, 2) == 4);
  CHECK(w.dy("mod(x,y)", 7, -2) == 4);
  CHECK(w.dy("mod(x,y)", 1, 3) == 0);
  // 1/0.1 rounds to 10, but the double 0.1 goes into 1 only nine times: mod is 0.09999999999999995.
  CHECK(w.dy("mod(x,y)", 1, 0.1) == -9);
}

TEST_CASE("a gradient that nothing reaches is zero of the right shape") {
  World w;
  CHECK(w.dv("x^2", {1, 2, 3, 4}) == Vector{0, 0, 0, 0});
  CHECK(w.dx("3", 1) == 0);
  CHECK(w.dx("x", 1) == 1);
  CHECK(w.dv("v[2]", {1, 2, 3, 4}) == Vector{0, 1, 0, 0});
  const NodeId noise = w.g.random(Draw::normal, {4});
  const NodeId f = w.g.apply(Op::dot, {noise, w.v});
  CHECK(gradient(w.g, f, w.v) == noise);  // draws are constants
  CHECK(w.g.is_constant(gradient(w.g, w.g.apply(Op::sum, {noise}), w.x), 0.0));
}
