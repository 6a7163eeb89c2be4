#include "analysis/trajectory_diff.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optexplore/error.hpp>

#include "study/run_tools.hpp"

using namespace optexplore;

namespace {

const std::string head = R"({"function": "book", "steps": 60, "optimizers": [)";

Experiment experiment(const std::string& optimizer) { return read_experiment(head + optimizer + "]}", "test"); }

analysis::TrajectoryDiff compare(const Experiment& a, const Experiment& b, const analysis::Trial& trial = {}) {
  using analysis::only_run;
  return analysis::compare(only_run(a, trial), only_run(b, trial), only_run(a, trial, analysis::nudge));
}

analysis::TrajectoryDiff compare(const std::string& a, const std::string& b) {
  return compare(experiment(a), experiment(b));
}

const std::string adam = R"({"type": "adam", "lr": 0.3})";
const std::string keras = R"({"type": "adam.keras", "lr": 0.3})";

}  // namespace

TEST_CASE("an optimizer agrees with itself to the last bit") {
  const analysis::TrajectoryDiff diff = compare(adam, adam);
  CHECK_FALSE(diff.differ);
  CHECK(diff.largest == 0);
  CHECK(diff.agree(0));
  CHECK(diff.steps_a == 60);
  CHECK(diff.status_b == Status::max_steps);
}

TEST_CASE("the gaps are those of two separate runs, at 1, 2, 5, 10, … and the last step") {
  const analysis::TrajectoryDiff diff = compare(adam, keras);
  std::vector<run_tools::Run> a = run_tools::run(head + adam + "]}"), b = run_tools::run(head + keras + "]}");
  const std::vector<std::uint64_t> steps = {1, 2, 5, 10, 20, 50, 60};
  REQUIRE(diff.gaps.size() == steps.size());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const std::uint64_t k = steps[i];
    CHECK(diff.gaps[i].step == k);
    CHECK(diff.gaps[i].point ==
          std::max(std::fabs(a[0]["x"][k] - b[0]["x"][k]), std::fabs(a[0]["y"][k] - b[0]["y"][k])));
    CHECK(diff.gaps[i].value() == std::fabs(a[0]["f"][k] - b[0]["f"][k]));
  }
  CHECK(diff.differ);
  CHECK(diff.first_step == 1);
  CHECK(diff.coordinate == "x");
  CHECK(diff.first_a == a[0]["x"][1]);
  CHECK(diff.first_b == b[0]["x"][1]);
  double largest = 0;
  for (std::size_t k = 0; k <= 60; ++k)
    for (const char* name : {"x", "y"}) {
      const double u = a[0][name][k], v = b[0][name][k];
      largest = std::max(largest, std::fabs(u - v) / std::max({1.0, std::fabs(u), std::fabs(v)}));
    }
  CHECK(diff.largest == largest);
  CHECK_FALSE(diff.agree(largest / 2));
  CHECK(diff.agree(largest));
}

TEST_CASE("a difference of rounding is no diff") {
  const analysis::TrajectoryDiff diff =
      compare(R"({"update": ["x = x - 0.3*g"]})", R"({"update": ["x = x - 3*g/10"]})");
  CHECK_FALSE(diff.differ);
  CHECK(diff.largest > 0);
  CHECK(diff.largest < 1e-13);
}

TEST_CASE("runs that end differently do not agree, however near they are") {
  const analysis::TrajectoryDiff diff = compare(R"({"type": "sgd", "lr": 0.1})", R"({"type": "sgd", "lr": 1e200})");
  CHECK(diff.status_b == Status::diverged);
  CHECK(diff.steps_b < 60);
  CHECK(diff.status_a == Status::max_steps);
  CHECK_FALSE(diff.agree(std::numeric_limits<double>::infinity()));
  const analysis::TrajectoryDiff both = compare(R"({"type": "sgd", "lr": 1e200})", R"({"type": "sgd", "lr": 1e200})");
  CHECK(both.agree(0));  // both reach the same infinities
}

TEST_CASE("a gap of values that are no numbers") {
  constexpr double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(analysis::Gap{0, 0, inf, inf}.value() == 0);
  CHECK(analysis::Gap{0, 0, nan, nan}.value() == 0);
  CHECK(analysis::Gap{0, 0, nan, 1}.value() == inf);
  CHECK(analysis::Gap{0, 0, -inf, 1}.value() == inf);
}

TEST_CASE("each side must be one run") {
  CHECK_THROWS_AS(compare(adam, R"({"type": "sgd", "lr": [0.1, 0.2]})"), InputError);
}

TEST_CASE("rounding that a chaotic path multiplies is no difference") {
  const auto on_rastrigin = [](const std::string& optimizer) {
    return read_experiment(R"({"function": "rastrigin", "steps": 60, "optimizers": [)" + optimizer + "]}", "test");
  };
  const std::string torch = R"({"type": "momentum", "lr": 0.01})";
  const analysis::TrajectoryDiff same =
      compare(on_rastrigin(torch), on_rastrigin(R"({"type": "momentum.dlfs", "lr": 0.01})"));
  double largest = 0;
  for (const analysis::Gap& gap : same.gaps) largest = std::max(largest, gap.point);
  CHECK(largest > 1e-8);
  CHECK_FALSE(same.differ);
  CHECK(same.grown > 0);
  CHECK(same.largest <= 1e-12);
  const analysis::TrajectoryDiff other =
      compare(on_rastrigin(torch), on_rastrigin(R"({"type": "momentum", "lr": 0.0100000001})"));
  CHECK(other.differ);
  CHECK(other.first_step == 1);
  CHECK(other.largest > 1e-9);
}

TEST_CASE("together the functions that are tried tell Adam from AMSGrad, and the noise is the same for both") {
  const std::vector<std::string> functions = analysis::telling_functions();
  std::string list;
  for (const std::string& function : functions) list += (list.empty() ? "\"" : ", \"") + function + "\"";
  const auto on_all = [&](const std::string& type) {
    return read_experiment(
        R"({"steps": 300, "functions": [)" + list + R"(], "optimizers": [{"type": ")" + type + "\"}]}", "test");
  };
  bool noisy = false, told = false;
  for (const analysis::Trial& trial : analysis::telling_trials(functions.size())) {
    CHECK(compare(on_all("adam"), on_all("adam.torch"), trial).agree(0));
    told = told || compare(on_all("adam"), on_all("amsgrad"), trial).differ;
    if (!trial.noisy) continue;
    noisy = true;
    const analysis::TrajectoryDiff quiet = compare(on_all("sgd"), on_all("sgd"), {trial.function, false});
    const analysis::TrajectoryDiff loud = compare(on_all("sgd"), on_all("sgd"), trial);
    CHECK(loud.agree(0));
    CHECK(loud.gaps.front().value_a != quiet.gaps.front().value_a);
  }
  CHECK(noisy);
  CHECK(told);
}
