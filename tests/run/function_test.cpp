#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <optexplore/catalog.hpp>
#include <optexplore/error.hpp>
#include <optexplore/function.hpp>
#include <random>
#include <sstream>

#include "run/gradient_check.hpp"

namespace {

using optexplore::Function;

std::vector<double> numbers(const std::string& text) {
  std::istringstream stream(text);
  std::vector<double> values;
  for (double v = 0; stream >> v;) values.push_back(v);
  return values;
}

std::vector<double> whole_point(const std::vector<double>& point, std::size_t dim) {
  return point.size() == dim ? point : std::vector<double>(dim, point.at(0));
}

double norm(const std::vector<double>& v) {
  double sum = 0;
  for (const double x : v) sum += x * x;
  return std::sqrt(sum);
}

std::vector<double> random_point(const Function& f, std::mt19937_64& random) {
  std::vector<double> x(f.dim());
  const auto& domain = f.spec().entry.domain;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const auto side = domain.at(i % domain.size());
    x[i] = std::uniform_real_distribution<double>(side.low, side.high)(random);
  }
  return x;
}

}  // namespace

TEST_CASE("catalogue functions have the values that SciPy's own code computes") {
  std::ifstream file(OPTEXPLORE_TEST_DATA "/golden/functions.csv");
  std::string line;
  std::getline(file, line);
  std::size_t rows = 0;
  while (std::getline(file, line)) {
    INFO(line);
    std::istringstream fields(line);
    std::string name, dim, point, expected;
    std::getline(fields, name, ',');
    std::getline(fields, dim, ',');
    std::getline(fields, point, ',');
    std::getline(fields, expected, ',');
    const Function f = Function::parse(name, name == "rosenbrock" || name == "sphere" || name == "rastrigin" ||
                                                     name == "ackley" || name == "styblinski_tang"
                                                 ? std::stoul(dim)
                                                 : 0);
    const double value = f.value(numbers(point));
    CHECK(std::fabs(value - std::stod(expected)) <= 1e-9 * std::max(1.0, std::fabs(std::stod(expected))));
    ++rows;
  }
  CHECK(rows >= 60);
}

TEST_CASE("every catalogue function is at its minimum at its minimisers, and nowhere below") {
  std::mt19937_64 random(20241);
  for (const std::string& name : optexplore::catalog::function_names()) {
    INFO(name);
    const Function f = Function::parse(name);
    const auto& entry = f.spec();
    REQUIRE(entry.minimum.has_value());
    REQUIRE_FALSE(entry.minimizers.empty());
    for (const auto& minimizer : entry.minimizers) {
      const std::vector<double> x = whole_point(minimizer, f.dim());
      CHECK(std::fabs(f.value(x) - *entry.minimum) <= 1e-9 * std::max(1.0, std::fabs(*entry.minimum)));
      if (name != "ackley") CHECK(norm(f.gradient(x)) <= 1e-6);  // Ackley has a cone there
    }
    for (int i = 0; i < 2000; ++i) CHECK(f.value(random_point(f, random)) >= *entry.minimum - 1e-9);
  }
}

TEST_CASE("every catalogue function's gradient and Hessian-vector product match differences") {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  for (const std::string& name : optexplore::catalog::function_names()) {
    INFO(name);
    const Function f = Function::parse(name);
    CHECK(optexplore::run::check_exact_gradient(f).error <= 1e-7);
    for (int i = 0; i < 20; ++i) {
      const std::vector<double> x = random_point(f, random);
      std::vector<double> u(f.dim());
      for (double& v : u) v = normal(random);
      const double h = 1e-5;
      std::vector<double> above = x, below = x;
      for (std::size_t k = 0; k < x.size(); ++k) {
        above[k] += h * u[k];
        below[k] -= h * u[k];
      }
      const std::vector<double> high = f.gradient(above), low = f.gradient(below), product = f.hessian_product(x, u);
      const double scale = std::max(1.0, norm(product));
      for (std::size_t k = 0; k < x.size(); ++k)
        CHECK(std::fabs(product[k] - (high[k] - low[k]) / (2 * h)) <= 2e-5 * scale);
    }
  }
}

TEST_CASE("the gradient's text means the gradient") {
  for (const char* text : {"f(x,y) = x²/20 + y²", "f(x,y) = (x^2 + y - 11)^2 + (x + y^2 - 7)^2",
                           "f(a,b,c) = exp(-a)*sin(b*c) - c^3/(1 + a^2)"}) {
    INFO(text);
    const Function f = Function::parse(text);
    const std::vector<std::string> partials = f.gradient_text();
    REQUIRE(partials.size() == f.dim());
    const std::vector<double> x = {0.7, -1.3, 2.1};
    const std::vector<double> point(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(f.dim()));
    std::string coordinates;
    for (const std::string& name : f.spec().coordinates) coordinates += (coordinates.empty() ? "" : ",") + name;
    for (std::size_t i = 0; i < f.dim(); ++i) {
      INFO(partials[i]);
      CHECK(Function::parse("f(" + coordinates + ") = " + partials[i]).value(point) == f.gradient(point)[i]);
    }
  }
}

TEST_CASE("a wrong gradient of the user's is found") {
  const auto experiment = optexplore::read_experiment(
      R"({"function": {"definition": "f(x,y) = x^2 + y^2", "gradient": ["2*x", "2.001*y"]}, "start": [1, 1],
          "optimizers": [{"type": "sgd"}]})",
      "test");
  const Function f(experiment.functions[0]);
  CHECK(optexplore::run::check_exact_gradient(f).error <= 1e-9);
  const auto check = optexplore::run::check_given_gradient(f);
  CHECK(check.coordinate == 1);
  CHECK(check.error > 1e-4);
}

TEST_CASE("a definition of open dimension needs one") {
  CHECK_THROWS_WITH_AS(Function::parse("f(x[n]) = sum(x^2)"),
                       "the definition leaves the dimension open; expected a dim of at least 1",
                       optexplore::InputError);
  CHECK(Function::parse("f(x[n]) = sum(x^2)", 3).value(std::vector<double>{1, 2, 3}) == 14);
}
