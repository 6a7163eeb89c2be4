#include "text/diagnostic.hpp"

#include <doctest/doctest.h>

using namespace optexplore::text;

TEST_CASE("carets stand under code points, not bytes") {
  CHECK(excerpt("α·β + x", {9, 10}) == "  α·β + x\n        ^");
  CHECK(excerpt("日本 + x", {9, 10}) == "  日本 + x\n       ^");
  CHECK(excerpt("x²", {1, 3}) == "  x²\n   ^");
  CHECK(excerpt("abc", {0, 3}) == "  abc\n  ^^^");
}

TEST_CASE("the end of the text gets one caret after it") {
  CHECK(excerpt("x +", {3, 3}) == "  x +\n     ^");
  CHECK(excerpt("", {0, 0}) == "  \n  ^");
  CHECK(excerpt("x", {100, 200}) == "  x\n   ^");
}

TEST_CASE("of several lines the one with the place is shown") {
  CHECK(excerpt("a +\nb $ c\nd", {6, 7}) == "  b $ c\n    ^");
  CHECK(excerpt("a\nb\n", {4, 4}) == "  \n  ^");
  CHECK(excerpt("ab\ncd", {1, 4}) == "  ab\n   ^");   // a span over two lines ends with its first
  CHECK(excerpt("ab\ncd", {2, 3}) == "  ab\n    ^");  // the line's end itself
}

TEST_CASE("a long line is cut around the place") {
  const std::string head(100, 'a');
  const std::string text = head + "!" + std::string(100, 'b');
  CHECK(excerpt(text, {100, 101}) ==
        "  …" + std::string(36, 'a') + "!" + std::string(35, 'b') + "…\n  " + std::string(37, ' ') + "^");
  CHECK(excerpt(text, {0, 1}) == "  " + std::string(72, 'a') + "…\n  ^");
  CHECK(excerpt(text, {201, 201}) == "  …" + std::string(72, 'b') + "\n  " + std::string(73, ' ') + "^");
  CHECK(excerpt(text, {0, 201}) == "  " + std::string(72, 'a') + "…\n  " + std::string(72, '^'));
}

TEST_CASE("a long line of multi-byte characters is cut at code points") {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "é";
  std::string shown;
  for (int i = 0; i < 72; ++i) shown += "é";
  CHECK(excerpt(text, {0, 2}) == "  " + shown + "…\n  ^");
  CHECK(excerpt(text, {198, 200}) == "  …" + shown + "\n  " + std::string(72, ' ') + "^");
}

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

TEST_CASE("invalid UTF-8 is found at its first byte") {
  CHECK(invalid_utf8("αβ日𝄞") == std::nullopt);
  CHECK(invalid_utf8("ab\x80") == 2);
  CHECK(invalid_utf8("\xc1\xbf") == 0);          // overlong
  CHECK(invalid_utf8("\xe0\x80\x80") == 0);      // overlong
  CHECK(invalid_utf8("a\xed\xbf\xbf") == 1);     // a surrogate
  CHECK(invalid_utf8("\xf4\x90\x80\x80") == 0);  // above U+10FFFF
  CHECK(invalid_utf8("\xf0\x9d\x84") == 0);      // cut short
}
