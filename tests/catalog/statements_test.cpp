#include "catalog/statements.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <optexplore/error.hpp>

using namespace optexplore;

namespace {

const char* text = R"j([
  "a = 1",
  {"if": "a<2", "then": ["a = a  + 1", {"for": "k = 1:3", "do": ["b = k*a"]}], "else": ["c, d = p(a)"]},
  {"while": "a > 0", "do": ["a = a/2"], "at_most": 7, "else": ["e[1] = 0"]}
])j";

std::vector<Statement> read(const std::string& json) {
  const json::Json value = json::Json::parse(json);
  return catalog::read_statements({value, ""});
}

}  // namespace

TEST_CASE("statements are read, written as JSON and read again") {
  const std::vector<Statement> statements = read(text);
  const json::Json written = catalog::to_json(statements);
  CHECK(written == json::Json::parse(text));
  CHECK(catalog::to_lines(catalog::read_statements({written, ""})) == catalog::to_lines(statements));
}

TEST_CASE("statements are shown as indented lines, as they were written or in one form") {
  const std::vector<std::string> lines = {"a = 1",       "if a<2:", "  a = a  + 1",  "  for k = 1:3:",
                                          "    b = k*a", "else:",   "  c, d = p(a)", "while a > 0, at most 7 times:",
                                          "  a = a/2",   "else:",   "  e[1] = 0"};
  CHECK(catalog::to_lines(read(text)) == lines);
  const std::vector<std::string> canonical = catalog::to_canonical_lines(read(text));
  CHECK(canonical[1] == "if a < 2:");
  CHECK(canonical[2] == "  a = a + 1");
  CHECK(canonical[6] == "  c, d = p(a)");
}

TEST_CASE("assigned names are those of all branches and loops, each once") {
  CHECK(catalog::assigned_names(read(text)) == std::vector<std::string>{"a", "b", "c", "d", "e"});
}

TEST_CASE("a loop without at_most ends after 1000 rounds") {
  const Statement loop = read(R"([{"while": "a > 0", "do": ["a = a/2"]}])").at(0);
  CHECK(std::get<Statement::While>(loop.what).at_most == 1000);
}
