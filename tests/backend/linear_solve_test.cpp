#include "backend/interpreter/linear_solve.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <random>
#include <vector>

using optexplore::backend::linear_solve;

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
  CHECK_FALSE(std::isfinite(c[0]));
}
