#include "analysis/parting.hpp"

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

analysis::Parting compare(const std::string& a, const std::string& b) {
  return analysis::compare(analysis::only_run(experiment(a)), analysis::only_run(experiment(b)));
}

const std::string adam = R"({"type": "adam", "lr": 0.3})";
const std::string keras = R"({"type": "adam.keras", "lr": 0.3})";

}  // namespace

TEST_CASE("an optimizer agrees with itself to the last bit") {
  const analysis::Parting parting = compare(adam, adam);
  CHECK_FALSE(parting.parted);
  CHECK(parting.largest == 0);
  CHECK(parting.agree(0));
  CHECK(parting.steps_a == 60);
  CHECK(parting.status_b == Status::max_steps);
}

TEST_CASE("the gaps are those of two separate runs, at 1, 2, 5, 10, … and the last step") {
  const analysis::Parting parting = compare(adam, keras);
  std::vector<run_tools::Run> a = run_tools::run(head + adam + "]}"), b = run_tools::run(head + keras + "]}");
  const std::vector<std::uint64_t> steps = {1, 2, 5, 10, 20, 50, 60};
  REQUIRE(parting.gaps.size() == steps.size());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const std::uint64_t k = steps[i];
    CHECK(parting.gaps[i].step == k);
    CHECK(parting.gaps[i].point ==
          std::max(std::fabs(a[0]["x"][k] - b[0]["x"][k]), std::fabs(a[0]["y"][k] - b[0]["y"][k])));
    CHECK(parting.gaps[i].value() == std::fabs(a[0]["f"][k] - b[0]["f"][k]));
  }
  CHECK(parting.parted);
  CHECK(parting.first_step == 1);
  CHECK(parting.coordinate == "x");
  CHECK(parting.first_a == a[0]["x"][1]);
  CHECK(parting.first_b == b[0]["x"][1]);
  double largest = 0;
  for (std::size_t k = 0; k <= 60; ++k)
    for (const char* name : {"x", "y"}) {
      const double u = a[0][name][k], v = b[0][name][k];
      largest = std::max(largest, std::fabs(u - v) / std::max({1.0, std::fabs(u), std::fabs(v)}));
    }
  CHECK(parting.largest == largest);
  CHECK_FALSE(parting.agree(largest / 2));
  CHECK(parting.agree(largest));
}

TEST_CASE("a difference of rounding is no parting") {
  const analysis::Parting parting = compare(R"({"update": ["x = x - 0.3*g"]})", R"({"update": ["x = x - 3*g/10"]})");
  CHECK_FALSE(parting.parted);
  CHECK(parting.largest > 0);
  CHECK(parting.largest < 1e-13);
}

TEST_CASE("runs that end differently do not agree, however near they are") {
  const analysis::Parting parting = compare(R"({"type": "sgd", "lr": 0.1})", R"({"type": "sgd", "lr": 1e200})");
  CHECK(parting.status_b == Status::diverged);
  CHECK(parting.steps_b < 60);
  CHECK(parting.status_a == Status::max_steps);
  CHECK_FALSE(parting.agree(std::numeric_limits<double>::infinity()));
  const analysis::Parting both = compare(R"({"type": "sgd", "lr": 1e200})", R"({"type": "sgd", "lr": 1e200})");
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
