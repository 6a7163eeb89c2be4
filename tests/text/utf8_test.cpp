#include "text/utf8.hpp"

#include <doctest/doctest.h>

using namespace optexplore::text;

TEST_CASE("invalid UTF-8 is found at its first byte") {
  CHECK(invalid_utf8("αβ日𝄞") == std::nullopt);
  CHECK(invalid_utf8("ab\x80") == 2);
  CHECK(invalid_utf8("\xc1\xbf") == 0);          // overlong
  CHECK(invalid_utf8("\xe0\x80\x80") == 0);      // overlong
  CHECK(invalid_utf8("a\xed\xbf\xbf") == 1);     // a surrogate
  CHECK(invalid_utf8("\xf4\x90\x80\x80") == 0);  // above U+10FFFF
  CHECK(invalid_utf8("\xf0\x9d\x84") == 0);      // cut short
}

TEST_CASE("UTF-8 to code points") {
  CHECK(to_utf32("aé√😀") == U"aé√😀");
  CHECK(to_utf32("\xFF") == U"\uFFFD");
  CHECK(to_utf32("\xC3") == U"\uFFFD");
  CHECK(to_utf32("\xC3(") == U"\uFFFD(");
  CHECK(to_utf32("\xC0\x80") == U"\uFFFD\uFFFD");        // overlong
  CHECK(to_utf32("\xED\xA0\x80").front() == U'\uFFFD');  // surrogate
  CHECK(to_utf32("\uFFFDa") == U"\uFFFDa");
  CHECK(count_code_points("aé√😀\xFF") == 5);
}

TEST_CASE("the width of a text is that on a terminal") {
  CHECK(display_width("") == 0);
  CHECK(display_width("x² ≤ β·√…–×") == 11);
  CHECK(display_width("漢字") == 4);
  CHECK(display_width("e\u0301") == 1);   // a combining accent
  CHECK(display_width("a\u200Bb") == 2);  // a zero-width space
  CHECK(display_width("😀!") == 3);
  CHECK(display_width("a\tb\u0085") == 4);  // what shows them puts something in their place
  CHECK(display_width("\xFF") == 1);
}

TEST_CASE("a prefix that fits ends between characters") {
  CHECK(fitting_prefix("abc", 2) == "ab");
  CHECK(fitting_prefix("abc", 3) == "abc");
  CHECK(fitting_prefix("漢字", 3) == "漢");
  CHECK(fitting_prefix("e\u0301x", 1) == "e\u0301");
}
