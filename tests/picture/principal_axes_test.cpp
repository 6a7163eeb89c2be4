#include "picture/principal_axes.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>
#include <random>

using namespace optexplore::picture;

TEST_CASE("principal directions are those of the spread that the points were made with") {
  for (unsigned seed = 1; seed <= 10; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    const std::size_t dim = 3 + seed;
    // Two orthonormal directions: (3, 4, 0, …)/5 and (-4, 3, 0, …)/5.
    std::vector<std::vector<double>> points;
    for (int i = 0; i < 4000; ++i) {
      const double a = 10 * normal(random), b = 3 * normal(random);
      std::vector<double> point = {0.6 * a - 0.8 * b, 0.8 * a + 0.6 * b};
      while (point.size() < dim) point.push_back(0.1 * normal(random));
      points.push_back(point);
    }
    const auto [directions, share] = principal_axes(points);
    CHECK(directions[0][0] == doctest::Approx(0.6).epsilon(0.03));
    CHECK(directions[0][1] == doctest::Approx(0.8).epsilon(0.03));
    CHECK(std::fabs(directions[1][0]) == doctest::Approx(0.8).epsilon(0.03));
    CHECK(share[0] == doctest::Approx(100.0 / 109).epsilon(0.02));
    CHECK(share[1] == doctest::Approx(9.0 / 109).epsilon(0.1));
    double across = 0, length = 0;
    for (std::size_t i = 0; i < dim; ++i) {
      across += directions[0][i] * directions[1][i];
      length += directions[1][i] * directions[1][i];
    }
    CHECK(std::fabs(across) < 1e-12);
    CHECK(length == doctest::Approx(1));
  }
}

TEST_CASE("points on a line, or all the same, still have two directions at right angles") {
  for (const auto& points : {std::vector<std::vector<double>>{{1, 2, 3}, {2, 4, 6}},
                             std::vector<std::vector<double>>{{0, 0, 0}, {0, 0, 0}}}) {
    const auto directions = principal_axes(points).directions;
    double across = 0;
    for (std::size_t i = 0; i < 3; ++i) across += directions[0][i] * directions[1][i];
    CHECK(std::fabs(across) < 1e-12);
  }
}

TEST_CASE("axes that are missing are coordinates") {
  CHECK(principal_axes({{0, 0, 0}}).directions == std::array<std::vector<double>, 2>{{{1, 0, 0}, {0, 1, 0}}});
  const PrincipalAxes line = principal_axes({{0, -3, 0, 0}, {0, 6, 0, 0}});
  CHECK(line.directions[0][1] == doctest::Approx(1));
  CHECK(line.directions[1] == std::vector<double>{1, 0, 0, 0});
  CHECK(line.share[0] == doctest::Approx(1));
  CHECK(line.share[1] == 0);
  const PrincipalAxes only = principal_axes({{-2}, {3}});
  CHECK(only.directions[0] == std::vector<double>{1});
  CHECK(only.directions[1] == std::vector<double>{0});
}

TEST_CASE("axes in many dimensions are eigenvectors, also with eigenvalues close together") {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  const std::size_t dim = 300;
  std::vector<std::vector<double>> points(400, std::vector<double>(dim));
  for (auto& point : points)
    for (std::size_t i = 0; i < dim; ++i)
      point[i] = (i == 20 ? 3.0 : i == 10 ? 2.9 : 1.0 / static_cast<double>(1 + i)) * normal(random);
  const PrincipalAxes axes = principal_axes(points);
  CHECK(axes.share[0] > axes.share[1]);
  for (const std::vector<double>& v : axes.directions) {
    std::vector<double> image(dim, 0.0);  // the scatter matrix times v
    for (const auto& point : points) {
      const double along = std::inner_product(point.begin(), point.end(), v.begin(), 0.0);
      for (std::size_t i = 0; i < dim; ++i) image[i] += along * point[i];
    }
    const double value = std::inner_product(image.begin(), image.end(), v.begin(), 0.0);
    for (std::size_t i = 0; i < dim; ++i) CHECK(std::fabs(image[i] - value * v[i]) <= 1e-6 * value);
  }
}
