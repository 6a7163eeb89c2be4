#include "analysis/theory.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <optexplore/error.hpp>
#include <optexplore/function.hpp>
#include <random>

#include "text/number.hpp"

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
        const double measured =
            analysis::measured_rate(function, analysis::classic_optimizer(settings), {1, 0.6}, predicted);
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
  CHECK(std::fabs(analysis::measured_rate(function, analysis::classic_optimizer(settings), {1, 0.6}, predicted) -
                  predicted) <= 1e-9);
  CHECK(analysis::measured_rate(Function::parse("sphere", 2).spec(),
                                analysis::classic_optimizer({ClassicRule::gradient_descent, 0.5, 0}), {1, 1}, 0) == 0);
}

namespace {

analysis::LinearIteration iteration_of(const std::string& optimizer, std::size_t dim = 2) {
  const Experiment experiment = read_experiment(R"({"function": "book", "optimizers": [)" + optimizer + "]}", "test");
  return {experiment.optimizers[0],
          dim == 2 ? experiment.functions[0] : make_function(catalog::function("sphere"), dim), 1};
}

/// "heavy ball 0.1 0.9"; "" for none of the classic ones, or what is wrong with it.
std::string recognized(const std::string& optimizer) {
  const Curvature curvature{{0, 0}, 0.1, 2, true};
  try {
    const auto found = analysis::recognize(iteration_of(optimizer), curvature);
    if (!found) return "";
    std::string text = analysis::title(found->rule);
    for (const double value : {found->lr, found->momentum}) text += " " + text::to_text(value);
    return text;
  } catch (const InputError& error) {
    return error.message();
  }
}

}  // namespace

TEST_CASE("dialects and disguises are recognized by what they do") {
  CHECK(recognized(R"({"type": "sgd", "lr": 0.3})") == "gradient descent 0.3 0");
  CHECK(recognized(R"({"type": "momentum", "lr": 0.3, "momentum": 0})") == "gradient descent 0.3 0");
  for (const char* type :
       {"momentum", "momentum.dlfs", "momentum.keras", "momentum.lasagne", "momentum.optax", "heavy_ball"}) {
    CAPTURE(type);
    CHECK(recognized(R"({"type": ")" + std::string(type) + R"(", "lr": 0.1})") == "heavy ball 0.1 0.9");
  }
  for (const char* type : {"nesterov", "nesterov.dlfs_ja", "nesterov.keras", "nesterov.lasagne", "nesterov.optax"}) {
    CAPTURE(type);
    CHECK(recognized(R"({"type": ")" + std::string(type) + R"(", "lr": 0.1})") == "Nesterov 0.1 0.9");
  }
  CHECK(recognized(R"({"type": "nesterov.dlfs", "lr": 0.1})") == "");  // by its author's mistake
  CHECK(recognized(R"({"type": "momentum", "lr": 0.1, "dampening": 0.5})") == "heavy ball 0.05 0.9");
  CHECK(recognized(R"({"label": "a", "chain": [{"type": "sgd", "lr": 0.1}, {"type": "apply_momentum"}]})") ==
        "heavy ball 0.1 0.9");
  CHECK(recognized(R"({"type": "nesterov_strongly_convex", "L": 4, "mu": 1})")
            .starts_with("Nesterov 0.25 0.33333333333"));
  // A mean beside the path changes nothing, nor does a state that isn't even linear.
  CHECK(recognized(R"~({"label": "a", "params": {"lr": 0.3}, "state": {"mean": 0, "size": 0},
                       "update": ["size = max(size, norm(g))", "x = x - lr*g", "mean = 0.9*mean + 0.1*x"]})~") ==
        "gradient descent 0.3 0");
}

TEST_CASE("what has no linear rate says why") {
  const std::string unknown = "its rate isn't known: ";
  CHECK(recognized(R"({"type": "adam"})") ==
        unknown + "its step is not linear in the point, the gradient and its state (sqrt)");
  CHECK(recognized(R"({"type": "sgd", "lr": "0.1/t"})") == unknown + "lr is no constant");
  CHECK(recognized(R"({"label": "a", "update": ["x = x - g/t"]})") == unknown + "its step changes with t");
  CHECK(recognized(R"({"label": "a", "chain": [{"type": "weight_decay", "weight_decay": 0.1}, {"type": "sgd"}]})") ==
        unknown + "it doesn't come to rest at the minimizer");
  CHECK(recognized(R"({"label": "a", "chain": [{"type": "gradient_noise"}, {"type": "sgd"}]})") ==
        unknown + "its step is random");
  CHECK(recognized(R"({"label": "a", "update": ["x = x - 0.1*range(1, n)*g"]})") ==
        unknown + "its step treats coordinates differently");
}

TEST_CASE("linear iterations without a name have rates too") {
  // Extragradient: x - lr·λ·(x - lr·λ·x).
  const analysis::LinearIteration extra = iteration_of(R"({"type": "extragradient", "lr": 0.2})");
  CHECK(extra.recurrence(2).size() == 1);
  CHECK(extra.rate(2) == doctest::Approx(1 - 0.4 + 0.16).epsilon(1e-14));
  // Of many dimensions and with more memory, as a run shrinks.
  const FunctionSpec function = Function::parse("f(x[6]) = sum(range(1,n)*x^2)/2").spec();
  const std::vector<double> start = {1, -1, 2, 1, 0.5, 1};
  const Curvature curvature = analysis::curvature_at(function, {0, 0, 0, 0, 0, 0});
  for (const char* text : {R"({"type": "aggmo", "lr": 0.05})", R"({"type": "nesterov.dlfs", "lr": 0.02})",
                           R"({"type": "triple_momentum"})", R"({"type": "pid", "lr": 0.05})"}) {
    CAPTURE(text);
    const Experiment experiment =
        read_experiment(R"({"function": "book", "optimizers": [)" + std::string(text) + "]}", "test");
    const double predicted = analysis::predicted_rate(iteration_of(text, 6), curvature);
    CHECK(predicted < 1);
    const double measured = analysis::measured_rate(function, experiment.optimizers[0], start, predicted);
    CHECK(std::fabs(measured - predicted) <= 0.02);
  }
}

TEST_CASE("the minimizer of a quadratic is found") {
  const auto at = [](const std::string& text) { return analysis::quadratic_minimizer(Function::parse(text).spec()); };
  const auto found = at("f(x,y) = (x-3)^2 + x*y + 5*y^2");
  REQUIRE(found);
  CHECK((*found)[0] == doctest::Approx(60.0 / 19).epsilon(1e-15));
  CHECK((*found)[1] == doctest::Approx(-6.0 / 19).epsilon(1e-15));
  CHECK(at("f(x[40]) = sum(range(1,n)*(x - range(1,n))^2)")->back() == 40);
  CHECK_FALSE(at("f(x,y) = (x+y)^2"));
  CHECK_FALSE(at("f(x,y) = x"));
  CHECK(analysis::is_quadratic(Function::parse("f(x,y) = x*y").spec(), {0, 0}));
  CHECK_FALSE(analysis::is_quadratic(Function::parse("f(x,y) = x^2 + y^4").spec(), {0, 0}));
}

TEST_CASE("how many times fewer steps") {
  CHECK(analysis::times_fewer_steps(0.81, 0.9) == doctest::Approx(2));
  CHECK(analysis::times_fewer_steps(0, 0) == 1);
  CHECK(std::isinf(analysis::times_fewer_steps(0, 0.5)));
  CHECK(std::isnan(analysis::times_fewer_steps(1.1, 0.5)));
  CHECK(std::isnan(analysis::times_fewer_steps(0.5, 0)));
}
