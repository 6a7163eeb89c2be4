#include <doctest/doctest.h>

#include <cmath>
#include <optexplore/error.hpp>

#include "study/run_tools.hpp"

using run_tools::book;
using run_tools::run;

namespace {

/// The largest difference between two runs' points.
double distance(run_tools::Run& a, run_tools::Run& b) {
  double worst = 0;
  for (const char* name : {"x", "y"})
    for (std::size_t k = 0; k < a[name].size(); ++k) worst = std::max(worst, std::fabs(a[name][k] - b[name].at(k)));
  return worst;
}

std::string rule(const std::string& update, const std::string& state = "{}",
                 const std::string& params = R"({"lr": 0.1})") {
  return R"({"label": "mine", "params": )" + params + R"(, "state": )" + state + R"(, "update": [)" + update + "]}";
}

std::string failure(const std::string& optimizer) {
  try {
    run(book(optimizer));
    return "no error";
  } catch (const optexplore::InputError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("hvp, f and grad in a rule are the function's own") {
  // H = diag(0.1, 2), so x - lr·H·g = x - lr·H²·x.
  auto a = run(book(rule(R"j("x = x - lr*hvp(x, g)")j")));
  for (std::size_t k = 0; k < 20; ++k) {
    CHECK(a[0]["x"][k + 1] == doctest::Approx(a[0]["x"][k] * (1 - 0.1 * 0.01)).epsilon(1e-14));
    CHECK(a[0]["y"][k + 1] == doctest::Approx(a[0]["y"][k] * (1 - 0.1 * 4)).epsilon(1e-14));
  }
  // A step scaled by the value at a shifted point.
  auto b = run(book(rule(R"j("h = f(x + 1)", "x = x - 0.001*h*grad(x/2)")j")));
  for (std::size_t k = 0; k < 20; ++k) {
    const double x = b[0]["x"][k], y = b[0]["y"][k];
    const double h = (x + 1) * (x + 1) / 20 + (y + 1) * (y + 1);
    CHECK(b[0]["x"][k + 1] == doctest::Approx(x - 0.001 * h * x / 20).epsilon(1e-14));
    CHECK(b[0]["y"][k + 1] == doctest::Approx(y - 0.001 * h * y).epsilon(1e-14));
  }
}

TEST_CASE("hvp with the gradient as its direction differentiates the function only") {
  // On f = x⁴: H·g = 12x²·4x³, not the derivative of g·g.
  auto runs = run(R"({"function": "f(x) = x^4", "start": [0.5], "steps": 1, "optimizers": [)" +
                  rule(R"j("x = hvp(x, g)")j") + "]}");
  CHECK(runs[0]["x"][1] == doctest::Approx(12 * 0.25 * 4 * 0.125).epsilon(1e-15));
}

TEST_CASE("Newton's method with an exact line solves a quadratic in one step per coordinate") {
  auto runs = run(R"({"function": "f(x) = 3*x^2 - 6*x", "start": [11], "steps": 1, "optimizers": [)" +
                  rule(R"j("x = x - g*dot(g,g)/dot(g, hvp(x,g))")j") + "]}");
  CHECK(runs[0]["x"][1] == doctest::Approx(1.0).epsilon(1e-14));
}

TEST_CASE("solving with the Hessian is Newton's method") {
  // One step to the minimum of any quadratic, here with off-diagonal terms and pivoting (H[1,1] = 0).
  auto runs = run(R"j({"function": "f(x,y,z) = x*y + y^2 + 3*z^2 + x*z - 4*x + 2*z", "start": [3, -2, 5], "steps": 1,
                       "optimizers": [)j" +
                  rule(R"j("x = x - solve(hess(), g)")j") + R"j(], "columns": ["x", "y", "z", "grad_norm"]})j");
  CHECK(runs[0]["grad_norm"][1] < 1e-14);
  // Quadratic convergence on Rosenbrock: from the standard start the iterates reach the minimum to rounding.
  auto newton = run(R"j({"function": "rosenbrock", "start": [-1.2, 1], "steps": 7, "optimizers": [)j" +
                    rule(R"j("x = x - solve(hess(), g)")j") + "]}");
  CHECK(newton[0]["f"][7] < 1e-20);
  // Damping by the identity: (H + 2I)z = g on the book's quadratic has a closed form.
  auto damped = run(book(rule(R"j("x = x - solve(hess() + 2*eye(), g)")j")));
  CHECK(damped[0]["x"][1] == doctest::Approx(-7 * (1 - 0.1 / 2.1)).epsilon(1e-14));
  CHECK(damped[0]["y"][1] == doctest::Approx(2 * (1 - 2 / 4.0)).epsilon(1e-14));
}

TEST_CASE("momentum around plain gradient descent is the framework's own momentum") {
  auto runs = run(book(R"({"type": "momentum.lasagne", "lr": 0.1, "momentum": 0.9},
                          {"label": "chain", "chain": [{"type": "sgd", "lr": 0.1}, {"type": "apply_momentum", "momentum": 0.9}]})"));
  CHECK(distance(runs[0], runs[1]) < 1e-13);
  auto nesterov = run(book(R"({"type": "nesterov.lasagne", "lr": 0.1, "momentum": 0.9},
                              {"label": "chain", "chain": [{"type": "sgd", "lr": 0.1}, {"type": "apply_nesterov_momentum", "momentum": 0.9}]})"));
  CHECK(distance(nesterov[0], nesterov[1]) < 1e-13);
  CHECK(distance(runs[0], nesterov[0]) > 0.01);
}

TEST_CASE("a chain hands on x and g; a later rule sees what the one before left") {
  auto runs = run(book(R"({"label": "a", "chain": [{"update": ["g = 2*g"]}, {"type": "sgd", "lr": 0.1}]},
                          {"type": "sgd", "lr": 0.2})"));
  CHECK(distance(runs[0], runs[1]) < 1e-14);
  // g stays the gradient at the start of the step even after x has moved.
  auto twice = run(book(R"({"label": "a", "chain": [{"type": "sgd", "lr": 0.05}, {"type": "sgd", "lr": 0.05}]},
                           {"type": "sgd", "lr": 0.1})"));
  CHECK(distance(twice[0], twice[1]) < 1e-13);
}

TEST_CASE("identities between rules hold") {
  auto runs = run(book(R"({"type": "momentum", "lr": 0.1, "momentum": 0, "label": "m0"}, {"type": "sgd", "lr": 0.1},
                          {"label": "wd", "chain": [{"type": "weight_decay", "weight_decay": 0}, {"type": "sgd", "lr": 0.1}]},
                          {"label": "clip", "chain": [{"type": "clip_value", "max_value": 1e9}, {"type": "sgd", "lr": 0.1}]})"));
  for (std::size_t i : {0, 2, 3}) CHECK(distance(runs[i], runs[1]) == 0);
}

TEST_CASE("state takes its shape from the update and may begin at the start or with another's value") {
  auto runs = run(book(rule(R"j("z = z - lr*g", "s = s + 1", "x = z + 0*s")j", R"({"z": "x", "s": 0})") +
                           R"(, {"type": "sgd", "lr": 0.1})",
                       R"(, "columns": ["x", "y", "state.z", "state.s"])"));
  CHECK(distance(runs[0], runs[1]) == 0);
  CHECK(runs[0]["state.s"][20] == 20);
  CHECK(runs[0]["state.z.x"][20] == runs[0]["x"][20]);
  CHECK(std::isnan(runs[1]["state.s"][20]));  // plain sgd has no such state
}

TEST_CASE("two states can exchange their values") {
  auto runs = run(book(rule(R"j("h = a", "a = b", "b = h", "x = x - 0*g")j", R"({"a": 1, "b": 2})"),
                       R"(, "columns": ["state.a", "state.b"])"));
  for (std::size_t k = 0; k <= 20; ++k) {
    CHECK(runs[0]["state.a"][k] == (k % 2 == 0 ? 1 : 2));
    CHECK(runs[0]["state.b"][k] == (k % 2 == 0 ? 2 : 1));
  }
}

TEST_CASE("a schedule is a hyperparameter that depends on t") {
  auto runs = run(book(R"({"type": "sgd", "lr": "0.5/t"})", R"(, "columns": ["x", "hp.lr", "t"])"));
  for (std::size_t k = 0; k < 20; ++k) {
    const double lr = 0.5 / static_cast<double>(k + 1);
    CHECK(runs[0]["hp.lr"][k] == lr);
    CHECK(runs[0]["t"][k] == static_cast<double>(k));
    CHECK(runs[0]["x"][k + 1] == doctest::Approx(runs[0]["x"][k] * (1 - lr / 10)).epsilon(1e-15));
  }
}

TEST_CASE("a rule that can't work is refused at its place") {
  CHECK(failure(rule(R"j("lr = 2", "x = x - g")j")) ==
        "/optimizers/0/update/0: 'lr' is a hyperparameter; a rule can't assign to it\n  lr = 2\n  ^^");
  CHECK(failure(rule(R"j("t = 2", "x = x - g")j")) ==
        "/optimizers/0/update/0: 't' is reserved; a rule can't assign to it\n  t = 2\n  ^");
  CHECK(failure(rule(R"j("g = 2*g")j")) ==
        "/optimizers/0: the optimizer never assigns x, so it would never move; add a rule such as sgd");
  CHECK(
      failure(rule(R"j("x = x - lr*h", "h = g")j")) ==
      "/optimizers/0/update/0: 'h' is not available here: it is set only further down\n  x = x - lr*h\n             ^");
  CHECK(failure(rule(R"j("x = x - lr*y")j")) ==
        "/optimizers/0/update/0: 'y' is not available here: a rule knows no particular function; write x[1] for the "
        "first "
        "coordinate\n  x = x - lr*y\n             ^");
  CHECK(failure(rule(R"j("x = x[1:1]")j")) ==
        "/optimizers/0/update/0: 'x' is a vector of 2, this is a vector of 1\n  x = x[1:1]\n      ^^^^^^");
  CHECK(failure(R"({"type": "sgd", "lr": "0.1*x"})").find("undefined name 'x'") != std::string::npos);
}

TEST_CASE("f of a matrix is a vector of f at its rows, each an evaluation") {
  auto runs = run(book(rule(R"j("P = stack([x, x/2], x - lr*g)", "values = f(P)", "x = P[argmin(values)]")j"),
                       R"j(, "columns": ["point", "f", "evals_f", "both=f([[1, 2], [3, 4], [5, 6]])"])j"));
  for (std::size_t k = 0; k < 20; ++k) {
    CHECK(runs[0]["x"][k + 1] == runs[0]["x"][k] / 2);
    CHECK(runs[0]["evals_f"][k] == doctest::Approx(3.0 * static_cast<double>(k)));
  }
  CHECK(runs[0]["both.1"][0] == doctest::Approx(4.05));
  CHECK(runs[0]["both.3"][0] == doctest::Approx(37.25));
}
