
#include "text/caret.hpp"

#include <doctest/doctest.h>

using namespace optexplore::text;

TEST_CASE("carets stand under code points, not bytes") {
  CHECK(excerpt("α·β + x", {9, 10}) == "  α·β + x\n        ^");
  CHECK(excerpt("x²", {1, 3}) == "  x²\n   ^");
  CHECK(excerpt("abc", {0, 3}) == "  abc\n  ^^^");
}

TEST_CASE("wide characters take two columns") {
  CHECK(excerpt("漢 + $", {6, 7}) == "  漢 + $\n       ^");
  CHECK(excerpt("x + 漢字", {4, 10}) == "  x + 漢字\n      ^^^^");
  CHECK(excerpt("x + 漢字", {10, 10}) == "  x + 漢字\n          ^");
  CHECK(excerpt("😀😀 $", {9, 10}) == "  😀😀 $\n       ^");
}

TEST_CASE("what combines with a letter shares its column and its caret") {
  CHECK(excerpt("e\u0301 + $", {6, 7}) == "  e\u0301 + $\n      ^");
  CHECK(excerpt("xe\u0301", {2, 4}) == "  xe\u0301\n   ^");
  CHECK(excerpt("xe\u0301", {1, 4}) == "  xe\u0301\n   ^");
  CHECK(excerpt("\u0301$", {2, 3}) == "  \u0301$\n  ^");
}

TEST_CASE("what can't be shown has one column") {
  CHECK(excerpt("\xFF$", {1, 2}) == "  ?$\n   ^");
  CHECK(excerpt("\t\u0085$", {3, 4}) == "    $\n    ^");
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

TEST_CASE("a long line of wide characters is cut to the same width") {
  std::string text, half;
  for (int i = 0; i < 100; ++i) text += "漢";
  for (int i = 0; i < 36; ++i) half += "漢";
  CHECK(excerpt(text, {0, 3}) == "  " + half + "…\n  ^^");
  CHECK(excerpt(text, {300, 300}) == "  …" + half + "\n  " + std::string(73, ' ') + "^");
}
