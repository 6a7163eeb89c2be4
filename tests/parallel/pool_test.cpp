#include "parallel/pool.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

using optexplore::parallel::Pool;

TEST_CASE("a pool runs every task once, again and again") {
  for (const unsigned threads : {0U, 1U, 2U, 5U}) {
    Pool pool(threads);
    CHECK(pool.threads() >= 1);
    for (const std::size_t count : {0U, 1U, 2U, 7U, 100U}) {
      std::vector<std::atomic<int>> runs(count);
      pool.run(count, [&](std::size_t i) { ++runs[i]; });
      for (const auto& times : runs) CHECK(times == 1);
    }
  }
}

TEST_CASE("an exception comes through when the other tasks are done, and the pool goes on") {
  Pool pool(3);
  std::atomic<int> done = 0;
  CHECK_THROWS_WITH(pool.run(20,
                             [&](std::size_t i) {
                               if (i == 3) throw std::runtime_error("three");
                               ++done;
                             }),
                    "three");
  CHECK(done == 19);
  pool.run(4, [&](std::size_t) { ++done; });
  CHECK(done == 23);
}
