#include "picture/gnuplot/script.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "text/utf8.hpp"

using namespace optexplore;
using namespace optexplore::picture;

TEST_CASE("text stands for itself inside a quoted string") {
  CHECK(in_quotes("a_b^c {x} @m `date` $(id) %d") == "'a_b^c {x} @m `date` $(id) %d'");
  CHECK(in_quotes("it's") == "'it''s'");
  CHECK(in_quotes("\\n \"q\" \\") == "'\\n \"q\" \\'");
  CHECK(in_quotes("two\nlines\t") == "'two lines '");
  CHECK(in_quotes("x² → π") == "'x² → π'");
  // gnuplot 5.4 can't read a quote beside another one in single quotes.
  CHECK(in_quotes("f''") == R"("f\047\047")");
  CHECK(in_quotes("'a' \\ \"b\" `ls` $x") == R"("\047a\047 \134 \042b\042 \140ls\140 $x")");
  CHECK(in_quotes("").size() == 2);
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

TEST_CASE("a title that is too long is shortened between characters") {
  Canvas canvas;
  canvas.width = 400;
  const Script script(canvas, "");
  CHECK(script.fitting("short") == "short");
  std::string text;
  for (int i = 0; i < 100; ++i) text += "x²";
  const std::string shortened = script.fitting(text);
  CHECK(shortened == text.substr(0, shortened.size() - 3) + "…");
  CHECK(canvas.width_of(shortened) < canvas.width - canvas.side());
  CHECK(canvas.width_of(shortened) > canvas.width / 2.0);
  CHECK(canvas.width_of(script.fitting(text, 2)) < canvas.width / 2.0);
}

TEST_CASE("a text shortened in its middle keeps its end") {
  const Canvas canvas;
  const std::string text = "momentum, lr = 0.1, momentum = 0.95";
  const std::string shortened = canvas.shortened(text, canvas.width_of(text) * 0.7, true);
  CHECK(shortened.starts_with("mom"));
  CHECK(shortened.ends_with("um = 0.95"));
  CHECK(canvas.width_of(shortened) <= canvas.width_of(text) * 0.7);
  CHECK(canvas.shortened(text, 1e9, true) == text);
  CHECK(canvas.shortened(text, 0) == "…");
}

TEST_CASE("fonts of small pictures are smaller, and never tiny") {
  Canvas canvas;
  CHECK(canvas.scale() == 1);
  canvas.width = 340;
  canvas.height = 260;
  CHECK(canvas.scale() == 0.75);
  canvas.grows = true;  // the size was ours to choose
  CHECK(canvas.scale() == 1);
  canvas = {};
  canvas.width = 3000;
  canvas.height = 2000;
  CHECK(canvas.scale() == 1);
}

TEST_CASE("an axis' long name loses its aside, or gets a line for it") {
  const Canvas canvas;
  const std::string text = "first principal direction (80 % of the motion)";
  CHECK(axis_label(canvas, text, 1000) == "'" + text + "'");
  CHECK(axis_label(canvas, text, 300) == "'first principal direction'");
  CHECK(axis_label(canvas, text, 300, true) == "'first principal direction' . \"\\n\" . '(80 % of the motion)'");
}
