#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <optexplore/catalog.hpp>
#include <optexplore/function.hpp>
#include <set>
#include <string>
#include <vector>

#include "experiment/function_spec.hpp"

using optexplore::Function;
using Vector = std::vector<double>;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();

struct Place {
  const char* function;
  Vector at;
  Vector gradient;
};

void check_equal(const Vector& found, const Vector& expected) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    CAPTURE(i);
    if (std::isfinite(expected[i]))
      CHECK(std::fabs(found[i] - expected[i]) <= 1e-14 * std::max(1.0, std::fabs(expected[i])));
    else
      CHECK(found[i] == expected[i]);
  }
}

}  // namespace

TEST_CASE("a branch that is not taken counts for nothing") {
  const Place places[] = {
      {"f(x) = where(x < 1, x, sqrt(x))", {-2}, {1}},
      {"f(x) = where(x == 0, 1, sin(x)/x)", {0}, {0}},
      {"f(x) = where(x > 0, x*log(x), 0)", {-3}, {0}},
      {"f(x) = where(x > 0, where(x > 1, sqrt(x - 1), x), sqrt(-x))", {0.5}, {1}},
      {"f(x) = where(x < 1, 3*x, x^400)", {-1e3}, {3}},
      {"f(x,y) = where(x < 1, y, y*sqrt(x))", {-2, 5}, {0, 1}},
      {"f(x) = min(x, where(x > 0, 1/sqrt(x), 7))", {-1}, {1}},
      {"f(x) = max(0, where(x > 0, log(x), x))", {-1}, {0}},
      {"f(x) = clip(where(x > 0, log(x), -9), -5, 5)", {-1}, {0}},
      {"f(x) = abs(where(x > 0, sqrt(x), 2*x))", {-1}, {-2}},
      {"f(v[3]) = sum(where(v > 0, sqrt(v), v))", {-1, 4, -9}, {1, 0.25, 1}},
  };
  for (const Place& place : places) {
    CAPTURE(place.function);
    check_equal(Function::parse(place.function).gradient(place.at), place.gradient);
  }
}

TEST_CASE("zero times infinity where the function has a slope") {
  const double third = 1.0 / 3;
  const Place places[] = {
      {"f(x,y) = (x^2 + y^2)^0.75", {0, 0}, {0, 0}},
      {"f(x) = sqrt(x^4)", {0}, {0}},
      {"f(x) = x*sqrt(abs(x))", {0}, {0}},
      {"f(x) = cbrt(x)^3", {0}, {1}},
      {"f(x) = (x^(1/3))^3", {0}, {1}},
      {"f(x) = sqrt(x)*sqrt(x)", {0}, {1}},
      {"f(x) = exp(log(x))", {0}, {1}},
      {"f(x) = sin(cbrt(x))^3", {0}, {1}},
      {"f(x) = cbrt(2*x - 2)^3 + x", {1}, {3}},
      {"f(x) = cbrt(x^5)", {0}, {0}},
      {"f(x) = acos(1 - x^4)", {0}, {0}},
      {"f(x) = acos(1 - x)^2", {0}, {2}},
      {"f(x) = asin(x)", {1}, {inf}},
      {"f(x) = where(x == 0, 0, x^2*log(abs(x)))", {0}, {0}},
      {"f(x) = sqrt(1 - cos(x))^2", {0}, {0}},
      {"f(x,y) = cbrt(x^3 + y^3)", {0, 0}, {1, 1}},
      {"f(x,y) = x*y/sqrt(x^2 + y^2 + where(x == 0, 1, 0))", {0, 3}, {3 / std::sqrt(10), 0}},
      {"f(v[4]) = sum(v*sqrt(abs(v))) + prod(cbrt(v))^3", {0, 1, 1, 8}, {8, 1.5, 1.5, 1.5 * std::sqrt(8)}},
      {"f(x) = x^(4/3)", {0}, {0}},
      {"f(x) = (x^4)^(1/3)", {0}, {4 * third * 0}},
  };
  for (const Place& place : places) {
    CAPTURE(place.function);
    check_equal(Function::parse(place.function).gradient(place.at), place.gradient);
  }
}

TEST_CASE("cusps: the mean of both sides' slopes, 0 between infinities of two signs, one side where there is one") {
  const Place places[] = {
      {"f(x) = sqrt(x^2)", {0}, {0}},
      {"f(x) = sqrt(x^2) + 3*x", {0}, {3}},
      {"f(x,y) = sqrt(x^2 + y^2)", {0, 0}, {0, 0}},
      {"f(x) = sqrt(abs(x))", {0}, {0}},
      {"f(x) = log(1 + sqrt(x^2))", {0}, {0}},
      {"f(x) = cbrt(x)", {0}, {inf}},
      {"f(x) = -cbrt(x)", {0}, {-inf}},
      {"f(x) = sqrt(x)", {0}, {inf}},
      {"f(x) = sqrt(1 - x)", {1}, {-inf}},
      {"f(x) = sign(x)*sqrt(abs(x))", {0}, {inf}},
      {"f(x) = min(x, sqrt(x))", {0}, {1}},
      {"ackley", {0, 0}, {0, 0}},
      {"schwefel", {0, 100}, {0, 4.739378756271631}},
  };
  for (const Place& place : places) {
    CAPTURE(place.function);
    const Function f = Function::parse(place.function);
    const Vector gradient = f.gradient(place.at);
    if (place.function != std::string("schwefel")) {
      check_equal(gradient, place.gradient);
    } else {  // 0 - d/dx x·sin(√|x|), here at 0 and 100
      CHECK(gradient[0] == 0);
      CHECK(gradient[1] == doctest::Approx(-std::sin(10) - 5 * std::cos(10)).epsilon(1e-14));
    }
  }
}

TEST_CASE("what overflows on the way and not in the end") {
  const Place places[] = {
      {"f(x) = 1/(1 + exp(-x))", {-711}, {0}},
      {"f(x) = 1/(1 + exp(-x))", {-800}, {0}},
      {"f(x) = 1/cosh(x)", {800}, {0}},
      {"f(x) = atan(exp(x))", {800}, {0}},
      {"f(x) = exp(-exp(x))", {800}, {0}},
      {"f(x) = tanh(exp(x))", {800}, {0}},
      {"f(x) = sigmoid(x)", {-711}, {0}},
      {"f(x) = softplus(x)", {800}, {1}},
      {"f(x,y) = logaddexp(x, y)", {1000, 1000}, {0.5, 0.5}},
      {"f(v[3]) = logsumexp(v)", {1000, 1000, -1000}, {0.5, 0.5, 0}},
      {"f(v[2]) = relu(v[1]) + relu(v[2]) + relu(0*v[1])", {3, -1}, {1, 0}},
  };
  for (const Place& place : places) {
    CAPTURE(place.function);
    check_equal(Function::parse(place.function).gradient(place.at), place.gradient);
  }
  CHECK(Function::parse("f(x) = sigmoid(x)").gradient(Vector{-400})[0] == doctest::Approx(std::exp(-400)));
  CHECK(Function::parse("f(x) = softplus(x)").value(Vector{800}) == 800);
  CHECK(Function::parse("f(x,y) = logaddexp(x, y)").value(Vector{1000, 1000}) ==
        doctest::Approx(1000 + std::log(2)).epsilon(1e-15));
  CHECK(Function::parse("f(v[3]) = logsumexp(v)").value(Vector{1000, 1000, -1000}) ==
        doctest::Approx(1000 + std::log(2)).epsilon(1e-15));
}

TEST_CASE("second derivatives at hard places") {
  struct Second {
    const char* function;
    double at;
    double expected;
  };
  const Second places[] = {
      {"f(x) = tanh(x)", 711, 0},
      {"f(x) = tanh(x)", -800, 0},
      {"f(x) = x^1.5", 0, inf},
      {"f(x) = x^2.5", 0, 0},
      {"f(x) = where(x < 1, x^2, sqrt(x))", -2, 2},
      {"f(x) = where(x == 0, 1, sin(x)/x)", 0, 0},  // of the branch that is taken
      {"f(x) = sqrt(x^4)", 0, 2},
      {"f(x) = cbrt(x)^6", 0, 2},
      {"f(x) = sqrt(1 + x^2)", 0, 1},
      {"f(x) = 1/(1 + exp(-x))", -711, 0},
      {"f(x) = sigmoid(x)", 0, 0},
      {"f(x) = softplus(x)", 0, 0.25},
      {"f(x) = acos(1 - x)^2", 0, 2.0 / 3},
      {"f(x) = cosh(sqrt(x))", 0, 1.0 / 12},
      {"f(x) = -cbrt(x)", 0, 0},  // ∞ on one side and -∞ on the other
  };
  for (const Second& place : places) {
    CAPTURE(place.function);
    const double found = Function::parse(place.function).hessian_product(Vector{place.at}, Vector{1})[0];
    if (std::isinf(place.expected))
      CHECK(found == place.expected);
    else
      CHECK(std::fabs(found - place.expected) <= 1e-12);
  }
  const Vector product = Function::parse("f(x,y) = logaddexp(x, y)").hessian_product(Vector{2, 2}, Vector{1, 0});
  CHECK(product == Vector{0.25, -0.25});
}

TEST_CASE("the limit is that of the function's slopes nearby") {
  // Independent: the two slopes beside the point by the chain rule, where it has no trouble.
  for (const char* text :
       {"f(x) = cbrt(x)^3 + sqrt(x^2)*x", "f(x) = sin(x)*sqrt(x^4 + x^6)", "f(x) = sqrt(x^2) + cbrt(x^7)",
        "f(x) = (x^6)^(1/3)", "f(x) = exp(-sqrt(x^4))", "f(x) = tanh(cbrt(x)^3)", "f(x) = log(1 + sqrt(x^2 + x^4))",
        "f(x) = atan2(cbrt(x)^3, 1)", "f(x) = hypot(sqrt(x^4), 1)"}) {
    CAPTURE(text);
    const Function f = Function::parse(text);
    const double mean = (f.gradient(Vector{1e-9})[0] + f.gradient(Vector{-1e-9})[0]) / 2;
    CHECK(std::fabs(f.gradient(Vector{0})[0] - mean) <= 1e-6);
  }
}

TEST_CASE("every function of the catalogue has a finite value and gradient at its starts and minimizers") {
  std::size_t points = 0;
  for (const std::string& name : optexplore::catalog::function_names()) {
    const Function f = Function::parse(name);
    std::vector<Vector> places = f.spec().minimizers;
    places.push_back(f.spec().start());
    for (const Vector& place : places) {
      CAPTURE(name);
      if (place.size() != f.dim()) continue;
      ++points;
      bool finite = std::isfinite(f.value(place));
      for (const double g : f.gradient(place)) finite = finite && std::isfinite(g);
      CHECK((finite || !f.spec().entry.note.empty()));
      if (!finite) MESSAGE(name, ": ", f.spec().entry.note);
    }
  }
  CHECK(points > 300);
}
