#include "analysis/theory.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <optexplore/error.hpp>
#include <optexplore/function.hpp>
#include <random>

using namespace optexplore;
using analysis::ClassicRule;
using analysis::ClassicSettings;
using analysis::Curvature;

namespace {

constexpr ClassicRule rules[] = {ClassicRule::gradient_descent, ClassicRule::heavy_ball, ClassicRule::nesterov};

/// mu·x²/2 + L·y²/2
FunctionSpec quadratic(double mu, double L) {
  return Function::parse("f(x,y) = " + std::to_string(mu) + "*x^2/2 + " + std::to_string(L) + "*y^2/2").spec();
}

}  // namespace

TEST_CASE("the curvature at a point") {
  const Curvature book = analysis::curvature_at(Function::parse("book").spec(), {0, 0});
  CHECK(book.quadratic);
  CHECK(std::fabs(book.lowest - 0.1) <= 1e-16);
  CHECK(book.highest == 2);
  const Curvature rosenbrock = analysis::curvature_at(Function::parse("rosenbrock", 2).spec(), {1, 1});
  CHECK_FALSE(rosenbrock.quadratic);
  // [[802, -400], [-400, 200]]
  CHECK(std::fabs(rosenbrock.highest - (501 + std::sqrt(501.0 * 501 - 400))) <= 1e-10);
}

TEST_CASE("the best settings have the rates of the literature, and no others near them are better") {
  const Curvature curvature{{0, 0}, 0.5, 20, true};
  const double root = std::sqrt(curvature.condition());
  const double rates[] = {(curvature.condition() - 1) / (curvature.condition() + 1), (root - 1) / (root + 1),
                          1 - 2 / std::sqrt(3 * curvature.condition() + 1)};
  std::mt19937_64 random(4);
  std::uniform_real_distribution<double> factor(0.9, 1.1);
  for (int i = 0; i < 3; ++i) {
    const ClassicSettings best = analysis::best_settings(rules[i], curvature);
    const double rate = analysis::predicted_rate(best, curvature);
    CHECK(std::fabs(rate - rates[i]) <= 1e-7);  // a double root: half of the digits
    for (int trial = 0; trial < 300; ++trial) {
      const ClassicSettings other{rules[i], best.lr * factor(random), best.momentum * factor(random)};
      CHECK(analysis::predicted_rate(other, curvature) >= rate - 1e-7);
    }
  }
}

TEST_CASE("runs shrink as predicted, and diverge just where they should") {
  const FunctionSpec function = quadratic(0.5, 20);
  const Curvature curvature = analysis::curvature_at(function, {0, 0});
  for (const ClassicRule rule : rules)
    for (const double momentum : {0.0, 0.3, 0.8}) {
      if (rule == ClassicRule::gradient_descent && momentum != 0) continue;
      CAPTURE(analysis::rule_name(rule));
      CAPTURE(momentum);
      const double limit = analysis::largest_stable_rate(rule, momentum, curvature);
      CHECK(analysis::predicted_rate({rule, limit * 0.999, momentum}, curvature) < 1);
      CHECK(analysis::predicted_rate({rule, limit * 1.001, momentum}, curvature) > 1);
      for (const double part : {0.05, 0.3, 0.7, 0.95, 1.05}) {
        const ClassicSettings settings{rule, part * limit, momentum};
        const double predicted = analysis::predicted_rate(settings, curvature);
        const double measured = analysis::measured_rate(function, settings, {1, 0.6}, predicted);
        CHECK(std::fabs(measured - predicted) <= 0.02);  // oscillations end at some phase
      }
    }
}

TEST_CASE("the limit is the largest stable rate for any momentum that has one, and there is none beyond") {
  const Curvature curvature = analysis::curvature_at(quadratic(0.5, 20), {0, 0});
  for (const ClassicRule rule : {ClassicRule::heavy_ball, ClassicRule::nesterov})
    for (const double momentum : {-0.95, -0.5, -0.2, 0.5, 0.99}) {
      CAPTURE(analysis::rule_name(rule));
      CAPTURE(momentum);
      const double limit = analysis::largest_stable_rate(rule, momentum, curvature);
      for (const double part : {0.01, 0.5, 0.999})
        CHECK(analysis::predicted_rate({rule, limit * part, momentum}, curvature) < 1);
      CHECK(analysis::predicted_rate({rule, limit * 1.001, momentum}, curvature) > 1);
      const double beyond = momentum < 0 ? -1.1 : 1.1;
      CHECK(std::isnan(analysis::largest_stable_rate(rule, beyond, curvature)));
      CHECK(analysis::predicted_rate({rule, 1e-4, beyond}, curvature) > 1);
    }
  CHECK(std::isnan(analysis::largest_stable_rate(ClassicRule::heavy_ball, 1, curvature)));
}

TEST_CASE("measured rates without oscillation are exact") {
  const FunctionSpec function = quadratic(0.5, 20);
  const Curvature curvature = analysis::curvature_at(function, {0, 0});
  const ClassicSettings settings{ClassicRule::gradient_descent, 0.05, 0};
  const double predicted = analysis::predicted_rate(settings, curvature);
  CHECK(std::fabs(analysis::measured_rate(function, settings, {1, 0.6}, predicted) - predicted) <= 1e-9);
  CHECK(analysis::measured_rate(Function::parse("sphere", 2).spec(), {ClassicRule::gradient_descent, 0.5, 0}, {1, 1},
                                0) == 0);
}
