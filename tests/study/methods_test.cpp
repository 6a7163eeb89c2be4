#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "study/run_tools.hpp"

using nlohmann::json;
using run_tools::Run;

namespace {

constexpr const char* quadratic = "f(x,y,z) = x^2 + 3*y^2/2 + 4*z^2 + x*y - y*z + 2*x - z";

std::vector<Run> runs(const std::string& function, const json& start, int steps, const json& optimizer,
                      const std::string& columns = R"("point", "f")", const json& more = json::object()) {
  json config = {{"function", function}, {"start", start}, {"steps", steps}, {"optimizers", {optimizer}}};
  config.update(more);
  std::string text = config.dump();
  text.back() = ',';
  return run_tools::run(text + R"("columns": [)" + columns + "]}");
}

Run one(const std::string& function, const json& start, int steps, const json& optimizer,
        const std::string& columns = R"("point", "f")") {
  return runs(function, start, steps, optimizer, columns).at(0);
}

/// The largest difference of two paths' coordinates.
double apart(Run& a, Run& b, const std::vector<std::string>& coordinates) {
  double worst = 0;
  for (const std::string& name : coordinates)
    for (std::size_t k = 0; k < std::min(a[name].size(), b[name].size()); ++k)
      worst = std::max(worst, std::fabs(a[name][k] - b[name][k]));
  return worst;
}

}  // namespace

TEST_CASE("conjugate directions with exact searches reach a quadratic's minimum in n steps, all on one path") {
  // A line search by cubics and parabolas is exact on a quadratic; c2 asks for that.
  std::vector<Run> paths;
  for (const char* variant :
       {"polak_ribiere", "fletcher_reeves", "hestenes_stiefel", "dai_yuan", "hager_zhang", "beale_sorenson"})
    paths.push_back(one(quadratic, {1, -2, 3}, 3, {{"type", "nonlinear_cg"}, {"variant", variant}, {"c2", 1e-7}}));
  paths.push_back(one(quadratic, {1, -2, 3}, 3, {{"type", "dfp"}, {"c2", 1e-7}}));
  paths.push_back(one(quadratic, {1, -2, 3}, 3, {{"type", "bfgs.scipy"}, {"c2", 1e-7}}));
  Run newton = one(quadratic, {1, -2, 3}, 1, {{"type", "newton"}});
  for (Run& path : paths) {
    CHECK(path["f"][3] - newton["f"][1] < 1e-10);
    CHECK(apart(path, paths[0], {"x", "y", "z"}) < 1e-5);
  }
}

TEST_CASE("sr1 knows a quadratic's Hessian after n steps") {
  Run run = one(quadratic, {1, -2, 3}, 6, {{"type", "sr1"}}, R"("state.B", "f")");
  const double hessian[3][3] = {{2, 1, 0}, {1, 3, -1}, {0, -1, 8}};
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j) {
      const std::string column = "state.B." + std::to_string(i + 1) + "_" + std::to_string(j + 1);
      CHECK(run[column][6] == doctest::Approx(hessian[i][j]).epsilon(1e-9));
    }
}

TEST_CASE("anderson is GMRES on a quadratic: n + 1 steps") {
  Run newton = one(quadratic, {1, -2, 3}, 1, {{"type", "newton"}});
  Run run = one(quadratic, {1, -2, 3}, 4, {{"type", "anderson"}, {"lr", 0.05}, {"memory", 3}});
  CHECK(run["f"][4] - newton["f"][1] < 1e-9);
  CHECK(run["f"][3] - newton["f"][1] > 1e-9);
}

TEST_CASE("spectral_gradient is Barzilai and Borwein's method where no step is shortened") {
  const double g0 = std::sqrt(2.0 * 2 + 6 * 6);
  Run watched = one("f(x,y) = x^2 + 3*y^2/2", {1, -2}, 8, {{"type", "spectral_gradient"}}, R"("point", "evals_f")");
  Run plain = one("f(x,y) = x^2 + 3*y^2/2", {1, -2}, 8, {{"type", "barzilai_borwein"}, {"lr", 1 / g0}});
  CHECK(watched["evals_f"][8] == 9);
  CHECK(apart(watched, plain, {"x", "y"}) < 1e-12);
}

TEST_CASE("proximal_gradient solves the separable lasso at once, fista is within its bound") {
  const json start = {0, 0, 0};
  const std::string f = "f(x,y,z) = ((x - 3)^2 + (y + 0.5)^2 + (z + 2)^2)/2";
  Run run = one(f, start, 1, {{"type", "proximal_gradient"}, {"lr", 1}, {"l1", 1}});
  CHECK(run["x"][1] == 2);
  CHECK(run["y"][1] == 0);
  CHECK(run["z"][1] == -1);
  Run fast = one("f(x,y) = x^2/20 + y^2", {-7, 2}, 100, {{"type", "fista"}, {"lr", 0.5}});
  for (int k = 1; k <= 100; ++k) CHECK(fast["f"][static_cast<std::size_t>(k)] <= 2 * 2 * 53.0 / ((k + 1) * (k + 1)));
  Run sparse = one(f, start, 60, {{"type", "fista"}, {"lr", 0.5}, {"l1", 1}});
  CHECK(sparse["x"][60] == doctest::Approx(2).epsilon(1e-6));
  CHECK(sparse["y"][60] == 0);
}

TEST_CASE("coordinate_descent is Gauss-Seidel on a quadratic") {
  Run run = one("f(x,y) = x^2 + x*y + 2*y^2", {1, -2}, 5, {{"type", "coordinate_descent"}, {"tol", 1e-10}});
  double x = 1, y = -2;
  for (std::size_t k = 1; k <= 5; ++k) {
    x = -y / 2;
    y = -x / 4;
    CHECK(std::fabs(run["x"][k] - x) < 1e-7);
    CHECK(std::fabs(run["y"][k] - y) < 1e-7);
  }
}

TEST_CASE("pattern_search doubles a step that succeeds and shrinks one that doesn't") {
  Run run = one("f(x,y) = x^2 + y^2", {4, 0}, 6, {{"type", "pattern_search"}}, R"("point", "state.h", "evals_f")");
  const std::vector<double> x = {4, 3, 1, 0,
                                 0, 0, 0};  // from 3 the pattern leads to 2, explored to 1; then to -1, to 0
  CHECK(run["x"] == x);
  CHECK(run["y"] == std::vector<double>(7, 0.0));
  CHECK(run["state.h"][6] < 1);
}

TEST_CASE("nelder_mead is SciPy's from the same simplex") {
  const std::string f = "f(x,y) = 100*(y - x^2)^2 + (1 - x)^2";
  Run ours = one(f, {1, 3}, 40, {{"type", "nelder_mead"}, {"size", 0.3}});
  Run theirs = one(f, {1, 3}, 40, {{"type", "nelder_mead.scipy"}, {"nonzdelt", 0.3}});
  CHECK(apart(ours, theirs, {"x", "y"}) > 1e-3);  // 0.3 and 0.9 along y
  ours = one(f, {1, 1.0}, 40, {{"type", "nelder_mead"}, {"size", 0.3}});
  theirs = one(f, {1, 1.0}, 40, {{"type", "nelder_mead.scipy"}, {"nonzdelt", 0.3}});
  CHECK(apart(ours, theirs, {"x", "y"}) < 1e-9);
}

TEST_CASE("methods that compare values see nothing but their order") {
  for (const char* method : {"nelder_mead", "nelder_mead.gsl", "nelder_mead.r", "nelder_mead.scipy", "pattern_search",
                             "cma_es", "xnes", "one_plus_one_es", "differential_evolution", "particle_swarm"}) {
    CAPTURE(method);
    Run plain = one("f(x,y) = x^2/20 + y^2", {-7, 2}, 12, {{"type", method}});
    Run bent = one("f(x,y) = exp(1 + 2*(x^2/20 + y^2))", {-7, 2}, 12, {{"type", method}});
    CHECK(apart(plain, bent, {"x", "y"}) == 0);
    CHECK(plain["x"][12] != plain["x"][0]);
  }
}

TEST_CASE("xnes and one_plus_one_es converge at the rates of their kind on the sphere") {
  // Both fall like exp(-c*evaluations/n); twice the evaluations, twice the digits.
  for (const char* method : {"xnes", "one_plus_one_es", "cma_es"}) {
    CAPTURE(method);
    std::vector<double> logs[2];
    for (Run& run : runs("f(x[n]) = sum(x^2)", {1, 1, 1, 1, 1}, 600, {{"type", method}}, R"("f")", {{"seeds", 21}}))
      for (const int half : {0, 1}) logs[half].push_back(std::log10(run["f"][half == 0 ? 300 : 600]));
    for (auto& values : logs) std::sort(values.begin(), values.end());
    CHECK(logs[0][10] < -2);
    CHECK(logs[1][10] / logs[0][10] == doctest::Approx(2).epsilon(0.35));
  }
}

TEST_CASE("simulated_annealing at no temperature only goes down, and at a high one takes every step") {
  Run cold = one("f(x,y) = x^2/20 + y^2", {-7, 2}, 200, {{"type", "simulated_annealing"}, {"temperature", 1e-300}});
  for (std::size_t k = 1; k <= 200; ++k) CHECK(cold["f"][k] <= cold["f"][k - 1]);
  Run hot = one("f(x,y) = x^2/20 + y^2", {-7, 2}, 200,
                {{"type", "simulated_annealing"}, {"temperature", 1e300}, {"cooling", 1}});
  for (std::size_t k = 1; k <= 200; ++k) CHECK(hot["x"][k] != hot["x"][k - 1]);
}

namespace {

/// Evaluations up to the first value of at most `target`, for each seed; what failed is left out.
std::vector<double> evaluations(const std::string& function, const json& start, const json& optimizer, int steps,
                                double population, double at_start) {
  const double target = 1e-9;
  std::vector<double> counts;
  for (Run& run :
       runs(function, start, steps, optimizer, R"("state.F")", {{"seeds", 51}, {"stop", "min(state.F) <= 1e-9"}})) {
    const std::size_t last = run.steps;
    for (std::size_t i = 1; i <= static_cast<std::size_t>(population); ++i) {
      const double value = run["state.F." + std::to_string(i)][last];
      if (value > target) continue;
      counts.push_back(at_start + static_cast<double>(last - 1) * population + static_cast<double>(i));
      break;
    }
  }
  std::sort(counts.begin(), counts.end());
  return counts;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

}  // namespace

TEST_CASE("cma_es needs as many evaluations as pycma, over 51 seeds") {
  // The mean of two samples of 51 differs by more than 4*sqrt(2) standard errors once in 10^8 comparisons.
  struct Row {
    const char* function;
    int n;
    double start, sigma, population, mean, sd, q25, q75;
  };
  for (const Row& row :
       {Row{"f(x[n]) = sum(x^2)", 2, 1, 0.5, 6, 247.431, 25.001, 231, 262},
        Row{"f(x[n]) = sum(x^2)", 5, 1, 0.5, 8, 709.078, 58.503, 664, 753},
        Row{"f(x[n]) = sum(100*(x[2:n] - x[1:n-1]^2)^2 + (1 - x[1:n-1])^2)", 2, 0, 0.5, 6, 471.255, 82.389, 419, 536},
        Row{"f(x[n]) = sum(10^(6*(range(1, n) - 1)/(n - 1))*x^2)", 5, 3, 1, 8, 1590.333, 126.376, 1518, 1657}}) {
    CAPTURE(row.function);
    CAPTURE(row.n);
    const std::vector<double> counts =
        evaluations(row.function, std::vector<double>(static_cast<std::size_t>(row.n), row.start),
                    {{"type", "cma_es"}, {"sigma", row.sigma}}, 400, row.population, 0);
    REQUIRE(counts.size() == 51);
    const double error = row.sd / std::sqrt(51.0);
    CHECK(std::fabs(mean(counts) - row.mean) <= 4 * std::sqrt(2.0) * error);
    // A quartile's standard error is 1.36 of the mean's for a normal distribution.
    CHECK(std::fabs(counts[12] - row.q25) <= 4 * std::sqrt(2.0) * 1.36 * error);
    CHECK(std::fabs(counts[38] - row.q75) <= 4 * std::sqrt(2.0) * 1.36 * error);
  }
}

TEST_CASE("differential_evolution needs as many evaluations as SciPy's, over 51 seeds") {
  struct Row {
    const char* function;
    int n;
    double lo, hi, population, mean, sd;
  };
  for (const Row& row :
       {Row{"f(x[n]) = sum(x^2)", 2, -5, 5, 30, 766.275, 88.716},
        Row{"f(x[n]) = sum(100*(x[2:n] - x[1:n-1]^2)^2 + (1 - x[1:n-1])^2)", 2, -5, 10, 30, 1276.373, 155.492}}) {
    CAPTURE(row.function);
    const std::vector<double> counts = evaluations(row.function, {row.hi, row.hi},
                                                   {{"type", "differential_evolution"}, {"lo", row.lo}, {"hi", row.hi}},
                                                   200, row.population, row.population);
    REQUIRE(counts.size() == 51);
    CHECK(std::fabs(mean(counts) - row.mean) <= 4 * std::sqrt(2.0) * row.sd / std::sqrt(51.0));
  }
}
