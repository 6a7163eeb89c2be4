#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optexplore/catalog.hpp>
#include <optexplore/error.hpp>
#include <string>

#include "catalog/entries.hpp"
#include "language/ast.hpp"

using namespace optexplore;

namespace {

std::string rule_error(const std::string& text) {
  try {
    const json::Json json = json::parse_json(text, "rule.json");
    catalog::read_rule({json, ""});
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

std::string function_error(const std::string& text) {
  try {
    const json::Json json = json::parse_json(text, "function.json");
    catalog::read_function({json, ""});
  } catch (const InputError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("every function of the catalogue is complete and called as its file") {
  const auto names = catalog::function_names();
  CHECK(std::is_sorted(names.begin(), names.end()));
  CHECK(names.size() >= 230);
  for (const std::string& name : names) {
    CAPTURE(name);
    const FunctionEntry entry = catalog::function(name);
    CHECK(entry.name == name);
    CHECK_FALSE(entry.title.empty());
    CHECK_FALSE(entry.reference.empty());
    CHECK_FALSE(entry.domain.empty());
    CHECK_FALSE(entry.start.empty());
    CHECK(entry.minimizers.empty() == !entry.minimum.has_value());  // a saddle has neither
    // An f(x[n]) needs a default dimension; fixed ones say it in their definition.
    CHECK((entry.dim != 0) == (entry.definition.tree().fixed_dim == 0));
  }
}

TEST_CASE("every rule of the catalogue is complete and called as its file") {
  const auto names = catalog::rule_names();
  CHECK(std::is_sorted(names.begin(), names.end()));
  for (const std::string& name : names) {
    CAPTURE(name);
    const RuleEntry entry = catalog::rule(name);
    CHECK(entry.name == name);
    CHECK_FALSE(entry.title.empty());
    CHECK_FALSE(entry.reference.empty());
    CHECK_FALSE(entry.note.empty());
  }
}

TEST_CASE("the plain name is PyTorch's dialect") {
  CHECK(catalog::rule("adam.torch").name == "adam");
  CHECK(catalog::rule("rmsprop.dlfs").params ==
        std::vector<std::pair<std::string, DefaultValue>>{{"lr", 0.01}, {"rho", 0.5}, {"eps", 1e-7}});
  CHECK(catalog::rule("rmsprop").params.back() == std::pair<std::string, DefaultValue>{"centered", 0.0});
}

TEST_CASE("unknown names get the nearest one") {
  CHECK_THROWS_WITH_AS(catalog::rule("adm"), "unknown rule 'adm'; did you mean 'adam'?", InputError);
  CHECK_THROWS_WITH_AS(catalog::function("rosenbrok"), "unknown function 'rosenbrok'; did you mean 'rosenbrock'?",
                       InputError);
  CHECK_THROWS_WITH_AS(catalog::rule_text("zzzzzzzz"), "unknown rule 'zzzzzzzz'; 'optexplore list' shows the catalogue",
                       InputError);
  CHECK_THROWS_AS(catalog::function(""), InputError);
}

TEST_CASE("a rule is read strictly") {
  CHECK(rule_error(R"({"name":"r","updates":["x = x"]})") == "unknown key 'updates'; did you mean 'update'?");
  CHECK(rule_error(R"({"name":"r","update":[]})") ==
        "/update: expected at least one assignment such as \"x = x - lr*g\"");
  CHECK(rule_error(R"({"name":"r","params":{"t":1},"update":["x = x - t*g"]})") ==
        "/params: 't' can't name a hyperparameter: it has a meaning of its own in rules");
  CHECK(rule_error(R"({"name":"r","params":{"a b":1},"update":["x = x"]})") ==
        "/params: 'a b' can't name a hyperparameter: expected letters, digits and _");
  CHECK(rule_error(R"({"name":"r","params":{"v":1},"state":{"v":0},"update":["x = x"]})") ==
        "/state: 'v' is already a hyperparameter");
  CHECK(rule_error(R"({"name":"r","params":{"v":[1]},"update":["x = x"]})") ==
        "/params/v: expected a number, true, false, null or an expression, found an array");
  CHECK(rule_error(R"({"name":"r","update":["x = x - "]})").starts_with("/update/0: expected a number, a name or '('"));
}

TEST_CASE("a function is read strictly") {
  CHECK(function_error(R"({"definition":"f(x,y) = x*y","domain":[2,1]})") ==
        "/domain: expected an interval [low, high] with low < high");
  CHECK(function_error(R"({"definition":"f(x,y) = x*y","start":[1,2,3]})") ==
        "/start: expected one entry or 2, one per coordinate, found 3");
  CHECK(function_error(R"({"definition":"f(x,y) = x*y","dim":3})") ==
        "/dim: the definition fixes the dimension at 2, found 3");
  CHECK(function_error(R"({"definition":"f(x,y) = x*y","params":{"x":3}})") ==
        "/params: 'x' is already a name in the definition f(x,y) = x*y");
  CHECK(function_error(R"({"definition":"f(x,y) = x*y","params":{"a":[[1,2],[3]]}})") ==
        "/params/a/1: expected a row of 2 numbers, found 1");
  CHECK(function_error(R"({"definition":"f(x,y) = x*y","gradient":["y"]})") ==
        "/gradient: expected one partial derivative per coordinate (2), found 1");
  CHECK(function_error(R"({"definition":"f(x,g) = x*g"})") ==
        "/definition: a coordinate can't be called 'g': columns and stop conditions have that name already");
}
