#include "study/expansion.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "study/run_tools.hpp"

using optexplore::read_experiment;
using optexplore::study::Expansion;

namespace {

Expansion expand(const optexplore::Experiment& experiment) {
  return {experiment, experiment.functions[0], experiment.optimizers[0]};
}

}  // namespace

TEST_CASE("settings vary slowest, then starts, then seeds; of two settings the first is slower") {
  const auto experiment = read_experiment(
      R"({"function": "book", "start": {"points": [[1, 2], [3, 4], [5, 6]]}, "seed": 10, "seeds": 2,
          "optimizers": [{"type": "momentum", "lr": [0.1, 0.2], "momentum": {"linear": [0, 1, 3]}}]})",
      "test");
  const Expansion expansion = expand(experiment);
  REQUIRE(expansion.runs() == 2 * 3 * 3 * 2);
  std::uint64_t run = 0;
  for (const double lr : {0.1, 0.2})
    for (const double momentum : {0.0, 0.5, 1.0})
      for (const double x : {1.0, 3.0, 5.0})
        for (const std::uint64_t seed : {10, 11}) {
          CHECK(expansion.hyperparameters(run) == std::vector<double>{lr, momentum, 0});
          CHECK(expansion.start(run) == std::vector<double>{x, x + 1});
          CHECK(expansion.seed(run) == seed);
          ++run;
        }
}

TEST_CASE("ranges hit their ends exactly and are spaced as they say") {
  const auto experiment = read_experiment(
      R"({"function": "book", "start": {"grid": [[-1, 1, 3], [0, 10, 2]]},
          "optimizers": [{"type": "sgd", "lr": {"log": [1e-4, 1, 5]}}]})",
      "test");
  const Expansion expansion = expand(experiment);
  REQUIRE(expansion.runs() == 5 * 6);
  CHECK(expansion.hyperparameters(0)[0] == 1e-4);
  CHECK(expansion.hyperparameters(29)[0] == 1.0);
  for (std::uint64_t i = 0; i < 5; ++i)
    CHECK(expansion.hyperparameters(6 * i)[0] ==
          doctest::Approx(std::pow(10.0, static_cast<double>(i) - 4)).epsilon(1e-14));
  CHECK(expansion.start(0) == std::vector<double>{-1, 0});
  CHECK(expansion.start(1) == std::vector<double>{-1, 10});
  CHECK(expansion.start(5) == std::vector<double>{1, 10});
}

TEST_CASE("random settings and starts stay in their box, differ, and depend on the seed alone") {
  const std::string config =
      R"({"function": "himmelblau", "start": {"domain": 50}, "seed": SEED,
          "optimizers": [{"type": "sgd", "lr": {"loguniform": [1e-3, 1e-1]}, "samples": 40}]})";
  const auto with_seed = [&](const std::string& seed) {
    std::string text = config;
    return read_experiment(text.replace(text.find("SEED"), 4, seed), "test");
  };
  const auto one = with_seed("1"), same = with_seed("1"), other = with_seed("2");
  const Expansion a = expand(one), b = expand(same), c = expand(other);
  REQUIRE(a.runs() == 2000);
  std::set<double> rates;
  double mean = 0;
  for (std::uint64_t run = 0; run < 2000; ++run) {
    const double lr = a.hyperparameters(run)[0];
    CHECK((lr >= 1e-3 && lr <= 1e-1));
    rates.insert(lr);
    mean += std::log10(lr) / 2000;
    for (const double x : a.start(run)) CHECK((x >= -5 && x <= 5));
    CHECK(a.hyperparameters(run) == b.hyperparameters(run));
    CHECK(a.start(run) == b.start(run));
  }
  CHECK(rates.size() == 40);
  CHECK(mean == doctest::Approx(-2).epsilon(0.15));
  CHECK(a.hyperparameters(0) != c.hyperparameters(0));
  CHECK(a.start(0) != c.start(0));
}

TEST_CASE("normal starts have the mean and spread asked for") {
  const auto experiment = read_experiment(
      R"({"function": "himmelblau", "start": {"normal": [[1, 0.5], [-3, 2]], "count": 4000}, "seed": 4,
          "optimizers": [{"type": "sgd"}]})",
      "test");
  const Expansion expansion = expand(experiment);
  REQUIRE(expansion.runs() == 4000);
  double sum[2] = {0, 0}, squares[2] = {0, 0}, product = 0;
  for (std::uint64_t run = 0; run < 4000; ++run) {
    const std::vector<double> point = expansion.start(run);
    const double z[2] = {(point[0] - 1) / 0.5, (point[1] + 3) / 2};
    for (int i = 0; i < 2; ++i) {
      sum[i] += z[i];
      squares[i] += z[i] * z[i];
    }
    product += z[0] * z[1];
  }
  // Within four standard errors: 1/sqrt(4000), sqrt(2/4000).
  for (int i = 0; i < 2; ++i) {
    CHECK(std::abs(sum[i] / 4000) < 4 * 0.0158);
    CHECK(std::abs(squares[i] / 4000 - 1) < 4 * 0.0224);
  }
  CHECK(std::abs(product / 4000) < 4 * 0.0158);
}
