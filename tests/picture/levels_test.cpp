#include "picture/levels.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using optexplore::picture::choose_levels;
using optexplore::picture::Levels;

namespace {

/// Rosenbrock's valley on a grid, for a picture of which levels that are evenly spaced in f show the rim alone.
std::vector<double> rosenbrock() {
  std::vector<double> values;
  for (int i = 0; i <= 100; ++i)
    for (int j = 0; j <= 100; ++j) {
      const double x = -2 + 0.04 * i, y = -1 + 0.04 * j;
      values.push_back(100 * (y - x * x) * (y - x * x) + (1 - x) * (1 - x));
    }
  return values;
}

}  // namespace

TEST_CASE("levels rise, are evenly spaced in the logarithm and lie where the values are") {
  const std::vector<double> values = rosenbrock();
  const Levels levels = choose_levels(values, 0.0);
  CHECK(levels.base == 0);
  REQUIRE(levels.gaps.size() == 12);
  for (std::size_t i = 1; i < levels.gaps.size(); ++i)
    CHECK(levels.gaps[i] / levels.gaps[i - 1] == doctest::Approx(levels.gaps[1] / levels.gaps[0]));
  const auto share_below = [&](double level) {
    double count = 0;
    for (const double v : values) count += v < level ? 1 : 0;
    return count / static_cast<double>(values.size());
  };
  CHECK(share_below(levels.gaps.front()) == doctest::Approx(0.01).epsilon(0.1));
  CHECK(share_below(levels.gaps.back()) == doctest::Approx(0.97).epsilon(0.01));
  CHECK(levels.gaps.back() / levels.gaps.front() > 1000);  // the valley, too
}

TEST_CASE("without a known minimum the least value seen is the base, and a value below a known one corrects it") {
  const std::vector<double> values = {5, 3, 4, 9, 100, 7};
  CHECK(choose_levels(values, std::nullopt).base == 3);
  CHECK(choose_levels(values, 1.0).base == 1);
  CHECK(choose_levels(values, 3.5).base == 3);
}

TEST_CASE("values that are not finite are ignored, and nothing to draw gives no levels") {
  const double inf = std::numeric_limits<double>::infinity();
  std::vector<double> values = rosenbrock();
  const Levels plain = choose_levels(values, 0.0);
  values.insert(values.end(), {inf, -inf, std::nan("")});
  CHECK(choose_levels(values, 0.0).gaps == plain.gaps);
  CHECK(choose_levels(std::vector<double>{std::nan(""), inf}, 0.0).gaps.empty());
  CHECK(choose_levels(std::vector<double>(50, 3.0), std::nullopt).gaps.empty());
  CHECK(choose_levels(std::vector<double>{}, std::nullopt).gaps.empty());
}

TEST_CASE("values that span little get few levels, and wells of any depth no more than five decades") {
  std::vector<double> flat, deep;
  for (int i = 0; i < 1000; ++i) {
    flat.push_back(10 + i * 1e-4);
    deep.push_back(std::pow(10, -0.1 * i));
  }
  CHECK(choose_levels(flat, 0.0).gaps.size() == 2);
  const Levels levels = choose_levels(deep, 0.0);
  CHECK(levels.gaps.back() / levels.gaps.front() <= 1.0001e5);
}
