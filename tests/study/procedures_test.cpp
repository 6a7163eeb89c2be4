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

TEST_CASE("hager_zhang ends where Wolfe's conditions hold, or the approximate ones") {
  std::size_t found = 0;
  for (const json& row : read("line_search.json")) {
    const json rule = {
        {"params", {{"d1", row[3]}, {"d2", row[4]}}},
        {"state", {{"a", 0}, {"fa", 0}, {"sa", 0}, {"tries", 0}, {"found", 0}, {"f0", "f(x)"}, {"s0", 0}}},
        {"update",
         {"s0 = dot(g, [d1, d2])", "a, fa, ga, tries, found = hager_zhang([d1, d2], f_x=f0, g_x=g)",
          "sa = dot(ga, [d1, d2])", "x = x + a*[d1, d2]"}}};
    Run result = step(row[0], {row[1], row[2]}, rule,
                      R"("f", "state.a", "state.fa", "state.sa", "state.tries", "state.found", "state.f0", "state.s0",
                         "evals_f", "evals_g")");
    CAPTURE(row.dump());
    const auto at = [&result](const char* column) { return result[column][1]; };
    if (at("state.s0") >= 0) continue;  // no descent
    CHECK(at("f") == doctest::Approx(at("state.fa")).epsilon(1e-14));
    if (at("state.found") == 0) continue;
    ++found;
    CHECK(at("evals_f") == at("state.tries") + 1);
    CHECK(at("evals_g") == at("state.tries") + 1);
    CHECK(at("state.sa") >= 0.9 * at("state.s0"));
    const bool wolfe = at("state.fa") - at("state.f0") <= 0.1 * at("state.a") * at("state.s0");
    const bool approximate = at("state.fa") <= at("state.f0") + 1e-6 * std::fabs(at("state.f0")) &&
                             (2 * 0.1 - 1) * at("state.s0") >= at("state.sa");
    CHECK((wolfe || approximate));
  }
  CHECK(found > 150);
}

TEST_CASE("armijo_interpolation takes the minimizer of the parabola second") {
  const json rule = {
      {"state", {{"a", 0}, {"tries", 0}}},
      {"update", {"a, fa, tries = armijo_interpolation(-g, first=4, f_x=f(x), slope=-dot(g,g))", "x = x - a*g"}}};
  // Along -g from 1 it is (1 - 2a)^2, least at 1/2.
  Run result = step("f(x) = x^2", {1}, rule, R"("x", "state.a", "state.tries", "evals_f", "evals_g")");
  CHECK(result["state.a"][1] == 0.5);
  CHECK(result["state.tries"][1] == 2);
  CHECK(result["evals_f"][1] == 3);
  CHECK(result["x"][1] == 0);
}

TEST_CASE("exact_step and brent minimize along a line") {
  const std::string quadratic = "f(x,y) = x^2 + 3*x*y + 5*y^2 + x";
  const json exact = {{"state", {{"a", 0}}}, {"update", {"a, c = exact_step([1, -2], g)", "x = x + a*[1, -2]"}}};
  const json brent = {{"state", {{"a", 0}, {"tries", 0}}},
                      {"update", {"a, fa, tries = brent([1, -2])", "x = x + a*[1, -2]"}}};
  // g = (3, 13 + …) at (1, 1): along d = (1, -2) the slope is 1·6 - 2·13 = -20 and the curvature d·H·d = 2 - 12 + 40.
  CHECK(step(quadratic, {1, 1}, exact, R"("state.a")")["state.a"][1] == doctest::Approx(20.0 / 30).epsilon(1e-14));
  Run result = step(quadratic, {1, 1}, brent, R"("state.a", "state.tries", "evals_f", "evals_g")");
  CHECK(result["state.a"][1] == doctest::Approx(20.0 / 30).epsilon(1e-7));
  CHECK(result["evals_f"][1] == result["state.tries"][1]);
  CHECK(result["evals_g"][1] == 0);
}

TEST_CASE("the steps of trust regions are Newton's where these are short, and end on the boundary elsewhere") {
  for (const std::string name : {"steihaug", "dogleg", "more_sorensen"}) {
    CAPTURE(name);
    const json rule = {
        {"state", {{"p", "zeros(n)"}, {"q", "zeros(n)"}, {"on", 0}}},
        {"update", {"p, inside = " + name + "(g, hess(), 100)", "q, on = " + name + "(g, hess(), 0.5)", "x = x + p"}}};
    Run result = step("f(x,y) = x^2 + 3*x*y + 5*y^2 + x", {1, 1}, rule,
                      R"("grad_norm", "state.q.x", "state.q.y", "state.on", "x", "y")");
    // Conjugate gradients end when the residual is small beside g.
    CHECK(result["grad_norm"][1] <= (name == "steihaug" ? 0.5 * result["grad_norm"][0] : 1e-13));
    CHECK(result["state.on"][1] == 1);
    CHECK(std::hypot(result["state.q.x"][1], result["state.q.y"][1]) ==
          doctest::Approx(0.5).epsilon(name == "more_sorensen" ? 0.1 : 1e-14));
  }
}

TEST_CASE("partial_cholesky is cholesky, or tells where it ends; smallest_singular is near and above") {
  const json rule = {
      {"state", {{"e", 0}, {"k", 0}, {"s", 0}, {"least", 0}}},
      {"update",
       {"A = [[4, 1, 2], [1, 3, 0], [2, 0, 5]]", "L, none = partial_cholesky(A)",
        "e = sum(abs(L - cholesky(A))) + none", "M, k = partial_cholesky([[4, 2, 1], [2, 1, 3], [1, 3, 9]])",
        "s, z = smallest_singular(L)", "least = sqrt(min(eigvals(A)))", "x = x - g"}}};
  Run result = step("f(x,y,z) = x^2 + y^2 + z^2", {1, 1, 1}, rule, R"("state.e", "state.k", "state.s", "state.least")");
  CHECK(result["state.e"][1] < 1e-15);
  CHECK(result["state.k"][1] == 2);
  CHECK(result["state.s"][1] >= result["state.least"][1]);
  CHECK(result["state.s"][1] <= 1.5 * result["state.least"][1]);
}

TEST_CASE("a procedure's input may be a function, which the caller's shorthand replaces") {
  const json procedures = {
      {"halve",
       {{"inputs", {{"a", nullptr}, {"good(a)", "a < 1"}}},
        {"outputs", {"a", "rounds"}},
        {"do",
         {"rounds = 0", {{"while", "not good(a)"}, {"do", {"a = a/2", "rounds = rounds + 1"}}, {"at_most", 50}}}}}}};
  const auto rounds = [&procedures](const std::string& call) {
    const json rule = {{"state", {{"k", 0}}},
                       {"define", {{"small(b)", "b < limit"}}},
                       {"procedures", procedures},
                       {"update", {"limit = 0.1", "a, k = " + call, "x = x - g"}}};
    return step("f(x) = x^2", {1}, rule, R"("state.k")")["state.k"][1];
  };
  CHECK(rounds("halve(4)") == 3);
  CHECK(rounds("halve(4, good=small)") == 6);
  CHECK_THROWS_WITH_AS(rounds("halve(4, good=1)"), doctest::Contains("expected the name of a function"),
                       optexplore::InputError);
  CHECK_THROWS_WITH_AS(rounds("halve(4, good=smal)"), doctest::Contains("did you mean 'small'?"),
                       optexplore::InputError);
  CHECK_THROWS_WITH_AS(rounds("halve(4, goo=small)"), doctest::Contains("it has: a, good"), optexplore::InputError);
}
