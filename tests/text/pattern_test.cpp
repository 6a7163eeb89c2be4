#include "text/pattern.hpp"

#include <doctest/doctest.h>

#include <string>

using optexplore::text::matches;

TEST_CASE("a pattern describes whole names") {
  CHECK(matches("W", "W"));
  CHECK_FALSE(matches("W", "W1"));
  CHECK_FALSE(matches("W1", "W"));
  CHECK(matches("*", ""));
  CHECK(matches("*", "x, y"));
  CHECK(matches("W*", "W"));
  CHECK(matches("W*", "W12"));
  CHECK_FALSE(matches("W*", "bW"));
  CHECK(matches("*_out", "W_out_out"));
  CHECK(matches("a*b*c", "aXbbYbc"));
  CHECK_FALSE(matches("a*b*c", "aXbbYb"));
  CHECK(matches("b?", "b1"));
  CHECK_FALSE(matches("b?", "b"));
  CHECK_FALSE(matches("", "b"));
  CHECK(matches("", ""));
}

TEST_CASE("a hostile pattern is quick") {
  std::string stars;
  for (int i = 0; i < 200; ++i) stars += "*a";
  CHECK_FALSE(matches(stars + "b", std::string(2000, 'a')));
}
