#include "program/derive.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "language/words.hpp"
#include "program/graph_tools.hpp"

using namespace optexplore::language;
using namespace optexplore::program;
using optexplore::test::interpret;
using optexplore::test::Setting;
using Vector = std::vector<double>;

namespace {

using Real = std::function<double(double)>;
using Real2 = std::function<double(double, double)>;

struct Unary {
  std::string text;
  Vector points;
  Real first;
  Real second;
};

double sq(double x) { return x * x; }
const double ln2 = std::log(2.0);
const double ln10 = std::log(10.0);

const Unary unary[] = {
    {"-x", {-2, 0.3}, [](double) { return -1.0; }, [](double) { return 0.0; }},
    {"abs(x)", {-2, 0.3}, [](double x) { return x < 0 ? -1.0 : 1.0; }, [](double) { return 0.0; }},
    {"sqrt(x)",
     {0.01, 2, 1e6},
     [](double x) { return 0.5 / std::sqrt(x); },
     [](double x) { return -0.25 * std::pow(x, -1.5); }},
    {"cbrt(x)",
     {-8, -0.1, 2},
     [](double x) { return 1 / (3 * sq(std::cbrt(x))); },
     [](double x) { return -2 / (9 * std::pow(std::cbrt(x), 5)); }},
    {"exp(x)", {-3, 0, 2}, [](double x) { return std::exp(x); }, [](double x) { return std::exp(x); }},
    {"expm1(x)", {-3, 1e-9, 2}, [](double x) { return std::exp(x); }, [](double x) { return std::exp(x); }},
    {"log(x)", {0.1, 3}, [](double x) { return 1 / x; }, [](double x) { return -1 / sq(x); }},
    {"log1p(x)", {-0.5, 1e-9, 3}, [](double x) { return 1 / (1 + x); }, [](double x) { return -1 / sq(1 + x); }},
    {"log2(x)", {0.1, 3}, [](double x) { return 1 / (x * ln2); }, [](double x) { return -1 / (sq(x) * ln2); }},
    {"log10(x)", {0.1, 3}, [](double x) { return 1 / (x * ln10); }, [](double x) { return -1 / (sq(x) * ln10); }},
    {"sin(x)", {-3, 0.2, 40}, [](double x) { return std::cos(x); }, [](double x) { return -std::sin(x); }},
    {"cos(x)", {-3, 0.2, 40}, [](double x) { return -std::sin(x); }, [](double x) { return -std::cos(x); }},
    {"tan(x)",
     {-1.2, 0.2},
     [](double x) { return 1 / sq(std::cos(x)); },
     [](double x) { return 2 * std::sin(x) / std::pow(std::cos(x), 3); }},
    {"asin(x)",
     {-0.9, 0.2, 0.95},
     [](double x) { return 1 / std::sqrt((1 - x) * (1 + x)); },
     [](double x) { return x * std::pow((1 - x) * (1 + x), -1.5); }},
    {"acos(x)",
     {-0.9, 0.2, 0.95},
     [](double x) { return -1 / std::sqrt((1 - x) * (1 + x)); },
     [](double x) { return -x * std::pow((1 - x) * (1 + x), -1.5); }},
    {"atan(x)", {-5, 0.2}, [](double x) { return 1 / (1 + sq(x)); }, [](double x) { return -2 * x / sq(1 + sq(x)); }},
    {"sinh(x)", {-2, 0.1}, [](double x) { return std::cosh(x); }, [](double x) { return std::sinh(x); }},
    {"cosh(x)", {-2, 0.1}, [](double x) { return std::sinh(x); }, [](double x) { return std::cosh(x); }},
    {"tanh(x)",
     {-2, 0.1, 18},
     [](double x) { return 1 / sq(std::cosh(x)); },
     [](double x) { return -2 * std::tanh(x) / sq(std::cosh(x)); }},
    {"erf(x)",
     {-1.5, 0.1, 3},
     [](double x) { return 2 * std::numbers::inv_sqrtpi * std::exp(-sq(x)); },
     [](double x) { return -4 * x * std::numbers::inv_sqrtpi * std::exp(-sq(x)); }},
    {"sigmoid(x)",
     {-800, -40, -0.3, 0, 2, 50},
     [](double x) { return std::exp(-std::fabs(x)) / sq(1 + std::exp(-std::fabs(x))); },
     [](double x) {
       const double e = std::exp(-std::fabs(x));
       return std::copysign(e * (1 - e) / std::pow(1 + e, 3), -x);
     }},
    {"softplus(x)",
     {-800, -40, -0.3, 0, 2, 50},
     [](double x) { return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x)); },
     [](double x) { return std::exp(-std::fabs(x)) / sq(1 + std::exp(-std::fabs(x))); }},
    {"floor(x) + ceil(x) + round(x) + sign(x)", {-1.4, 2.7}, [](double) { return 0.0; }, [](double) { return 0.0; }},
    {"(not x) + (x < 1) + (x >= 2) + (x == 2)", {-1.4, 2.7}, [](double) { return 0.0; }, [](double) { return 0.0; }},
    {"x^2", {-3, 0, 2}, [](double x) { return 2 * x; }, [](double) { return 2.0; }},
    {"x^5", {-3, 0, 2}, [](double x) { return 5 * std::pow(x, 4); }, [](double x) { return 20 * std::pow(x, 3); }},
    {"x^-3", {-3, 2}, [](double x) { return -3 * std::pow(x, -4); }, [](double x) { return 12 * std::pow(x, -5); }},
    {"x^1 + x^0", {-3, 0}, [](double) { return 1.0; }, [](double) { return 0.0; }},
    {"x^2.5", {0.5, 2}, [](double x) { return 2.5 * std::pow(x, 1.5); }, [](double x) { return 3.75 * std::sqrt(x); }},
    {"3^x",
     {-1, 2},
     [](double x) { return std::log(3) * std::pow(3, x); },
     [](double x) { return sq(std::log(3)) * std::pow(3, x); }},
    {"x^x",
     {0.5, 2},
     [](double x) { return std::pow(x, x) * (std::log(x) + 1); },
     [](double x) { return std::pow(x, x) * (sq(std::log(x) + 1) + 1 / x); }},
    {"mod(x, 3)", {-4, 5.5}, [](double) { return 1.0; }, [](double) { return 0.0; }},
    {"mod(7.5, x)", {2, -2}, [](double x) { return x > 0 ? -3.0 : 4.0; }, [](double) { return 0.0; }},
    {"clip(x^3, -1, 8)",
     {-2, 0.5, 1.5, 3},
     [](double x) { return x > -1 && x < 2 ? 3 * sq(x) : 0.0; },
     [](double x) { return x > -1 && x < 2 ? 6 * x : 0.0; }},
    {"where(x < 0, x^2, x^3)",
     {-2, 3},
     [](double x) { return x < 0 ? 2 * x : 3 * sq(x); },
     [](double x) { return x < 0 ? 2 : 6 * x; }},
    {"x*x/(1 + x)",
     {0.5, 3},
     [](double x) { return x * (x + 2) / sq(1 + x); },
     [](double x) { return 2 / std::pow(1 + x, 3); }},
};

struct Binary {
  std::string text;
  double x, y;
  Real2 dx, dy;
};

const Binary binary[] = {
    {"x + y", 2, 3, [](double, double) { return 1.0; }, [](double, double) { return 1.0; }},
    {"x - y", 2, 3, [](double, double) { return 1.0; }, [](double, double) { return -1.0; }},
    {"x*y", 2, 3, [](double, double y) { return y; }, [](double x, double) { return x; }},
    {"x/y", 2, 3, [](double, double y) { return 1 / y; }, [](double x, double y) { return -x / sq(y); }},
    {"x^y", 2, 3.5, [](double x, double y) { return y * std::pow(x, y - 1); },
     [](double x, double y) { return std::log(x) * std::pow(x, y); }},
    {"pow(x,y)", 0.3, -1.5, [](double x, double y) { return y * std::pow(x, y - 1); },
     [](double x, double y) { return std::log(x) * std::pow(x, y); }},
    {"atan2(x,y)", 1, -2, [](double x, double y) { return y / (sq(x) + sq(y)); },
     [](double x, double y) { return -x / (sq(x) + sq(y)); }},
    {"hypot(x,y)", -3, 4, [](double x, double y) { return x / std::hypot(x, y); },
     [](double x, double y) { return y / std::hypot(x, y); }},
    {"hypot(x,y)", 3e200, 4e200, [](double, double) { return 0.6; }, [](double, double) { return 0.8; }},
    {"min(x,y)", 2, 3, [](double, double) { return 1.0; }, [](double, double) { return 0.0; }},
    {"max(x,y)", 2, 3, [](double, double) { return 0.0; }, [](double, double) { return 1.0; }},
    {"mod(x,y)", -7, 2, [](double, double) { return 1.0; }, [](double, double) { return 4.0; }},
    {"clip(x,y,9)", 2, 3, [](double, double) { return 0.0; }, [](double, double) { return 1.0; }},
    {"clip(x,-9,y)", 4, 3, [](double, double) { return 0.0; }, [](double, double) { return 1.0; }},
    {"where(x < y, x*y, x + y)", 2, 3, [](double, double y) { return y; }, [](double x, double) { return x; }},
    {"(x < y) + (x and y) + (x or y) + (x != y)", 2, 3, [](double, double) { return 0.0; },
     [](double, double) { return 0.0; }},
};

/// Sixth-order central differences at two widths, combined once more (Richardson): error ~ h⁸.
double differences(const Real& f, double x) {
  const auto sixth = [&](double h) {
    return (45 * (f(x + h) - f(x - h)) - 9 * (f(x + 2 * h) - f(x - 2 * h)) + (f(x + 3 * h) - f(x - 3 * h))) / (60 * h);
  };
  const double h = 4e-3 * std::max(0.05, std::fabs(x)) / std::max(1.0, std::fabs(x) / 10);
  return (64 * sixth(h / 2) - sixth(h)) / 63;
}

}  // namespace

TEST_CASE("first and second derivatives of functions of one variable are the textbook's") {
  for (const Unary& row : unary) {
    Setting s;
    const NodeId x = s.scalar("x");
    const NodeId f = s.build(row.text);
    const NodeId first = gradient(s.g, f, x);
    const NodeId second = gradient(s.g, first, x);
    for (const double at : row.points) {
      INFO(row.text, " at ", at);
      const double d1 = interpret<double>(s.g, first, {{x, {at}}})[0];
      const double d2 = interpret<double>(s.g, second, {{x, {at}}})[0];
      CHECK(std::fabs(d1 - row.first(at)) <= 2e-14 * std::fabs(row.first(at)));
      CHECK(std::fabs(d2 - row.second(at)) <= 1e-13 * std::fabs(row.second(at)));
      const double numeric = differences([&](double t) { return interpret<double>(s.g, f, {{x, {t}}})[0]; }, at);
      if (std::string(row.text).find("abs") == std::string::npos)
        CHECK(std::fabs(d1 - numeric) <= 1e-8 * std::max(1.0, std::fabs(d1)));
    }
  }
}

TEST_CASE("derivatives of functions of two variables are the textbook's") {
  for (const Binary& row : binary) {
    Setting s;
    const NodeId x = s.scalar("x");
    const NodeId y = s.scalar("y");
    const NodeId f = s.build(row.text);
    INFO(row.text, " at ", row.x, ", ", row.y);
    const auto value = [&](NodeId wrt) {
      return interpret<double>(s.g, gradient(s.g, f, wrt), {{x, {row.x}}, {y, {row.y}}})[0];
    };
    const double dx = row.dx(row.x, row.y);
    const double dy = row.dy(row.x, row.y);
    CHECK(std::fabs(value(x) - dx) <= 4e-15 * std::fabs(dx));
    CHECK(std::fabs(value(y) - dy) <= 4e-15 * std::fabs(dy));
  }
}

TEST_CASE("the list above leaves out no function of the language") {
  std::string all;
  for (const Unary& row : unary) all += std::string(row.text) + " ";
  for (const Binary& row : binary) all += std::string(row.text) + " ";
  for (const std::string& name : function_names()) {
    if (name == "f32" || name == "f16" || name == "bf16") continue;  // steps: words_test
    bool elementary = false;                                         // the others: words_test
    for (std::size_t count = 1; count <= 3; ++count)
      elementary = elementary || find_elementwise(name, count) != nullptr;
    CHECK_MESSAGE((!elementary || all.find(name + "(") != std::string::npos), name);
  }
}

TEST_CASE("what has no derivative says so where one is asked for") {
  Graph g;
  const NodeId x = g.input({2}), matrix = g.reshape(g.concat(std::vector<NodeId>{x, x}), matrix_shape(2, 2));
  for (const NodeId node : {g.eigen(matrix), g.tridiagonal_eigen(x, x), g.argsort(x), g.apply(Op::argmin, {x}),
                            g.factor(Op::eigvecs, matrix, matrix_shape(2, 2))})
    CHECK_THROWS_WITH_AS(gradient(g, g.apply(Op::sum, {node}), x), doctest::Contains("has no derivative"),
                         optexplore::InputError);
  const auto body = std::make_shared<Body>();
  body->index = body->graph.input({});
  body->carried = {body->graph.input({2})};
  body->next = body->carried;
  const NodeId loop = g.loop(body, 3, {}, std::vector<NodeId>{x});
  CHECK_THROWS_WITH_AS(gradient(g, g.apply(Op::sum, {loop}), x), doctest::Contains("'loop' has no derivative"),
                       optexplore::InputError);
}
