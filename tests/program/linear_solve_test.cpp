#include "program/linear_solve.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

using optexplore::program::linear_solve;

TEST_CASE("the solution of every lane solves its system, with the same bits as alone") {
  std::mt19937_64 random(11);
  std::normal_distribution<double> normal;
  for (const std::size_t n : {1, 2, 3, 7, 20})
    for (const std::size_t lanes : {1, 3, 64, 130}) {
      CAPTURE(n);
      CAPTURE(lanes);
      std::vector<double> a(n * n * lanes), b(n * lanes);
      for (double& v : a) v = normal(random);
      for (double& v : b) v = normal(random);
      std::vector<double> lu = a, z = b;
      linear_solve(lu.data(), z.data(), n, lanes);
      for (std::size_t l = 0; l < lanes; ++l) {
        std::vector<double> one(n * n), right(n);
        for (std::size_t i = 0; i < n * n; ++i) one[i] = a[i * lanes + l];
        for (std::size_t i = 0; i < n; ++i) right[i] = b[i * lanes + l];
        std::vector<double> lu_one = one, alone = right;
        linear_solve(lu_one.data(), alone.data(), n, 1);
        for (std::size_t i = 0; i < n; ++i) {
          CHECK(std::memcmp(&alone[i], &z[i * lanes + l], sizeof(double)) == 0);
          double sum = 0, scale = std::fabs(right[i]);
          for (std::size_t j = 0; j < n; ++j) {
            sum += one[i * n + j] * alone[j];
            scale += std::fabs(one[i * n + j] * alone[j]);
          }
          CHECK(std::fabs(sum - right[i]) <= 1e-13 * scale);  // backward stable
        }
      }
    }
}

TEST_CASE("rows are exchanged where a pivot is zero, and a singular matrix gives no finite solution") {
  std::vector<double> a = {0, 2, 3, 0}, b = {4, 6};
  linear_solve(a.data(), b.data(), 2, 1);
  CHECK(b == std::vector<double>{2, 2});
  std::vector<double> singular = {1, 2, 2, 4}, c = {1, 1};
  linear_solve(singular.data(), c.data(), 2, 1);
  CHECK(std::isnan(c[0]));
  std::vector<double> empty_row = {1, 0, 0, 0}, d = {1, 0};  // solvable, but not by this matrix's inverse
  linear_solve(empty_row.data(), d.data(), 2, 1);
  CHECK(std::isnan(d[0]));
}

TEST_CASE("a lane that isn't finite leaves the others as they are") {
  const double inf = std::numeric_limits<double>::infinity();
  std::vector<double> a = {inf, 2, 0, 1, 0, 1, 1, 4}, b = {1, 6, 1, 8};  // [[inf,0],[0,1]] and [[2,1],[1,4]]
  linear_solve(a.data(), b.data(), 2, 2);
  CHECK(b[1] == doctest::Approx(16.0 / 7));
  CHECK(b[3] == doctest::Approx(10.0 / 7));
}
