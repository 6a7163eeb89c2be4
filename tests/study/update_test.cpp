#include <doctest/doctest.h>

#include <optexplore/error.hpp>

#include "study/run_tools.hpp"

using run_tools::book;
using run_tools::Run;
using run_tools::run;

namespace {

std::string rule(const std::string& update, const std::string& more = "") {
  return R"j({"label": "mine", "state": {"a": 0, "b": 0, "v": "[0, 0]"})j" + more + R"j(, "update": [)j" + update +
         "]}";
}

std::string failure(const std::string& update, const std::string& more = "") {
  try {
    run(book(rule(update, more)));
    return "no error";
  } catch (const optexplore::InputError& error) {
    return error.what();
  }
}

const std::string move = R"j("x = x - 0.1*g")j";

}  // namespace

TEST_CASE("a name is carried by a loop, and what a condition sets comes out of it") {
  Run loop = run(book(rule(R"j({"for": "k = 1:4", "do": ["a = a + k", "b = b + a*k"]}, )j" + move),
                      R"j(, "columns": ["state.a", "state.b"])j"))
                 .at(0);
  CHECK(loop["state.a"][1] == 10);
  CHECK(loop["state.b"][1] == 1 + 6 + 18 + 40);
  CHECK(loop["state.a"][2] == 20);
  Run both =
      run(book(rule(R"j({"if": "t < 3", "then": ["c = t", "a = a + 1"], "else": ["c = -t"]}, "b = c", )j" + move),
               R"j(, "columns": ["state.a", "state.b"])j"))
          .at(0);
  CHECK(both["state.a"][20] == 2);
  CHECK(both["state.b"][2] == 2);
  CHECK(both["state.b"][3] == -3);
}

TEST_CASE("a range may end where the run says, and may be empty") {
  Run run_ = run(book(rule(R"j("a = 0", {"for": "k = 2:t - 1", "do": ["a = a + k"]}, )j" + move),
                      R"j(, "columns": ["state.a"])j"))
                 .at(0);
  CHECK(run_["state.a"][1] == 0);
  CHECK(run_["state.a"][2] == 0);
  CHECK(run_["state.a"][5] == 2 + 3 + 4);
}

TEST_CASE("a while with an else says what follows when at_most ended it") {
  const std::string update =
      R"j("a = 0", "b = 0", {"while": "a < t", "do": ["a = a + 1"], "at_most": 4, "else": ["b = 1"]}, )j";
  Run run_ = run(book(rule(update + move), R"j(, "columns": ["state.a", "state.b"])j")).at(0);
  CHECK(run_["state.a"][3] == 3);
  CHECK(run_["state.b"][3] == 0);
  CHECK(run_["state.a"][7] == 4);
  CHECK(run_["state.b"][7] == 1);
}

TEST_CASE("vectors grow in loops, elements are assigned by the counter") {
  Run run_ = run(book(rule(R"j("v = x", {"for": "k = 1:n", "do": ["v[k] = k*v[k]", "x[k] = x[k] - 0.1*v[k]"]})j"),
                      R"j(, "columns": ["point"])j"))
                 .at(0);
  CHECK(run_["x"][1] == -7 - 0.1 * -7.0);
  CHECK(run_["y"][1] == 2 - 0.1 * 4.0);
  Run grown = run(book(rule(R"j("s = 0", {"for": "k = 1:3", "do": ["s = s + x"]}, "x = x - 0.1*s")j"),
                       R"j(, "columns": ["point"])j"))
                  .at(0);
  CHECK(grown["x"][1] == -7 - 0.1 * (0.0 + -7 - 7 - 7));
}

TEST_CASE("what is not reached can't go wrong, also where equal lines were written before") {
  const auto last_b = [](const std::string& update) {
    CAPTURE(update);
    return run(book(rule(update), R"j(, "columns": ["state.b"])j")).at(0)["state.b"].back();
  };
  // An equal index under two equal conditions: neither is computed where the condition doesn't hold.
  CHECK(last_b(R"j("v = [1, 2]", "a = 0", "b = 0", {"if": "t <= 2", "then": ["a = v[t]"]},
                   {"if": "t <= 2", "then": ["b = v[t]"]}, "b = a + b", "x = x - 0.1*g")j") == 0);
  // A loop whose body is built twice, as m becomes a vector.
  CHECK(last_b(R"j("v = [1, 2]", "m = 0", "i = 0", "a = 0", {"while": "i < 1", "do":
                   [{"if": "t <= 2", "then": ["a = v[t]"]}, "m = m + g", "i = i + 1"]}, "b = a", "x = x - 0.1*m")j") ==
        0);
  // Loops that are not entered, with what depends on nothing that they change, and on nothing at all.
  CHECK(
      last_b(R"j("v = [1, 2]", "m = 0*g", {"for": "k = 9:floor(x[2])", "do": ["m = m + v[9 + floor(x[2])]*g"]}, "b = 1",
                   "x = x - 0.1*m - 0.1*g")j") == 1);
  CHECK(last_b(R"j("v = [1, 2]", "b = 0", {"if": "t > 100", "then": ["i = 0", "q = 0",
                   {"while": "i < 5", "do": ["i = i + 1", "q = q + v[i]"]}, "b = q"]}, "x = x - 0.1*g")j") == 0);
}

TEST_CASE("an error is told even if a loop came to its limit before") {
  CHECK(
      failure(R"j("v = [1, 2]", "i = 0*x[1]", {"while": "i < 100", "do": ["i = i + 1"], "at_most": 5}, "b = v[t + 0*i]",
                    "x = x - 0.1*b*g")j")
          .find("index 3 is outside 1…2, at step 2 of 'mine'") != std::string::npos);
}

TEST_CASE("draws don't depend on how often a body was built") {
  const auto point = [](const std::string& initial) {
    return run(book(rule(initial + R"j(, {"for": "k = 1:2", "do": ["m = m + randn()"]}, "x = x - m")j"),
                    R"j(, "columns": ["point"])j"))
        .at(0)["x"]
        .back();
  };
  CHECK(point("\"m = 0\"") == point("\"m = 0*x\""));
}

TEST_CASE("evaluations count where they are done") {
  const auto counts = [](const std::string& update, const std::string& values, double f, double g) {
    Run run_ = run(book(rule(update), R"j(, "columns": ["evals_f", "evals_g"])j")).at(0);
    CAPTURE(update);
    CAPTURE(values);
    CHECK(run_["evals_f"][1] == f);
    CHECK(run_["evals_g"][1] == g);
  };
  counts(R"j({"for": "k = 1:5", "do": ["a = a + f(x + k)"]}, "x = x - 0.1*g")j", "each round", 5, 1);
  counts(R"j({"for": "k = 1:5", "do": ["a = a + f(2*x)"]}, "x = x - 0.1*g")j", "the same in each round", 1, 1);
  counts(R"j("a = 0", {"while": "f(x + a) > 0 and a < 3", "do": ["a = a + 1"]}, "x = x - 0.1*g")j", "the test", 4, 1);
  counts(
      R"j("a = 0", {"while": "f(x + a) > -1", "do": ["b = f(x + a)", "a = a + 1"], "at_most": 3, "else": ["b = 2"]}, "x = x - 0.1*g")j",
      "what the test asked is known in the body", 3, 1);
  counts(R"j({"if": "t > 5", "then": ["a = f(3*x)"], "else": ["a = 0"]}, "x = x - 0.1*g")j", "not taken", 0, 1);
  counts(R"j({"if": "t < 5", "then": ["a = f(3*x)"], "else": ["a = f(3*x) + f(4*x)"]}, "x = x - 0.1*g")j", "taken", 1,
         1);
  counts(R"j({"for": "k = 1:3", "do": [{"for": "j = 1:k", "do": ["a = a + f(x + j*k)"]}]}, "x = x - 0.1*g")j", "nested",
         6, 1);
  counts(R"j({"if": "t > 5", "then": [{"while": "f(x + a) > 0", "do": ["a = a + 1"]}]}, "x = x - 0.1*g")j",
         "a loop not taken", 0, 1);
  counts(R"j({"if": "t > 5", "then": ["a = f(x)"]}, "x = x - 0.1*g")j", "f at the point, not taken", 0, 1);
  counts(R"j({"if": "t < 5", "then": ["x = x - 0.1*g"]}, "b = dot(g, g)")j", "g is asked for outside", 0, 1);
}

TEST_CASE("procedures of a rule's own see the point and keep their names to themselves") {
  const std::string own = R"j(, "procedures": {"half": {"inputs": {"v": null, "times": 1}, "outputs": ["h", "c"],
      "do": ["h = v", "c = 0", {"for": "k = 1:times", "do": ["h = h/2", "c = c + k"]}, "a = 99"]}})j";
  Run run_ = run(book(rule(R"j("a = 5", "d, b = half(g, times=3)", "x = x - d")j", own),
                      R"j(, "columns": ["state.a", "state.b", "point"])j"))
                 .at(0);
  CHECK(run_["state.a"][1] == 5);
  CHECK(run_["state.b"][1] == 6);
  CHECK(run_["y"][1] == 2 - 4.0 / 8);
}

TEST_CASE("updates that can't be built are refused at their places") {
  const auto says = [](const std::string& message, const std::string& part) {
    CAPTURE(message);
    CAPTURE(part);
    CHECK(message.find(part) != std::string::npos);
  };
  says(failure(R"j({"if": "t < 3", "then": ["c = 1"]}, "x = x - c*g")j"),
       "/optimizers/0/update/1: 'c' is not available here: it is set only under a condition");
  says(failure(R"j({"for": "k = 1:3", "do": ["c = k", "a = c"]}, "x = x - c*g")j"), "it is set only in a loop");
  says(failure(R"j({"for": "k = 1:3", "do": ["a = a + c", "c = k"]}, )j" + move), "it has no value before the loop");
  says(failure(R"j({"for": "k = 1:3", "do": ["c = k"]}, )j" + move),
       "/optimizers/0/update/0/do: the loop changes nothing that has a value before it");
  says(failure(R"j({"for": "k = 1:3", "do": ["k = 2", "a = k"]}, )j" + move), "'k' counts the rounds");
  says(failure(R"j({"for": "k = 1:2.5", "do": ["a = k"]}, )j" + move), "must be a whole number");
  says(failure(R"j({"for": "k = 1", "do": ["a = k"]}, )j" + move), "expected ':' and the last number");
  says(failure(R"j({"while": "x > 0", "do": ["a = 1"]}, )j" + move),
       "/optimizers/0/update/0/while: a condition must be a number, found a vector of 2");
  says(failure(R"j({"while": "a < 3", "do": []}, )j" + move), "expected at least one assignment");
  says(failure(R"j({"while": "a < 3", "do": ["a = a + 1"], "at_most": 0}, )j" + move), "at_most");
  says(failure(R"j({"while": "a < 3", "do": ["a = a + 1"], "at_mots": 5}, )j" + move), "did you mean 'at_most'?");
  says(failure(R"j({"when": "a < 3", "do": ["a = a + 1"]}, )j" + move), "unknown key 'when'");
  says(failure(R"j({"if": "t < 3", "then": ["v = [1, 2, 3]"]}, )j" + move),
       "'v' is a vector of 3 where the condition holds, and a vector of 2 elsewhere");
  says(failure(R"j({"for": "k = 1:2", "do": ["v = v*[1, 2, 3]"]}, )j" + move),
       "vectors of 2 and 3 elements can't be combined");
  says(failure(R"j({"for": "k = 1:2", "do": ["v = eye()"]}, )j" + move),
       "'v' is a vector of 2 before the loop and a matrix of 2×2 after a round");
  says(failure(R"j("a, b = golden_sectoin(g)", )j" + move), "did you mean 'golden_section'?");
  says(failure(R"j("a, b = 2*a", )j" + move), "expected a procedure's call");
  says(failure(R"j("a = 2*golden_section(g)", )j" + move), "it is a procedure; write a = golden_section(…)");
  says(failure(R"j("a, a = golden_section(g)", )j" + move), "'a' is given twice");
  says(failure(R"j("a = golden_section()", )j" + move), "golden_section needs the argument 'd'");
  says(failure(R"j("a = golden_section(g, hig=2)", )j" + move), "did you mean 'hi'?");
  says(failure(R"j("a, b, c, d = golden_section(g)", )j" + move),
       "golden_section has 3 outputs (a, fa, tries), found 4 names");
  const auto procedure = [](const std::string& body) {
    return R"j(, "procedures": {"p": {"inputs": {"d": null}, "outputs": ["q"], "do": [)j" + body + "]}}";
  };
  says(failure(R"j("a = p(g)", )j" + move, procedure(R"j("q = p(d)")j")), "the procedure 'p' would call itself");
  says(failure(R"j("a = p(g)", )j" + move, procedure(R"j("r = 1")j")), "the output 'q' is never assigned");
  says(failure(R"j("a = p(g)", )j" + move, procedure(R"j("q = 1", "x = x - d")j")), "a procedure can't assign to 'x'");
  says(failure(R"j("a = p(g)", )j" + move, procedure(R"j({"if": "t > 1", "then": ["q = 1"]})j")),
       "the output 'q' may have no value: it is set only under a condition");
  says(failure(R"j("a = p(g)", )j" + move, procedure(R"j("q = lr")j")), "undefined name 'lr'");
  std::string deep = R"j("a = a + 1")j";
  for (int i = 0; i < 17; ++i) deep = "{\"for\": \"k" + std::to_string(i) + " = 1:2\", \"do\": [" + deep + "]}";
  says(failure(deep + ", " + move), "more than 16 conditions and loops in one another");
}

TEST_CASE("a loop that at_most ends is told with the run's end, once") {
  optexplore::RunStream stream(
      optexplore::read_config(
          book(rule(R"j({"while": "a >= 0", "do": ["a = a + 1"], "at_most": 5}, "x = x - 0.01*a*g")j")), "test")
          .experiment,
      {});
  std::string limit;
  while (auto block = stream.next())
    if (block->ending) limit = block->ending->limit;
  CHECK(limit == "at_most ended the loop after 5 rounds in a >= 0, first in update 1");
}
