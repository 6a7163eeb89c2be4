#include "study/diagnostics.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <optexplore/error.hpp>

#include "study/run_tools.hpp"

using run_tools::Run;

namespace {

constexpr double pi = 3.14159265358979323846;

/// A run on `function` (JSON) with the columns x, y, f, g and `columns`.
Run run(const std::string& function, const std::string& optimizer, const std::string& columns,
        const std::string& more = "") {
  return run_tools::run(R"({"function": )" + function + R"(, "optimizers": [)" + optimizer +
                        R"(], "columns": ["step", )" + columns + R"(], "steps": 40)" + more + "}")
      .at(0);
}

const std::string momentum = R"({"type": "momentum", "lr": 0.01})";
const std::string himmelblau = R"("himmelblau")";

std::string error_of(const std::string& function, const std::string& optimizer, const std::string& column) {
  try {
    run(function, optimizer, column);
  } catch (const optexplore::InputError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("lengths, distances and the best value are what the points say") {
  Run r = run(himmelblau, momentum, R"("point", "f", "step_norm", "path_length", "dist", "gap", "best_f", "rate")");
  const double minimizers[4][2] = {{3, 2},
                                   {-2.805118086952745, 3.131312518250573},
                                   {-3.779310253377747, -3.283185991286170},
                                   {3.584428340330492, -1.848126526964404}};
  double path = 0, best = HUGE_VAL;
  for (std::size_t k = 0; k <= 40; ++k) {
    const double step = k == 0 ? 0 : std::hypot(r["x"][k] - r["x"][k - 1], r["y"][k] - r["y"][k - 1]);
    path += step;
    best = std::min(best, r["f"][k]);
    double dist = HUGE_VAL;
    for (const auto& m : minimizers) dist = std::min(dist, std::hypot(r["x"][k] - m[0], r["y"][k] - m[1]));
    CHECK(std::fabs(r["step_norm"][k] - step) <= 1e-15 * step);
    CHECK(std::fabs(r["path_length"][k] - path) <= 1e-14 * path);
    CHECK(std::fabs(r["dist"][k] - dist) <= 1e-14);
    CHECK(r["gap"][k] == r["f"][k]);
    CHECK(r["best_f"][k] == best);
    if (k >= 2) CHECK(r["rate"][k] == r["step_norm"][k] / r["step_norm"][k - 1]);
  }
}

TEST_CASE("angles between steps and gradients") {
  Run r = run(himmelblau, momentum, R"("point", "g", "angle", "turn", "lr_eff")");
  CHECK(std::isnan(r["angle"][0]));
  CHECK(std::isnan(r["turn"][1]));
  const auto angle = [](double a, double b, double c, double d) {
    return std::fabs(std::atan2(a * d - b * c, a * c + b * d));  // plane geometry: the cross and the dot product
  };
  for (std::size_t k = 2; k <= 40; ++k) {
    const double sx = r["x"][k] - r["x"][k - 1], sy = r["y"][k] - r["y"][k - 1];
    const double px = r["x"][k - 1] - r["x"][k - 2], py = r["y"][k - 1] - r["y"][k - 2];
    CHECK(std::fabs(r["angle"][k] - angle(sx, sy, -r["g.x"][k - 1], -r["g.y"][k - 1])) <= 1e-14);
    CHECK(std::fabs(r["turn"][k] - angle(sx, sy, px, py)) <= 1e-14);
    CHECK(r["lr_eff.x"][k] == -sx / r["g.x"][k - 1]);
  }
  Run plain = run(himmelblau, R"({"type": "sgd", "lr": 0.01})", R"("angle", "lr_eff")");
  for (std::size_t k = 1; k <= 10; ++k) {
    CHECK(plain["angle"][k] <= 1e-13);  // gradient descent goes along -g
    CHECK(std::fabs(plain["lr_eff.y"][k] - 0.01) <= 1e-12);
  }
  // With lr*lambda = 1.9 gradient descent jumps from wall to wall.
  Run zigzag = run(R"({"definition": "f(x,y) = y^2", "start": [1, 1]})", R"({"type": "sgd", "lr": 0.95})", R"("turn")");
  CHECK(std::fabs(zigzag["turn"][5] - pi) <= 1e-14);
}

TEST_CASE("curvature and the Hessian's eigenvalues") {
  // H = [[3, 1], [1, 2]] has the eigenvalues (5 ± sqrt(5))/2.
  Run r = run(R"({"definition": "f(x,y) = 1.5*x^2 + x*y + y^2", "start": [1, 2]})", R"({"type": "sgd", "lr": 0.1})",
              R"("g", "curvature", "lambda_max", "lambda_min", "condition", "sharpness")");
  const double high = (5 + std::sqrt(5)) / 2, low = (5 - std::sqrt(5)) / 2;
  for (std::size_t k = 0; k <= 20; ++k) {
    const double a = r["g.x"][k], b = r["g.y"][k];
    CHECK(std::fabs(r["curvature"][k] - (3 * a * a + 2 * a * b + 2 * b * b) / (a * a + b * b)) <= 1e-14);
    CHECK(std::fabs(r["lambda_max"][k] - high) <= 1e-14);
    CHECK(std::fabs(r["lambda_min"][k] - low) <= 1e-14);
    CHECK(std::fabs(r["condition"][k] - high / low) <= 1e-13);
    CHECK(std::fabs(r["sharpness"][k] - 0.05 * high) <= 1e-14);
  }
}

TEST_CASE("Lanczos' method finds the ends of the spectrum, also when the space is soon exhausted") {
  const auto ends = [](const std::string& definition, int dim) {
    Run r = run(R"({"definition": ")" + definition + R"(", "start": [0.5], "dim": )" + std::to_string(dim) + "}",
                R"({"type": "sgd"})", R"("lambda_max", "lambda_min")", "");
    return std::pair(r["lambda_min"][0], r["lambda_max"][0]);
  };
  for (const int n : {17, 40, 300}) {
    CAPTURE(n);
    // Eigenvalues k + sin(k), k = 1 … n; and the second difference matrix.
    const auto [low, high] = ends("f(x[n]) = sum(k, 1, n, (k + sin(k))*x[k]^2)/2", n);
    double least = HUGE_VAL, greatest = 0;
    for (int k = 1; k <= n; ++k) {
      least = std::min(least, k + std::sin(k));
      greatest = std::max(greatest, k + std::sin(k));
    }
    CHECK(std::fabs(low - least) <= 1e-8 * greatest);
    CHECK(std::fabs(high - greatest) <= 1e-8 * greatest);
  }
  const auto [low, high] = ends("f(x[n]) = 3*sum(x^2) - x[1]^2", 1000);  // two different eigenvalues
  CHECK(std::fabs(low - 4) <= 1e-12);
  CHECK(std::fabs(high - 6) <= 1e-12);
  const auto [zero, none] = ends("f(x[n]) = sum(x)", 20);
  CHECK(zero == 0);
  CHECK(none == 0);
  // 10^5 equally spaced eigenvalues are too many for 160 steps: no number is better than a wrong one.
  const auto [unknown, top] = ends("f(x[n]) = sum(range(1,n)*x^2)/2 - 1e5*x[1]^2", 100000);
  CHECK(std::fabs(unknown - (1 - 2e5)) <= 1);
  CHECK((std::isnan(top) || std::fabs(top - 1e5) <= 1e3));
}

TEST_CASE("what a rule has evaluated") {
  using Counts = std::array<double, 3>;
  const auto used = [](const std::string& optimizer, const std::string& more = "", Counts at_start = {0, 0, 0}) {
    Run r = run(R"("book")", optimizer, R"("evals_f", "evals_g", "evals_h")", more);
    Counts per_step{};
    const char* names[] = {"evals_f", "evals_g", "evals_h"};
    for (std::size_t k = 0; k < 3; ++k) {
      CHECK(r[names[k]][0] == at_start[k]);
      per_step[k] = (r[names[k]][10] - r[names[k]][0]) / 10;
    }
    return per_step;
  };
  CHECK(used(R"({"type": "adam"})") == Counts{0, 1, 0});
  CHECK(used(R"({"type": "spsa"})") == Counts{2, 0, 0});
  CHECK(used(R"({"label": "sam", "chain": [{"type": "sam"}, {"type": "sgd"}]})") == Counts{0, 2, 0});
  CHECK(used(R"({"type": "newton"})") == Counts{0, 1, 1});
  CHECK(used(R"({"type": "sgd"})", R"(, "gradient": "central")") == Counts{4, 0, 0});
  CHECK(used(R"({"type": "sgd"})", R"(, "gradient": "forward")") == Counts{3, 0, 0});
  // What the first state asks for counts at the start, and once more where the step asks for it again.
  const std::string keeps =
      R"j({"label": "o", "state": {"gx": "grad(x)"}, "update": ["x = x - 0.1*gx", "gx = grad(x)"]})j";
  CHECK(used(keeps, "", {0, 1, 0}) == Counts{0, 1, 0});
}

TEST_CASE("what a column remembers is kept in every step, not only in recorded ones") {
  const std::string config = R"({"function": "himmelblau", "optimizers": [)" + momentum +
                             R"(], "columns": ["step", "path_length", "turn", "best_f", "rate"], "steps": 40})";
  Run all = run_tools::run(config).at(0);
  optexplore::RunOptions options;
  options.every = 7;
  Run some = run_tools::run(config, options).at(0);
  for (std::size_t r = 1; r < some["step"].size(); ++r)
    for (const char* name : {"path_length", "turn", "best_f", "rate"}) {
      const double expected = all[name][static_cast<std::size_t>(some["step"][r])];
      CHECK((some[name][r] == expected || (std::isnan(expected) && std::isnan(some[name][r]))));
    }
}

TEST_CASE("diagnostics in stop conditions, and functions of which too little is known") {
  Run r = run(R"("sphere")", R"({"type": "sgd", "lr": 0.1})", R"("gap")", R"(, "stop": "gap < 1e-3")");
  CHECK(r.status == optexplore::Status::stopped);
  CHECK(r["gap"].back() < 1e-3);
  const std::string unknown = R"({"definition": "f(x,y) = x^4 + y^2", "start": [1, 1]})";
  CHECK(error_of(unknown, momentum, R"("gap")") ==
        "/columns/1: the minimum of f is not known; give the function a \"minimum\"");
  CHECK(error_of(unknown, momentum, R"("dist")").starts_with("/columns/1: no minimizer of f is known"));
  CHECK(error_of(himmelblau, R"({"label": "mine", "update": ["x = x - 0.01*g"]})", R"("sharpness")")
            .find("has no hyperparameter lr") != std::string::npos);
  // Where another function has a minimum, the cell is empty instead.
  const auto runs = run_tools::run(R"({"functions": ["sphere", )" + unknown + R"(], "optimizers": [)" + momentum +
                                   R"(], "columns": ["step", "gap"], "steps": 3, "start": [1, 1]})");
  CHECK(std::isnan(Run(runs.at(1))["gap"][2]));
  CHECK(Run(runs.at(0))["gap"][2] > 0);
}
