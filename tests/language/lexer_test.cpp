#include "language/lexer.hpp"

#include <doctest/doctest.h>

#include "language/failure.hpp"

using namespace optexplore;
using language::Token;

namespace {

/// The tokens' texts, separated by spaces.
std::string tokens(const std::string& text) {
  std::string result;
  for (const Token& token : language::tokenize(text))
    result += token.text + (token.kind == Token::Kind::end ? "" : " ");
  return result;
}

std::string refused(const std::string& text) {
  return test::failure([&] { language::tokenize(text); });
}

}  // namespace

TEST_CASE("pasted typography means what its ASCII form means") {
  CHECK(tokens("x²/20 + y²") == "x ^ 2 / 20 + y ^ 2 ");
  CHECK(tokens("2·x×y⋅z∗w") == "2 * x * y * z * w ");
  CHECK(tokens("a − b – c") == "a - b - c ");
  CHECK(tokens("a÷b∕c") == "a / b / c ");
  CHECK(tokens("a≤b≥c≠d") == "a <= b >= c != d ");
  CHECK(tokens("π∞") == "pi inf ");
  CHECK(tokens("√x") == "√ x ");
  CHECK(tokens("x₁₀ + α₂") == "x10 + α2 ");
  CHECK(tokens("x⁻¹") == "x ^ -1 ");
  CHECK(tokens("xⁿ") == "x ^ n ");
  CHECK(tokens("x⁰¹²³⁴⁵⁶⁷⁸⁹") == "x ^ 0123456789 ");
  CHECK(tokens("x\u00A0+\u2009y\u202F\u2003z\t\r\n") == "x + y z ");
  CHECK(tokens("x**2") == "x ^ 2 ");
}

TEST_CASE("numbers are read exactly") {
  const auto value = [](const std::string& text) { return language::tokenize(text)[0].value; };
  CHECK(value("0.1") == 0.1);
  CHECK(value("1.") == 1.0);
  CHECK(value(".5") == 0.5);
  CHECK(value("1e3") == 1000.0);
  CHECK(value("1E-3") == 0.001);
  CHECK(value("2.5e+2") == 250.0);
  CHECK(value("4.9406564584124654e-324") == 4.9406564584124654e-324);
  CHECK(value("1.7976931348623157e308") == 1.7976931348623157e308);
  CHECK(value("0e999999999") == 0.0);
  CHECK(tokens("1e") == "1 e ");
  CHECK(tokens("2e+x") == "2 e + x ");
}

TEST_CASE("a point joins names but not numbers and names") {
  CHECK(tokens("state.m*hp.lr_0") == "state.m * hp.lr_0 ");
  CHECK(tokens("2.x") == "2. x ");
}

TEST_CASE("spans are byte offsets into the source") {
  const auto all = language::tokenize("α·x²");
  REQUIRE(all.size() == 6);
  CHECK(all[0].span.begin == 0);
  CHECK(all[0].span.end == 2);
  CHECK(all[1].span.begin == 2);
  CHECK(all[1].span.end == 4);
  CHECK(all[2].span.begin == 4);
  CHECK(all[3].span.begin == 5);
  CHECK(all[3].span.end == 7);
  CHECK(all[4].span.begin == 5);
  CHECK(all[5].span.begin == 7);
  CHECK(all[5].span.end == 7);
}

TEST_CASE("what is not in the language is refused with its remedy") {
  CHECK(refused("a && b") == "unexpected character '&'; write 'and'\n  a && b\n    ^");
  CHECK(refused("a || b") == "unexpected character '|'; write 'or', or abs(…) for an absolute value\n  a || b\n    ^");
  CHECK(refused("!a") == "unexpected character '!'; write 'not' or '!='\n  !a\n  ^");
  CHECK(refused("5 % 2") == "unexpected character '%'; write mod(a,b)\n  5 % 2\n    ^");
  CHECK(refused("x $ y") == "unexpected character '$'\n  x $ y\n    ^");
  CHECK(refused("é") == "unexpected character 'é'\n  é\n  ^");
  CHECK(refused("x + 日本") == "unexpected character '日'\n  x + 日本\n      ^^");
  CHECK(refused("x . y") == "unexpected character '.'\n  x . y\n    ^");
  CHECK(refused("x.") == "unexpected character '.'\n  x.\n   ^");
  CHECK(refused("x⁻") == "malformed superscript\n  x⁻\n   ^");
  CHECK(refused("x²ⁿ") == "malformed superscript\n  x²ⁿ\n   ^^");
  CHECK(refused("1e999") == "the number is outside the range of a double\n  1e999\n  ^^^^^");
  CHECK(refused("1e-999") == "the number is outside the range of a double\n  1e-999\n  ^^^^^^");
  CHECK(refused("1.2.3") == "malformed number\n  1.2.3\n  ^^^^");
  CHECK(refused("1..2") == "malformed number\n  1..2\n  ^^^");
}

TEST_CASE("control characters and invalid UTF-8 are refused and never echoed") {
  CHECK(refused("x\x01y") == "unexpected control character\n  x y\n   ^");
  CHECK(refused(std::string("x\0y", 3)) == "unexpected control character\n  x y\n   ^");
  CHECK(refused("\x1b[31mx") == "unexpected control character\n   [31mx\n  ^");
  CHECK(refused("x\x7f") == "unexpected control character\n  x \n   ^");
  CHECK(refused("x\xff + y") == "the text is not valid UTF-8\n  x? + y\n   ^");
  CHECK(refused("x\xc0\xaf") == "the text is not valid UTF-8\n  x??\n   ^");
  CHECK(refused("x\xed\xa0\x80") == "the text is not valid UTF-8\n  x???\n   ^");
  CHECK(refused("x\xe2\x88") == "the text is not valid UTF-8\n  x??\n   ^");
}
