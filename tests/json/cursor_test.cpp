#include "json/cursor.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <optexplore/error.hpp>
#include <string>

using namespace optexplore;
using json::Cursor;
using json::Json;

namespace {

template <class Read>
std::string error_of(const std::string& text, Read read) {
  const Json json = Json::parse(text);
  try {
    read(Cursor(json, ""));
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

std::string whole_error(const std::string& value, std::uint64_t least = 0) {
  return error_of("{\"steps\":" + value + "}",
                  [&](const Cursor& c) { static_cast<void>(c.member("steps").whole(least)); });
}

}  // namespace

TEST_CASE("a whole number is a number without a fraction, however it is written") {
  const Json json = Json::parse("[1e3, 5.0, 0, 9007199254740991]");
  const auto elements = Cursor(json, "").elements();
  CHECK(elements[0].whole() == 1000);
  CHECK(elements[1].whole() == 5);
  CHECK(elements[2].whole() == 0);
  CHECK(elements[3].whole() == 9007199254740991ULL);
}

TEST_CASE("what is no whole number is refused with its value") {
  CHECK(whole_error("\"abc\"") == "/steps: expected a whole number, found a string \"abc\"");
  CHECK(whole_error("2.7") == "/steps: expected a whole number, found 2.7");
  CHECK(whole_error("-1") == "/steps: expected a whole number, found -1");
  CHECK(whole_error("0", 1) == "/steps: expected a whole number of at least 1, found 0");
  CHECK(whole_error("9007199254740992") ==
        "/steps: expected a whole number of at most 9007199254740991, found 9007199254740992");
  CHECK(whole_error("true") == "/steps: expected a whole number, found true");
  CHECK(whole_error("null") == "/steps: expected a whole number, found null");
  CHECK(whole_error("[1]") == "/steps: expected a whole number, found an array");
}

TEST_CASE("unknown and missing keys are named, with the nearest known one") {
  CHECK(error_of("{\"momentun\":1}", [](const Cursor& c) {
          c.check_keys({"lr", "momentum"});
        }) == "unknown key 'momentun'; did you mean 'momentum'?");
  CHECK(error_of("{\"a\":{}}", [](const Cursor& c) { static_cast<void>(c.member("a").member("b")); }) ==
        "/a: the key 'b' is missing");
  CHECK(error_of("{\"a\":3}", [](const Cursor& c) { static_cast<void>(c.member("a").member("b")); }) ==
        "/a: expected an object, found 3");
}

TEST_CASE("a list of numbers points at the element that is none") {
  CHECK(error_of("{\"p\":[1,\"2\"]}", [](const Cursor& c) { static_cast<void>(c.member("p").numbers()); }) ==
        "/p/1: expected a finite number, found a string \"2\"");
}

TEST_CASE("pointers are escaped as RFC 6901 says") { CHECK(json::child_pointer("/a", "b/c~d") == "/a/b~1c~0d"); }

TEST_CASE("what a flag wrote is called by the flag") {
  const Json json = Json::parse(R"({"optimizers":[{"lr":"x","mu":1}]})");
  json::Places places;
  places.set("/optimizers/0", "-O sgd:lr=x");
  const Cursor optimizer = Cursor(json, "", &places).member("optimizers").elements()[0];
  CHECK(optimizer.member("lr").place() == "-O sgd:lr=x");
  CHECK(places.of("/optimizers/01") == "/optimizers/01");
  CHECK(places.of("book.json:3:1") == "book.json:3:1");
  places.set("/optimizers/0/mu", "--set optimizers.0.mu=1");
  CHECK_THROWS_WITH_AS(optimizer.check_keys({"lr"}), "--set optimizers.0.mu=1: unknown key 'mu'; expected one of lr",
                       InputError);
}
