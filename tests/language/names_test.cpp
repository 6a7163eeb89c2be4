#include "language/names.hpp"

#include <doctest/doctest.h>

#include <optexplore/error.hpp>
#include <optexplore/parsed.hpp>
#include <set>

using namespace optexplore;

namespace {

std::set<std::string> names(const std::string& text) {
  std::set<std::string> found;
  language::any_name(*Formula(text).tree().root, [&found](const std::string& name) {
    found.insert(name);
    return false;
  });
  return found;
}

}  // namespace

TEST_CASE("the names of an expression are those that it takes from outside") {
  using Names = std::set<std::string>;
  CHECK(names("a + f(b, 2)*x[c:d]") == Names{"a", "b", "x", "c", "d"});
  CHECK(names("sum(k, k, n, x[k] + state.m)") == Names{"k", "n", "x", "state.m"});
  CHECK(names("sum(k, 1, n, prod(j, k, 3, j*q))") == Names{"n", "q"});
  CHECK(names("sum(k)") == Names{"k"});
}

TEST_CASE("a parsed text keeps its text and shares its tree; an empty one is nothing, unless a text is needed") {
  const Formula formula = "norm(g) < 1";
  const Formula copy = formula;
  CHECK(copy.text() == "norm(g) < 1");
  CHECK(&copy.tree() == &formula.tree());
  CHECK(Formula("").empty());
  CHECK_THROWS_WITH_AS(Formula::read(""), "expected an expression, found nothing", InputError);
  CHECK_THROWS_AS(Formula("1 +"), InputError);
  CHECK(AssignmentText("x = x - g").tree().name == "x");
  CHECK(DefinitionText("f(a,b) = a*b").tree().fixed_dim == 2);
}
