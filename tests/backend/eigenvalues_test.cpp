#include "backend/eigenvalues.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

using optexplore::backend::extreme_eigenvalues;
using optexplore::backend::Extremes;
using optexplore::backend::tridiagonal_eigenvalues;

TEST_CASE("the second difference matrix has the eigenvalues 2 - 2 cos(k pi/(n+1))") {
  for (const std::size_t n : {1, 2, 5, 16, 48, 160}) {
    CAPTURE(n);
    std::vector<double> a(n * n, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
      a[i * n + i] = 2;
      if (i + 1 < n) a[i * n + i + 1] = a[(i + 1) * n + i] = -1;
    }
    const Extremes found = extreme_eigenvalues(a.data(), n);
    const double rounding = 8 * static_cast<double>(n) * 2.2e-16;  // backward error: n roundings of the norm, 4
    const double angle = M_PI / static_cast<double>(n + 1);
    CHECK(std::fabs(found.lowest - (2 - 2 * std::cos(angle))) <= rounding);
    CHECK(std::fabs(found.highest - (2 + 2 * std::cos(angle))) <= rounding);
    // Eigenvectors sin(i k pi/(n+1)) of norm sqrt((n+1)/2).
    const double end = std::fabs(std::sin(static_cast<double>(n) * angle)) / std::sqrt(static_cast<double>(n + 1) / 2);
    CHECK(std::fabs(found.lowest_end - end) <= 1e-13);
    CHECK(std::fabs(found.highest_end - end) <= 1e-13);

    std::vector<double> diagonal(n, 2e200), off(n, -1e200);  // scaled, and with an element too many
    const Extremes same = tridiagonal_eigenvalues(diagonal.data(), off.data(), n);
    CHECK(std::fabs(same.lowest / 1e200 - found.lowest) <= rounding);
    CHECK(std::fabs(same.highest / 1e200 - found.highest) <= rounding);
    CHECK(std::fabs(same.lowest_end - end) <= 1e-12);
    CHECK(std::fabs(same.highest_end - end) <= 1e-12);
  }
}

TEST_CASE("a matrix made of known eigenvalues and random reflections") {
  std::mt19937_64 random(5);
  std::normal_distribution<double> normal;
  constexpr std::size_t n = 9;
  for (int round = 0; round < 50; ++round) {
    std::vector<double> a(n * n, 0.0), values(n);
    for (std::size_t i = 0; i < n; ++i)
      a[i * n + i] = values[i] = std::exp(3 * normal(random)) * (normal(random) > 0 ? 1 : -1);
    for (int reflection = 0; reflection < 4; ++reflection) {
      std::vector<double> v(n);
      double length = 0;
      for (double& x : v) {
        x = normal(random);
        length += x * x;
      }
      const auto reflect = [&](std::size_t start, std::size_t stride) {
        double dot = 0;
        for (std::size_t k = 0; k < n; ++k) dot += v[k] * a[start + k * stride];
        for (std::size_t k = 0; k < n; ++k) a[start + k * stride] -= 2 * dot / length * v[k];
      };
      for (std::size_t i = 0; i < n; ++i) reflect(i * n, 1);
      for (std::size_t j = 0; j < n; ++j) reflect(j, n);
    }
    double low = values[0], high = values[0], scale = 0;
    for (const double value : values) {
      low = std::fmin(low, value);
      high = std::fmax(high, value);
      scale = std::fmax(scale, std::fabs(value));
    }
    const Extremes found = extreme_eigenvalues(a.data(), n);
    CHECK(std::fabs(found.lowest - low) <= 1e-13 * scale);
    CHECK(std::fabs(found.highest - high) <= 1e-13 * scale);
  }
}

TEST_CASE("what is not finite has no eigenvalues") {
  std::vector<double> a = {1, std::numeric_limits<double>::infinity(), 0, 1};
  CHECK(std::isnan(extreme_eigenvalues(a.data(), 2).highest));
  std::vector<double> zero(4, 0.0);
  CHECK(extreme_eigenvalues(zero.data(), 2).highest == 0);
}

TEST_CASE("the spectral radius of matrices that are not symmetric") {
  using optexplore::backend::spectral_radius;
  const std::vector<double> turn = {0, -2, 2, 0};  // ±2i
  CHECK(spectral_radius(turn.data(), 2) == doctest::Approx(2).epsilon(1e-15));
  const std::vector<double> companion = {0, 1, 0, 0, 0, 1, -6, 5, 2};  // (z - 1)(z + 2)(z - 3)
  CHECK(spectral_radius(companion.data(), 3) == doctest::Approx(3).epsilon(1e-13));
  const std::vector<double> infinite = {0, std::numeric_limits<double>::infinity(), 0, 0};
  CHECK(std::isnan(spectral_radius(infinite.data(), 2)));
}
