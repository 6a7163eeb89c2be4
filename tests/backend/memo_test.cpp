#include "backend/interpreter/memo.hpp"

#include <doctest/doctest.h>

#include <random>
#include <thread>

#include "program/graph_tools.hpp"

using namespace optexplore;
using test::same_bits;

TEST_CASE("remembered powers have the bits of the kernel, however often they are asked for and by whom") {
  const unsigned seed = 7;
  INFO("seed " << seed);
  const auto check = [] {
    std::mt19937_64 random(seed);
    int wrong = 0;
    for (int i = 0; i < 200000; ++i) {
      const double bases[] = {0.9, 0.999, 0.0, -0.0, -2.0, 1e300, static_cast<double>(random() % 100) / 100};
      const double base = bases[random() % 7];
      const double exponent = random() % 10 == 0 ? 0.5 : static_cast<double>(random() % 3000);
      double remembered = -1;
      backend::remembered_power(&remembered, &base, &exponent, nullptr, 1, 0);
      const double args[] = {base, exponent};
      if (!same_bits(remembered, language::evaluate(language::Op::pow, args))) ++wrong;
    }
    return wrong;
  };
  int elsewhere = -1;
  std::thread other([&] { elsewhere = check(); });
  CHECK(check() == 0);
  other.join();
  CHECK(elsewhere == 0);
}
