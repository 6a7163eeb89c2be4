#include "json/reader.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optexplore/error.hpp>
#include <random>
#include <string>

using optexplore::InputError;
using optexplore::json::Json;
using optexplore::json::parse_json;

namespace {

std::string error_of(const std::string& text) {
  try {
    parse_json(text, "book.json");
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("comments, a byte order mark and the order of keys are kept out of the way") {
  const Json json = parse_json("\xEF\xBB\xBF{\"b\": 1, // why\n \"a\": [true, null, \"x²\"] /* also */}", "s");
  CHECK(json.dump() == "{\"b\":1,\"a\":[true,null,\"x²\"]}");
}

TEST_CASE("syntax errors say what was expected, what was found and where") {
  CHECK(error_of("{\"steps\": 30\n \"seed\": 1}") ==
        "book.json:2:2: expected ',' or '}', found a string\n   \"seed\": 1}\n   ^^^^^^");
  CHECK(error_of("[{\"a\":1},]") ==
        "book.json:1:10: expected a value, found ']'; no comma after the last element\n  [{\"a\":1},]\n           ^");
  CHECK(error_of("{\"a\" 1}") == "book.json:1:6: expected ':' after the key, found '1'\n  {\"a\" 1}\n       ^");
  CHECK(error_of("{\"a\":tru}") == "book.json:1:6: expected a value, found 'tru'\n  {\"a\":tru}\n       ^^^");
  CHECK(error_of("[1, // x").starts_with("book.json:1:9: expected a value, found the end"));
  CHECK(error_of("[true}") == "book.json:1:6: expected ',' or ']', found '}'\n  [true}\n       ^");
  CHECK(error_of("{lr: 1}") == "book.json:1:2: expected a key in double quotes, found 'lr'\n  {lr: 1}\n   ^^");
  CHECK(error_of("{'lr': 1}") ==
        "book.json:1:2: expected a key in double quotes; strings take double quotes\n  {'lr': 1}\n   ^");
  CHECK(error_of("{\"a\":1") == "book.json:1:7: expected ',' or '}', found the end\n  {\"a\":1\n        ^");
  CHECK(error_of("{} x") == "book.json:1:4: expected nothing after the document's end, found 'x'\n  {} x\n     ^");
  CHECK(error_of("[-Infinity]")
            .starts_with("book.json:1:2: expected a value, found '-Infinity'; numbers must be finite"));
  CHECK(error_of("// nothing").starts_with("book.json:1:11: expected a value, found the end"));
  CHECK(error_of("[01]").starts_with("book.json:1:2: expected ',' or ']', found '01'"));
  CHECK(error_of("[NaN]") == "book.json:1:2: expected a value, found 'NaN'; numbers must be finite\n  [NaN]\n   ^^^");
}

TEST_CASE("columns count characters, not bytes; carets stand under what they mean") {
  CHECK(error_of("[\"漢\" 1]") == "book.json:1:6: expected ',' or ']', found '1'\n  [\"漢\" 1]\n        ^");
  CHECK(error_of("\xEF\xBB\xBF[x]").starts_with("book.json:1:2: expected a value, found 'x'"));  // no column of a mark
  CHECK(error_of("[\"é²\" 1]") == "book.json:1:7: expected ',' or ']', found '1'\n  [\"é²\" 1]\n        ^");
}

TEST_CASE("malformed strings and numbers are named") {
  CHECK(error_of("[\"x]") == "book.json:1:4: invalid string: missing closing quote\n  [\"x]\n     ^");
  CHECK(error_of("[-]") == "book.json:1:3: invalid number; expected digit after '-'\n  [-]\n    ^");
  CHECK(error_of("[1.]").starts_with("book.json:1:4: invalid number; expected digit after '.'"));
  CHECK(error_of("[1e]").starts_with("book.json:1:4: invalid number; expected '+', '-', or digit after exponent"));
  CHECK(error_of("[1e+]").starts_with("book.json:1:5: invalid number; expected digit after exponent sign"));
  CHECK(error_of("[1e999]") == "book.json:1:2: the number is outside the range of a double\n  [1e999]\n   ^^^^^");
}

TEST_CASE("escapes, control characters and comments that are wrong are named where they stand") {
  CHECK(error_of(R"(["a\qb"])") ==
        "book.json:1:4: invalid string: forbidden character after backslash\n  [\"a\\qb\"]\n     ^^");
  CHECK(error_of(R"(["\u12g4"])") ==
        "book.json:1:3: invalid string: '\\u' must be followed by 4 hex digits\n  [\"\\u12g4\"]\n    ^^");
  CHECK(error_of(R"(["\uD834 x"])")
            .starts_with("book.json:1:3: invalid string: surrogate U+D800..U+DBFF must be followed by U+DC00..U+DFFF"));
  CHECK(error_of(R"(["\uDD1E"])") ==
        "book.json:1:2: invalid string: surrogate U+DC00..U+DFFF must follow U+D800..U+DBFF\n  [\"\\uDD1E\"]\n   "
        "^^^^^^^^");
  CHECK(error_of("[\"a\nb\"]") ==
        "book.json:1:4: invalid string: control character U+000A must be escaped to \\u000A or \\n\n  [\"a\n     ^");
  CHECK(error_of("[\"a\\") == "book.json:1:4: invalid string: missing closing quote\n  [\"a\\\n     ^");
  CHECK(error_of("[1, /* why ]") == "book.json:1:5: invalid comment; missing closing '*/'\n  [1, /* why ]\n      ^^");
  CHECK(error_of("[1, / 2]") == "book.json:1:6: invalid comment; expecting '/' or '*' after '/'\n  [1, / 2]\n       ^");
}

TEST_CASE("numbers keep their kind and every bit") {
  CHECK(parse_json("[1, -1, 0, -0, 1.0, 1e3]", "s").dump() == "[1,-1,0,0,1.0,1000.0]");
  const Json large = parse_json("[18446744073709551615, -9223372036854775808, 18446744073709551616]", "s");
  CHECK(large[0].is_number_unsigned());
  CHECK(large[0].get<std::uint64_t>() == UINT64_MAX);
  CHECK(large[1].is_number_integer());
  CHECK(large[1].get<std::int64_t>() == INT64_MIN);
  CHECK(large[2].is_number_float());
  const Json tiny = parse_json("[1e-400, -1e-400, 5e-324, 2.2250738585072011e-308, 1.7976931348623157e308]", "s");
  CHECK(tiny[0].get<double>() == 0);
  CHECK(std::signbit(tiny[1].get<double>()));
  CHECK(tiny[2].get<double>() == 5e-324);
  CHECK(tiny[3].get<double>() == 2.2250738585072011e-308);
  CHECK(tiny[4].get<double>() == 1.7976931348623157e308);
  CHECK(error_of("[1.7976931348623159e308]") ==
        "book.json:1:2: the number is outside the range of a double\n  [1.7976931348623159e308]\n   " +
            std::string(22, '^'));
}

TEST_CASE("random numbers read as the nearest doubles") {
  std::mt19937_64 random(3);
  for (int i = 0; i < 20000; ++i) {
    std::string digits;
    for (std::uint64_t k = 0; k <= random() % 40; ++k) digits += static_cast<char>('0' + random() % 10);
    const std::string text = (random() % 2 == 0 ? "-1" : "7") + digits + "." + digits + "e" +
                             std::to_string(static_cast<int>(random() % 560) - 320);
    const double expected = std::strtod(text.c_str(), nullptr);
    if (!std::isfinite(expected)) continue;
    CAPTURE(text);
    REQUIRE(parse_json("[" + text + "]", "s")[0].get<double>() == expected);
  }
}

TEST_CASE("a duplicate key is an error at any level, also when it is written with escapes") {
  CHECK(error_of("{\"o\": [{\"lr\": 1,\n \"lr\": 2}]}") ==
        "book.json:2:2: the key 'lr' is given twice\n   \"lr\": 2}]}\n   ^^^^");
  CHECK(error_of("{\"a\":1,\"\\u0061\":2}").starts_with("book.json:1:8: the key 'a' is given twice"));
}

TEST_CASE("what is no JSON text at all is refused") {
  CHECK(error_of("") == "book.json: the text is empty; expected a JSON value");
  CHECK(error_of(" \n") == "book.json: the text is empty; expected a JSON value");
  CHECK(error_of("[\"\xff\"]") == "book.json:1:3: the text is not valid UTF-8\n  [\"?\"]\n    ^");
  CHECK(error_of(std::string("[1]\0[2]", 7)).starts_with("book.json:1:4: unexpected NUL byte"));
}

TEST_CASE("size, nesting and keys per object are limited") {
  CHECK(error_of(std::string((16 << 20) + 1, ' ')) == "book.json: config larger than 16 MiB");
  CHECK(error_of(std::string(100, '[') + std::string(100, ']')) == "accepted");
  CHECK(error_of(std::string(101, '[')).starts_with("book.json:1:101: nested deeper than 100 levels"));
  std::string keys = "{";
  for (int i = 0; i <= 1000; ++i) keys += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":0";
  CHECK(error_of(keys + "}").find(": more than 1000 keys in one object") != std::string::npos);
}
