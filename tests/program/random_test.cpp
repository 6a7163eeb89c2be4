#include "program/random.hpp"

#include <Random123/philox.h>
#include <doctest/doctest.h>

#include <cmath>
#include <set>
#include <vector>

using optexplore::language::Draw;
using optexplore::program::draw;
using optexplore::program::RandomKey;

namespace {

constexpr int count = 200'000;

struct Moments {
  double mean = 0, variance = 0, skewness = 0, kurtosis = 0;
};

template <class F>
Moments moments(F value) {
  Moments m;
  std::vector<double> v(count);
  for (int i = 0; i < count; ++i) m.mean += (v[static_cast<std::size_t>(i)] = value(static_cast<std::uint64_t>(i)));
  m.mean /= count;
  for (const double x : v) {
    const double d = x - m.mean;
    m.variance += d * d / count;
    m.skewness += d * d * d / count;
    m.kurtosis += d * d * d * d / count;
  }
  return m;
}

}  // namespace

// Random123's tests/kat_vectors, philox4x64 with 10 rounds: counter, key, result.
TEST_CASE("the generator is Philox4x64-10") {
  using Philox = r123::Philox4x64;
  const auto is = [](Philox::ctr_type counter, Philox::key_type key, Philox::ctr_type result) {
    return Philox()(counter, key) == result;
  };
  CHECK(
      is({{0, 0, 0, 0}}, {{0, 0}}, {{0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b, 0x7e68b68aec7ba23b}}));
  const std::uint64_t ones = ~0ULL;
  CHECK(is({{ones, ones, ones, ones}}, {{ones, ones}},
           {{0x87b092c3013fe90b, 0x438c3c67be8d0224, 0x9cc7d7c69cd777b6, 0xa09caebf594f0ba0}}));
  CHECK(is({{0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89}},
           {{0x452821e638d01377, 0xbe5466cf34e90c6c}},
           {{0xa528f45403e61d95, 0x38c72dbd566e9788, 0xa5a1610e72fd18b5, 0x57bd43b5e52b7fe6}}));
}

TEST_CASE("draws are made of the known answer for counter and key zero") {
  const double u0 = static_cast<double>(0x16554d9eca36314cULL >> 11U) / 0x1p53;
  const double u1 = static_cast<double>(0xdb20fe9d672d0fdcULL >> 11U) / 0x1p53;
  CHECK(draw(Draw::uniform, {0, 0}, 0, 0, 0) == u0);
  CHECK(draw(Draw::rademacher, {0, 0}, 0, 0, 0) == -1);  // the highest bit is 0
  CHECK(draw(Draw::normal, {0, 0}, 0, 0, 0) ==
        doctest::Approx(std::sqrt(-2 * std::log1p(-u0)) * std::cos(2 * M_PI * u1)).epsilon(1e-14));
}

TEST_CASE("a draw depends on each of its arguments and on nothing else") {
  std::set<double> seen;
  const auto see = [&](RandomKey key, std::uint64_t step, std::uint32_t site, std::uint64_t coordinate) {
    const double u = draw(Draw::uniform, key, step, site, coordinate);
    CHECK(draw(Draw::uniform, key, step, site, coordinate) == u);
    seen.insert(u);
  };
  for (std::uint64_t i = 0; i < 10; ++i)
    for (std::uint64_t j = 1; j < 10; ++j) {
      see({j, i}, 0, 0, 0);
      see({0, j}, i, 0, 0);
      see({0, 0}, j, static_cast<std::uint32_t>(i), 0);
      see({0, 0}, 0, static_cast<std::uint32_t>(j), i);
    }
  CHECK(seen.size() == 360);
  see({1ULL << 63U, 0}, 0, 0, 0);
  see({0, 1ULL << 63U}, 0, 0, 0);
  see({0, 0}, 1ULL << 63U, 0, 0);
  see({0, 0}, 0, 1U << 31U, 0);
  see({0, 0}, 0, 0, 1ULL << 63U);
  CHECK(seen.size() == 365);
}

// Bounds of 5 standard errors; the draws are fixed, so the test can't fail by chance.
TEST_CASE("uniform draws have a uniform's range and moments") {
  const Moments m = moments([](std::uint64_t i) { return draw(Draw::uniform, {1, 2}, 3, 0, i); });
  CHECK(std::fabs(m.mean - 0.5) < 5 * std::sqrt(1.0 / 12 / count));
  CHECK(std::fabs(m.variance - 1.0 / 12) < 5 * std::sqrt(1.0 / 180 / count));
  for (int i = 0; i < count; ++i) {
    const double u = draw(Draw::uniform, {1, 2}, 3, 0, static_cast<std::uint64_t>(i));
    if (!(u >= 0 && u < 1)) FAIL("outside [0,1): ", u);
  }
}

TEST_CASE("normal draws have a normal's moments and tails") {
  const Moments m = moments([](std::uint64_t i) { return draw(Draw::normal, {5, 0}, i, 1, 0); });
  CHECK(std::fabs(m.mean) < 5 / std::sqrt(count));
  CHECK(std::fabs(m.variance - 1) < 5 * std::sqrt(2.0 / count));
  CHECK(std::fabs(m.skewness) < 5 * std::sqrt(15.0 / count));
  CHECK(std::fabs(m.kurtosis - 3) < 5 * std::sqrt(96.0 / count));
  int beyond_two = 0;
  for (int i = 0; i < count; ++i)
    beyond_two += std::fabs(draw(Draw::normal, {5, 0}, static_cast<std::uint64_t>(i), 1, 0)) > 2 ? 1 : 0;
  const double p = std::erfc(std::sqrt(2.0));
  CHECK(std::fabs(beyond_two - p * count) < 5 * std::sqrt(p * (1 - p) * count));
}

TEST_CASE("Rademacher draws are fair signs") {
  const Moments m = moments([](std::uint64_t i) {
    const double s = draw(Draw::rademacher, {5, i}, 0, 0, 0);
    if (s != 1 && s != -1) FAIL("not a sign: ", s);
    return s;
  });
  CHECK(std::fabs(m.mean) < 5 / std::sqrt(count));
}

TEST_CASE("draws of neighbouring runs, steps and coordinates are uncorrelated") {
  const auto correlation = [](auto first, auto second) {
    double sum = 0;
    for (std::uint64_t i = 0; i < count; ++i) sum += first(i) * second(i);
    return std::fabs(sum / count);
  };
  const auto base = [](std::uint64_t i) { return draw(Draw::normal, {1, 0}, i, 0, 0); };
  CHECK(correlation(base, [](std::uint64_t i) { return draw(Draw::normal, {1, 1}, i, 0, 0); }) < 5 / std::sqrt(count));
  CHECK(correlation(base, [](std::uint64_t i) {
          return draw(Draw::normal, {1, 0}, i + 1, 0, 0);
        }) < 5 / std::sqrt(count));
  CHECK(correlation(base, [](std::uint64_t i) { return draw(Draw::normal, {1, 0}, i, 0, 1); }) < 5 / std::sqrt(count));
  CHECK(correlation(base, [](std::uint64_t i) { return draw(Draw::normal, {2, 0}, i, 0, 0); }) < 5 / std::sqrt(count));
}
