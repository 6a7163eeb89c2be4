#include "picture/gnuplot/script.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "text/utf8.hpp"

using namespace optexplore;
using namespace optexplore::picture;

TEST_CASE("text stands for itself inside a quoted string") {
  CHECK(quoted("a_b^c {x} @m `date` $(id) %d") == "'a_b^c {x} @m `date` $(id) %d'");
  CHECK(quoted("it's") == "'it''s'");
  CHECK(quoted("\\n \"q\" \\") == "'\\n \"q\" \\'");
  CHECK(quoted("two\nlines\t") == "'two lines '");
  CHECK(quoted("x² → π") == "'x² → π'");
  // gnuplot 5.4 can't read a quote beside another one in single quotes.
  CHECK(quoted("f''") == R"("f\047\047")");
  CHECK(quoted("'a' \\ \"b\" `ls` $x") == R"("\047a\047 \134 \042b\042 \140ls\140 $x")");
  CHECK(quoted("").size() == 2);
}

TEST_CASE("a comment stays one line of comment") {
  Script script({}, "paths on f(x) = 1\nset output 'x' \\\\");
  const std::string text = script.take();
  CHECK(text.rfind("# paths on f(x) = 1 set output 'x' \n", 0) == 0);
}

TEST_CASE("numbers are short, and gnuplot's NaN where there is none") {
  CHECK(number(1.0 / 3) == "0.333333");
  CHECK(number(1e-20, 3) == "1e-20");
  CHECK(number(std::nan("")) == "NaN");
  CHECK(number(-std::numeric_limits<double>::infinity()) == "NaN");
}

TEST_CASE("places far from zero get the digits that tell them apart") {
  CHECK(digits_for({0, 1}) == 5);
  CHECK(digits_for({1000, 1000.001}) >= 10);
  CHECK(range_text({1e6, 1e6 + 1e-3}) == "[1000000:1000000.001]");
  CHECK(range_text({-1.5, 2}) == "[-1.5:2]");
}

TEST_CASE("tic steps are round and not too many") {
  for (const double length : {1.0, 0.3, 7.0, 12.5, 1e-7, 3e8}) {
    const double step = tic_step({0, length}, 6);
    CHECK(length / step <= 6 + 1e-6);
    CHECK(length / step > 6 / 2.6);
    const double digit = step / std::pow(10, std::floor(std::log10(step) + 1e-9));
    CHECK((digit == doctest::Approx(1) || digit == doctest::Approx(2) || digit == doctest::Approx(5)));
  }
}

TEST_CASE("a legend of many rows makes a canvas higher that may grow") {
  const std::vector<std::string> few = {"a", "b"}, many(20, "a label that is rather long");
  Canvas canvas;
  CHECK(with_room(canvas, many).height == canvas.height);
  canvas.grows = true;
  CHECK(with_room(canvas, few).height == canvas.height);
  CHECK(with_room(canvas, many).height > canvas.height + 100);
}

TEST_CASE("a title that is too long is shortened between characters") {
  Canvas canvas;
  canvas.width = 400;
  const Script script(canvas, "");
  CHECK(script.fitting("short") == "short");
  std::string text;
  for (int i = 0; i < 100; ++i) text += "x²";
  const std::string shortened = script.fitting(text);
  CHECK(text::display_width(shortened) == 47);
  CHECK(shortened == text.substr(0, shortened.size() - 3) + "…");
  CHECK(text::display_width(script.fitting(text, 2)) == 23);
}
