#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "study/run_tools.hpp"

using nlohmann::json;
using run_tools::Run;

namespace {

json read(const std::string& name) {
  std::ifstream file(OPTEXPLORE_TEST_DATA "/golden/" + name);
  return json::parse(file);
}

/// One step of a rule, with its states in columns.
Run step(const std::string& definition, const json& start, const json& rule, const std::string& columns) {
  json optimizer = rule;
  optimizer["label"] = "o";
  const json config = {{"function", definition}, {"start", start}, {"steps", 1}, {"optimizers", {optimizer}}};
  std::string text = config.dump();
  text.back() = ',';
  return run_tools::run(text + R"("columns": [)" + columns + "]}").at(0);
}

}  // namespace

TEST_CASE("strong_wolfe finds the steps that SciPy's line search finds, with as many evaluations") {
  std::size_t found = 0, longest = 0;
  for (const json& row : read("line_search.json")) {
    const json rule = {
        {"params", {{"d1", row[3]}, {"d2", row[4]}, {"c1", row[5]}, {"c2", row[6]}}},
        {"state", {{"a", 0}, {"fa", 0}, {"ga", 0}, {"tries", 0}, {"found", 0}}},
        {"update",
         {"a, fa, ga, tries, found = strong_wolfe([d1, d2], c1, c2, f_x=f(x), g_x=g)", "x = x + a*[d1, d2]"}}};
    Run result = step(row[0], {row[1], row[2]}, rule,
                      R"("f", "state.a", "state.fa", "state.tries", "state.found", "evals_f", "evals_g", "point")");
    CAPTURE(row.dump());
    CHECK(result["evals_f"][1] == result["state.tries"][1] + 1);
    if (row[7].is_null()) {
      CHECK(result["state.found"][1] == 0);
      continue;
    }
    ++found;
    longest = std::max<std::size_t>(longest, row[8]);
    CHECK(result["state.found"][1] == (row[7] == 1024 ? 0 : 1));  // doubled ten times, and still no interval
    CHECK(result["state.tries"][1] == row[8]);
    const double a = row[7], fa = row[9];
    CHECK(std::fabs(result["state.a"][1] - a) <= 1e-11 * a);
    CHECK(std::fabs(result["state.fa"][1] - fa) <= 1e-11 * std::max(1.0, std::fabs(fa)));
    CHECK(std::fabs(result["f"][1] - result["state.fa"][1]) <= 1e-15 * std::max(1.0, std::fabs(fa)));
  }
  CHECK(found > 200);
  CHECK(longest >= 10);
}

TEST_CASE("golden_section finds the lowest point of a valley, one evaluation each time") {
  const json rule = {{"state", {{"a", 0}, {"tries", 0}}},
                     {"update", {"a, fa, tries = golden_section([1, 0], 0, 10, 1e-5)", "x = x + [a, 0]"}}};
  Run result = step("f(x,y) = (x - 2)^2 + y^2", {-1, 0}, rule, R"("state.a", "state.tries", "evals_f", "evals_g")");
  CHECK(std::fabs(result["state.a"][1] - 3) <= 1e-5);
  // The interval shrinks by 0.618… each time.
  CHECK(result["state.tries"][1] == 2 + std::ceil(std::log(1e-6) / std::log((std::sqrt(5) - 1) / 2)));
  CHECK(result["evals_f"][1] == result["state.tries"][1]);
  CHECK(result["evals_g"][1] == 0);
}

TEST_CASE("backtracking shortens a step until f falls enough") {
  const json rule = {
      {"state", {{"a", 0}, {"tries", 0}}},
      {"update", {"a, tries = backtracking(-g, first=4, shrink=0.25, f_from=f(x), slope=-dot(g,g))", "x = x - a*g"}}};
  // Along -g from 1 it is (1 - 2a)^2: 4 and 1 are too long, 0.25 is not.
  Run result = step("f(x) = x^2", {1}, rule, R"("x", "state.a", "state.tries", "evals_f", "evals_g")");
  CHECK(result["state.a"][1] == 0.25);
  CHECK(result["state.tries"][1] == 3);
  CHECK(result["evals_f"][1] == 4);
  CHECK(result["evals_g"][1] == 1);
  CHECK(result["x"][1] == 0.5);
}
