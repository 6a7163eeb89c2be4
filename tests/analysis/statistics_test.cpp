#include "analysis/statistics.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

using namespace optexplore::analysis;

namespace {
constexpr double inf = std::numeric_limits<double>::infinity();
}

TEST_CASE("Wilson's interval") {
  // Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 1998, table I,
  // method 3.
  struct Row {
    double successes, trials, low, high;
  };
  for (const Row& row : {Row{81, 263, 0.2553, 0.3662}, Row{15, 148, 0.0624, 0.1605}, Row{0, 20, 0.0, 0.1611},
                         Row{1, 29, 0.0061, 0.1718}}) {
    const Bounds bounds = wilson(row.successes, row.trials);
    CHECK(std::round(bounds.low * 1e4) == std::round(row.low * 1e4));
    CHECK(std::round(bounds.high * 1e4) == std::round(row.high * 1e4));
  }
  // Its ends solve |share - p| = z sqrt(p (1 - p) / n).
  const double z = 1.959963984540054;
  for (int n = 1; n <= 40; ++n)
    for (int k = 0; k <= n; ++k) {
      const Bounds bounds = wilson(k, n);
      const double share = static_cast<double>(k) / n;
      for (const double p : {bounds.low, bounds.high}) {
        CHECK(std::abs(share - p) == doctest::Approx(z * std::sqrt(p * (1 - p) / n)).epsilon(1e-9));
        CHECK((p >= 0 && p <= 1));
      }
      // Failures and successes change places.
      CHECK(bounds.low == doctest::Approx(1 - wilson(n - k, n).high));
    }
  CHECK(std::isnan(wilson(0, 0).low));
}

TEST_CASE("Quantiles") {
  // numpy.quantile([1, 2, 4, 8], [0.25, 0.5, 0.75, 0.9])
  const std::vector<double> values = {1, 2, 4, 8};
  CHECK(quantile(values, 0) == 1);
  CHECK(quantile(values, 0.25) == 1.75);
  CHECK(quantile(values, 0.5) == 3);
  CHECK(quantile(values, 0.75) == 5);
  CHECK(quantile(values, 0.9) == doctest::Approx(6.8));
  CHECK(quantile(values, 1) == 8);
  CHECK(quantile(std::vector<double>{7}, 0.3) == 7);
  CHECK(std::isnan(quantile(std::vector<double>{}, 0.5)));
  CHECK(quantile(std::vector<double>{1, 2, inf, inf}, 0.5) == inf);
  CHECK(quantile(std::vector<double>{1, 2, inf}, 0.5) == 2);
  CHECK(quantile(std::vector<double>{inf, inf}, 0.5) == inf);
  CHECK(quantile(std::vector<double>{-inf, -inf, 3}, 0.25) == -inf);
}

TEST_CASE("Quantiles of counted values are those of the written-out sample") {
  const unsigned seed = 20261123;
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (int trial = 0; trial < 300; ++trial) {
    const std::size_t size = 1 + random() % 12;
    std::vector<double> values;
    std::vector<std::uint32_t> counts;
    for (std::size_t i = 0; i < size; ++i) {
      values.push_back(random() % 10 == 0 ? inf : static_cast<double>(random() % 1000) / 7);
      counts.push_back(random() % 4);
    }
    std::sort(values.begin(), values.end());
    std::vector<double> sample;
    for (std::size_t i = 0; i < size; ++i) sample.insert(sample.end(), counts[i], values[i]);
    for (const double p : {0.0, 0.025, 0.25, 0.5, 0.77, 1.0}) {
      if (sample.empty())
        CHECK(std::isnan(quantile(values, counts, p)));
      else
        CHECK(quantile(values, counts, p) == quantile(sample, p));
    }
  }
}

TEST_CASE("Expected running time") {
  // All solved: the mean.
  CHECK(expected_running_time(10 + 20 + 60, 3) == 30);
  // Two of three solved with 10 and 20, the third gave up after 100: (10 + 20 + 100) / 2.
  CHECK(expected_running_time(130, 2) == 65);
  CHECK(expected_running_time(300, 0) == inf);
}

TEST_CASE("Ranks share ties") {
  CHECK(ranks(std::vector<double>{3, 1, 2}) == std::vector<double>{3, 1, 2});
  CHECK(ranks(std::vector<double>{1, 1, 2}) == std::vector<double>{1.5, 1.5, 3});
  CHECK(ranks(std::vector<double>{5, 5, 5, 5}) == std::vector<double>{2.5, 2.5, 2.5, 2.5});
  CHECK(ranks(std::vector<double>{inf, 0, inf, -1}) == std::vector<double>{3.5, 2, 3.5, 1});
  CHECK(ranks(std::vector<double>{}).empty());
  // Whatever the ties, the ranks of n values sum to n (n + 1) / 2.
  const std::vector<double> r = ranks(std::vector<double>{4, 4, 2, 9, 9, 9, 1});
  double sum = 0;
  for (const double value : r) sum += value;
  CHECK(sum == 28);
}
