#include "parallel/ordered_map.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

using namespace optexplore;

namespace {

void work_for(std::chrono::microseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end) {
  }
}

/// Counts from 0.
auto numbers(int count) {
  return [next = 0, count]() mutable -> std::optional<int> {
    if (next == count) return std::nullopt;
    return next++;
  };
}

}  // namespace

TEST_CASE("results come in order, whoever computes them, also such as can't be copied") {
  for (const unsigned jobs : {0U, 1U, 2U, 7U}) {
    std::vector<int> delivered;
    parallel::ordered_map(
        jobs, numbers(300),
        [](int i) {
          work_for(std::chrono::microseconds(i % 7 == 0 ? 60 : 1));
          return std::make_unique<int>(i * i);
        },
        [&](std::unique_ptr<int> square) { delivered.push_back(*square); });
    REQUIRE(delivered.size() == 300);
    for (int i = 0; i < 300; ++i) CHECK(delivered[static_cast<std::size_t>(i)] == i * i);
  }
}

TEST_CASE("threads are started when work lasts, however few pieces there are") {
  // The second and the third piece wait for each other.
  std::mutex mutex;
  std::condition_variable both;
  int arrived = 0;
  bool met = false;
  parallel::ordered_map(
      2, numbers(3),
      [&](int i) {
        if (i == 0) work_for(std::chrono::milliseconds(3));
        if (i == 0) return i;
        std::unique_lock lock(mutex);
        ++arrived;
        both.notify_all();
        if (both.wait_for(lock, std::chrono::seconds(20), [&] { return arrived == 2; })) met = true;
        return i;
      },
      [](int) {});
  CHECK(met);
}

TEST_CASE("only a bounded number of results waits") {
  std::atomic<int> taken = 0;
  int most = 0;
  parallel::ordered_map(
      2,
      [&]() -> std::optional<int> {
        if (taken == 200) return std::nullopt;
        return taken++;
      },
      [](int i) {
        work_for(std::chrono::microseconds(i == 20 ? 20'000 : 100));
        return i;
      },
      [&](int i) { most = std::max(most, taken - i); });
  CHECK(most <= 8 + 1);
}

TEST_CASE("an exception ends the work when everything before it is delivered, and comes through unchanged") {
  struct Failure : std::runtime_error {
    using std::runtime_error::runtime_error;
  };
  for (const unsigned jobs : {1U, 3U})
    for (const std::string where : {"source", "compute", "deliver"}) {
      CAPTURE(jobs);
      CAPTURE(where);
      int delivered = 0, next = 0;
      const auto fail = [&](const char* place, int i) {
        if (where == place && i == 40) throw Failure(where);
      };
      const auto work = [&] {
        parallel::ordered_map(
            jobs,
            [&]() -> std::optional<int> {
              fail("source", next);
              return next++;
            },
            [&](int i) {
              work_for(std::chrono::microseconds(100));
              fail("compute", i);
              return i;
            },
            [&](int i) {
              fail("deliver", i);
              CHECK(i == delivered++);
            });
      };
      CHECK_THROWS_AS(work(), Failure);
      CHECK(delivered == 40);
    }
}
