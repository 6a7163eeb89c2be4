#include "picture/thinning.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>

using optexplore::picture::CurveThinner;
using optexplore::picture::PathThinner;

namespace {

struct Row {
  double step, x, y;
};

/// A random walk with pauses, straight stretches and jumps.
std::vector<Row> random_path(std::mt19937_64& random, std::size_t count) {
  std::uniform_real_distribution<double> uniform(-1, 1);
  std::vector<Row> rows;
  double x = 0, y = 0, vx = 0, vy = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (uniform(random) > 0.9) vx = uniform(random), vy = uniform(random);
    if (uniform(random) > 0.99) vx = 40 * uniform(random);
    const double noise = uniform(random) > 0.5 ? 0.3 : 0.0;
    x += vx + noise * uniform(random);
    y += vy + noise * uniform(random);
    rows.push_back({static_cast<double>(i), x, y});
  }
  return rows;
}

double distance(const Row& p, const Row& a, const Row& b) {
  const double dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
  const double t = length > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0.0, 1.0) : 0;
  return std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

std::vector<Row> thin(PathThinner& thinner, const std::vector<Row>& rows, std::size_t needed_every = 0) {
  for (std::size_t i = 0; i < rows.size(); ++i)
    thinner.add(std::vector<double>{rows[i].step, rows[i].x, rows[i].y}, needed_every > 0 && i % needed_every == 0);
  const std::vector<double> values = thinner.finish();
  std::vector<Row> result;
  for (std::size_t i = 0; i < values.size(); i += 3) result.push_back({values[i], values[i + 1], values[i + 2]});
  return result;
}

/// How far the rows are from the part of the thinned line that passes them.
double greatest_distance(const std::vector<Row>& rows, const std::vector<Row>& kept) {
  double most = 0;
  std::size_t k = 0;
  for (const Row& row : rows) {
    while (k + 2 < kept.size() && kept[k + 1].step < row.step) ++k;
    most = std::max(most, kept.size() == 1 ? distance(row, kept[0], kept[0]) : distance(row, kept[k], kept[k + 1]));
  }
  return most;
}

}  // namespace

TEST_CASE("every row that a thinned path leaves out is within the tolerance of its lines") {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    const std::size_t count = seed < 5 ? seed : 1 + random() % 20'000;
    const std::vector<Row> rows = random_path(random, count);
    PathThinner thinner({1, 1}, 0.5, 3, 1'000'000);
    const std::vector<Row> kept = thin(thinner, rows);
    REQUIRE_FALSE(kept.empty());
    CHECK(kept.front().step == 0);
    CHECK(kept.back().step == rows.back().step);
    CHECK(std::is_sorted(kept.begin(), kept.end(), [](const Row& a, const Row& b) { return a.step < b.step; }));
    CHECK(greatest_distance(rows, kept) <= 0.5 + 1e-9);
    if (count > 1000) CHECK(kept.size() < rows.size() * 3 / 4);
  }
}

TEST_CASE("rows marked as needed stay, and the number of rows is bounded") {
  for (unsigned seed = 1; seed <= 10; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    const std::vector<Row> rows = random_path(random, 50'000);
    PathThinner thinner({1, 1}, 0.01, 3, 500);
    const std::vector<Row> kept = thin(thinner, rows, 500);
    std::size_t needed = 0;
    for (const Row& row : kept) needed += static_cast<std::size_t>(row.step) % 500 == 0 ? 1 : 0;
    CHECK(needed == 100);
    CHECK(kept.size() < 500 + 4096);
    CHECK(thinner.tolerance() > 0.01);
    CHECK(greatest_distance(rows, kept) <= 2 * thinner.tolerance());
  }
}

TEST_CASE("a straight path keeps its ends, a scale makes pixels of units, and huge places do no harm") {
  std::vector<Row> rows;
  for (int i = 0; i < 10'000; ++i) rows.push_back({1.0 * i, 2.0 * i, -1.0 * i});
  PathThinner straight({1, 1}, 0.1, 3, 1000);
  CHECK(thin(straight, rows).size() <= 4);  // a window's end may stay
  rows = {{0, 0, 0}, {1, 1, 0.01}, {2, 2, 0}};
  PathThinner coarse({1, 1}, 0.1, 3, 1000), fine({1, 100}, 0.1, 3, 1000);
  CHECK(thin(coarse, rows).size() == 2);
  CHECK(thin(fine, rows).size() == 3);
  rows = {{0, 0, 0}, {1, 1e300, -1e300}, {2, 1, 1}, {3, -1e308, 1e308}};
  PathThinner huge({1e10, 1e10}, 0.1, 3, 1000);
  CHECK(thin(huge, rows).size() == 4);
}

TEST_CASE("a thinned curve keeps the first, last, least and greatest value of every interval") {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<double> uniform(-1, 1);
    const std::size_t count = 1 + random() % 100'000, intervals = 64;
    CurveThinner thinner(intervals);
    std::vector<double> values;
    for (std::size_t i = 0; i < count; ++i) {
      values.push_back(uniform(random) + 1e-4 * static_cast<double>(i));
      thinner.add(static_cast<double>(i), values.back());
    }
    const auto points = thinner.points();
    CHECK(points.size() <= 4 * intervals);
    CHECK(points.front()[0] == 0);
    CHECK(points.back()[0] == static_cast<double>(count - 1));
    double least = 1e9, greatest = -1e9;
    for (const auto& [step, value] : points) {
      CHECK(value == values[static_cast<std::size_t>(step)]);
      least = std::min(least, value);
      greatest = std::max(greatest, value);
    }
    CHECK(least == *std::min_element(values.begin(), values.end()));
    CHECK(greatest == *std::max_element(values.begin(), values.end()));
  }
}

TEST_CASE("a short curve is kept whole, without the values that are not finite") {
  CurveThinner thinner(100);
  for (int i = 0; i < 90; ++i) thinner.add(i, i % 7 == 3 ? std::nan("") : i * i);
  CHECK(thinner.points().size() == 90 - 13);
}
