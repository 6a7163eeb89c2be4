#include "text/suggest.hpp"

#include <doctest/doctest.h>

using namespace optexplore::text;

TEST_CASE("a plausible slip finds the name that was meant") {
  const std::vector<std::string> names = {"adam", "adagrad", "rmsprop", "momentum", "sgd", "x", "pi"};
  CHECK(nearest_name("adma", names) == "adam");   // a transposition
  CHECK(nearest_name("Adam", names) == "adam");   // case
  CHECK(nearest_name("adams", names) == "adam");  // an insertion
  CHECK(nearest_name("momentm", names) == "momentum");
  CHECK(nearest_name("adagrda", names) == "adagrad");
  CHECK(nearest_name("rms", names) == "rmsprop");  // an unfinished word
  CHECK(nearest_name("X", names) == "x");
  CHECK(nearest_name("y", names) == std::nullopt);  // every letter is near every other
  CHECK(nearest_name("frobnicate", names) == std::nullopt);
  CHECK(nearest_name("", names) == std::nullopt);
  CHECK(nearest_name(std::string(65, 'a'), names) == std::nullopt);
  CHECK(nearest_name("adam", names) == std::nullopt);   // the name itself is not a suggestion
  CHECK(nearest_name("aaa", {"aab", "aac"}) == "aab");  // ties go to the first
}

TEST_CASE("a suggestion is part of a sentence or nothing") {
  CHECK(did_you_mean("adma", {"adam"}) == "; did you mean 'adam'?");
  CHECK(did_you_mean("zzz", {"adam"}).empty());
}

TEST_CASE("letters are counted, not bytes") {
  CHECK(nearest_name("α", {"β"}) == std::nullopt);
  CHECK(nearest_name("Β₁", {"α₁", "β₁"}) == "β₁");
}
