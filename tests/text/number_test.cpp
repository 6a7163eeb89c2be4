#include "text/number.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <random>
#include <string>

using namespace optexplore::text;

namespace {

std::string text(double value, const NumberStyle& style = {}) {
  std::string result;
  append_number(result, value, style);
  return result;
}

}  // namespace

TEST_CASE("a number is the shortest text that reads back") {
  CHECK(text(0.1) == "0.1");
  CHECK(text(1.0 / 3) == "0.3333333333333333");
  CHECK(text(-7) == "-7");
  CHECK(text(100000) == "100000");
  CHECK(text(1e22) == "1e+22");
  CHECK(text(1e-5) == "1e-05");
  CHECK(text(-0.0) == "-0");
  CHECK(text(5e-324) == "5e-324");
  CHECK(text(std::numeric_limits<double>::max()) == "1.7976931348623157e+308");
}

TEST_CASE("people write exponents without a zero in front") {
  CHECK(to_text(1e-8) == "1e-8");
  CHECK(to_text(-2.5e-10) == "-2.5e-10");
  CHECK(to_text(1e+22) == "1e+22");
  CHECK(to_text(100000) == "100000");
}

TEST_CASE("every double reads back as itself") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 100000; ++i) {
    const std::uint64_t bits = random();
    double value = 0;
    static_assert(sizeof value == sizeof bits);
    std::memcpy(&value, &bits, sizeof value);
    if (!std::isfinite(value)) continue;
    const std::string shortest = text(value);
    REQUIRE(std::strtod(shortest.c_str(), nullptr) == value);
    REQUIRE(shortest.size() <= max_number_length);
    const std::string full = text(value, {.precision = 17});
    REQUIRE(std::strtod(full.c_str(), nullptr) == value);
    REQUIRE(full.size() <= max_number_length);
  }
}

TEST_CASE("what is not finite is nan, inf or -inf, and never -nan") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(text(nan) == "nan");
  CHECK(text(std::copysign(nan, -1)) == "nan");
  CHECK(text(std::numeric_limits<double>::infinity()) == "inf");
  CHECK(text(-std::numeric_limits<double>::infinity()) == "-inf");
  CHECK(text(nan, {.precision = 3}) == "nan");
}

TEST_CASE("precision is a number of significant digits, as %g") {
  std::mt19937_64 random(2);
  std::uniform_real_distribution<double> exponent(-30, 30);
  for (int i = 0; i < 10000; ++i) {
    const double value = std::pow(10, exponent(random)) * (i % 2 == 0 ? 1 : -1);
    const int digits = 1 + i % 17;
    char expected[64];
    std::snprintf(expected, sizeof expected, "%.*g", digits, value);
    REQUIRE(text(value, {.precision = digits}) == expected);
  }
}

TEST_CASE("an integer has neither precision nor exponent") {
  std::string result;
  append_integer(result, 9007199254740991.0, {.precision = 3});
  CHECK(result == "9007199254740991");
}
