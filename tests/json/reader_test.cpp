#include "json/reader.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <optexplore/error.hpp>
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
  CHECK(error_of("[true}") == "book.json:1:6: expected ',' or ']', found '}'\n  [true}\n       ^");
  CHECK(error_of("{lr: 1}") == "book.json:1:2: expected a key in double quotes, found 'lr'\n  {lr: 1}\n   ^^");
  CHECK(error_of("{'lr': 1}") ==
        "book.json:1:2: expected a key in double quotes; strings take double quotes\n  {'lr': 1}\n   ^");
  CHECK(error_of("{\"a\":1") == "book.json:1:7: expected ',' or '}', found the end\n  {\"a\":1\n        ^");
  CHECK(error_of("{} x") == "book.json:1:4: expected nothing after the document's end, found 'x'\n  {} x\n     ^");
  CHECK(error_of("[NaN]") == "book.json:1:2: expected a value, found 'NaN'; numbers must be finite\n  [NaN]\n   ^^^");
}

TEST_CASE("columns count characters, not bytes") {
  CHECK(error_of("[\"é²\" 1]") == "book.json:1:7: expected ',' or ']', found '1'\n  [\"é²\" 1]\n        ^");
}

TEST_CASE("malformed strings and numbers are named") {
  CHECK(error_of("[\"x]") == "book.json:1:4: invalid string: missing closing quote\n  [\"x]\n     ^");
  CHECK(error_of("[-]") == "book.json:1:3: invalid number; expected digit after '-'\n  [-]\n    ^");
  CHECK(error_of("[1e999]") == "book.json:1:2: the number is outside the range of a double\n  [1e999]\n   ^^^^^");
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
