#include <doctest/doctest.h>

#include <optexplore/catalog.hpp>
#include <optexplore/experiment.hpp>
#include <regex>

#include "study/run_tools.hpp"
#include "study/step.hpp"
#include "text/wrap.hpp"

using namespace optexplore;
using run_tools::optimizer;
using run_tools::Run;
using run_tools::run;
using Names = std::vector<std::string>;

namespace {

/// What shows more of a rule than its defaults do.
std::string settings_of(const std::string& rule) {
  if (rule == "adamp") return R"(, "delta": 3, "lr": 0.01)";
  if (rule == "sgdp") return R"(, "delta": 3, "nesterov": true)";
  if (rule == "adanorm") return R"(, "gamma": 0.5, "lr": 0.05)";
  if (rule == "cautious_adamw") return R"(, "xi": 1)";
  if (rule == "clip_norm" || rule == "clip_norm.optax") return R"(, "max_norm": 0.1)";
  if (rule == "apollo") return R"(, "lr": 1, "init_lr": 1)";
  if (rule == "stable_adamw") return R"(, "lr": 0.1, "beta2": 0.5)";
  return "";
}

std::vector<std::vector<double>> path(const std::string& function, const std::string& start, const std::string& text,
                                      const Names& coordinates) {
  std::string columns;
  for (const std::string& name : coordinates) columns += (columns.empty() ? "\"" : ", \"") + name + "\"";
  auto runs = run(R"({"function": ")" + function + R"(", "start": )" + start + R"(, "steps": 8, "optimizers": [)" +
                  text + R"(], "columns": [)" + columns + "]}");
  std::vector<std::vector<double>> result;
  for (const std::string& name : coordinates) result.push_back(runs[0][name]);
  return result;
}

Names flat_names(std::size_t n) {
  Names names;
  for (std::size_t i = 1; i <= n; ++i) names.push_back("v" + std::to_string(i));
  return names;
}

const Names matrix = {"W_1_1", "W_1_2", "W_2_1", "W_2_2", "W_3_1", "W_3_2"};
const Names vector_names = {"b_1", "b_2"};
const Names all = {"W_1_1", "W_1_2", "W_2_1", "W_2_2", "W_3_1", "W_3_2", "b_1", "b_2", "s"};
const char* const start = "[0.4, -0.5, 0.3, 0.8, -0.7, 0.6, 0.2, -0.9, 0.5]";

bool calls(const std::string& rule, const char* functions) {
  const std::string text(catalog::rule_text(rule));
  return std::regex_search(text, std::regex("\\b(" + std::string(functions) + ")\\("));
}

}  // namespace

TEST_CASE("which rules tell the blocks of a point from one vector") {
  Names told;
  for (const std::string& name : catalog::rule_names()) {
    INFO(name);
    const std::string text = optimizer(name, settings_of(name));
    if (text.empty()) continue;
    const auto blocks =
        path("f(W[3,2], b[2], s) = sum(([[1, 0.2, -0.3], [0.4, 0.5, 1.6]]@W + b*s)^2) + sum(W^4)/50 + s^2", start, text,
             all);
    const auto flat = path(
        "f(v[9]) = sum(([[1, 0.2, -0.3], [0.4, 0.5, 1.6]]@reshape(v[1:6], 3, 2) + v[7:8]*v[9])^2) + "
        "sum(v[1:6]^4)/50 + "
        "v[9]^2",
        start, text, flat_names(9));
    if (blocks != flat) told.push_back(name);
  }
  CAPTURE(text::join(told, " "));
  // cautious and others that only change steps stand before sgd here, where they have none to change.
  // adagc tells them after its warm-up, adamp.kozistr and sgdp.kozistr where a matrix is projected.
  CHECK(told == Names{"a2grad",
                      "adafactor",
                      "adafactor.keras",
                      "adafactor.kozistr",
                      "adafactor.optax",
                      "adago",
                      "adalite",
                      "adamp",
                      "adamuon",
                      "adanorm",
                      "adaptive_gradient_clipping",
                      "adaptive_gradient_clipping.optax",
                      "adatam",
                      "aida",
                      "amos",
                      "apollo",
                      "came",
                      "cautious_adamw",
                      "clip_block_rms",
                      "clip_norm.keras",
                      "conda",
                      "fadam",
                      "fromage",
                      "fromage.optax",
                      "galore",
                      "gradient_centralization",
                      "gravity",
                      "lamb",
                      "lamb.jettify",
                      "lamb.keras",
                      "lamb.kozistr",
                      "lars",
                      "lars.kozistr",
                      "lars.optax",
                      "mars",
                      "muon",
                      "muon.keras",
                      "muon.kozistr",
                      "muon.optax",
                      "muon.torch",
                      "nero",
                      "norm_constraint",
                      "novograd",
                      "novograd.kozistr",
                      "racs",
                      "ranger",
                      "scion",
                      "scion.kozistr",
                      "sgdp",
                      "shampoo",
                      "shampoo.jettify",
                      "shampoo.kozistr",
                      "sm3",
                      "sm3.optax",
                      "soap",
                      "soap.kozistr",
                      "splus",
                      "stable_adamw",
                      "tam"});
}

TEST_CASE("all other rules do with a block what they would do with it alone") {
  Names whole;
  for (const std::string& name : catalog::rule_names()) {
    INFO(name);
    const std::string text = optimizer(name, settings_of(name));
    if (text.empty() || calls(name, "rand|randn|rademacher")) continue;
    const std::string w = "(sum(([[1, 0.2, -0.3], [0.4, 0.5, 1.6]]@W)^2)/10 + sum(W^4)/50)", b = "sum(exp(b) - b)";
    const auto both =
        path("f(W[3,2], b[2]) = " + w + " + " + b, "[0.4, -0.5, 0.3, 0.8, -0.7, 0.6, 0.2, -0.9]", text, matrix);
    const auto alone = path("f(W[3,2]) = " + w, "[0.4, -0.5, 0.3, 0.8, -0.7, 0.6]", text, matrix);
    if (both != alone) whole.push_back(name);
  }
  // What they do with the block depends on the others: norms and products of whole points, values of f.
  for (const std::string name :
       {"bfgs", "clip_norm", "clip_norm.optax", "prodigy", "dog", "polyak_sgd", "normalized_gd", "sam"}) {
    CAPTURE(name);
    CHECK(std::ranges::find(whole, name) != whole.end());
  }
  for (const std::string& name : whole) {
    CAPTURE(name);
    const bool evaluates = calls(name, "f|grad|hvp|hess|backtracking");
    const bool says_so = catalog::rule(name).scope == RuleEntry::Scope::point;
    CHECK((evaluates || says_so || name == "clip_norm"));
  }
}

TEST_CASE("groups do with their blocks what their rules do alone") {
  const std::string w = "(sum(([[1, 0.2, -0.3], [0.4, 0.5, 1.6]]@W)^2)/10 + sum(W^4)/50)", b = "sum(exp(b) - b)";
  const std::string lars = R"("type": "lars", "lr": 3})",
                    chain = R"("chain": [{"type": "clip_norm"}, {"type": "adam"}]})";
  const std::string function = "f(W[3,2], b[2]) = " + w + " + " + b;
  const std::string at = "[0.4, -0.5, 0.3, 0.8, -0.7, 0.6, 0.2, -0.9]";
  const std::string groups = R"({"groups": [{"blocks": "b", )" + chain + R"(, {"blocks": "*", )" + lars + "]}";
  CHECK(path(function, at, groups, matrix) ==
        path("f(W[3,2]) = " + w, "[0.4, -0.5, 0.3, 0.8, -0.7, 0.6]", "{" + lars, matrix));
  CHECK(path(function, at, groups, vector_names) == path("f(b[2]) = " + b, "[0.2, -0.9]", "{" + chain, {"b1", "b2"}));
}

TEST_CASE("a group that isn't in one piece is one vector for a rule on points") {
  const std::string rule = R"("scope": "point", "update": ["x = x - 0.1*g/norm(g)*n"]})";
  const std::string f = "f(a[2], b[2], c) = sum((a - 1)^4) + sum(exp(b) - b) + (c - 3)^2";
  const auto two = path(f, "[1.5, 2, 0.2, -0.9, 5]",
                        R"({"groups": [{"blocks": ["a", "c"], )" + rule + R"(, {"blocks": "b", )" + rule + "]}",
                        {"a_1", "a_2", "c"});
  CHECK(two == path("f(a[2], c) = sum((a - 1)^4) + (c - 3)^2", "[1.5, 2, 5]", "{" + rule, {"a_1", "a_2", "c"}));
}

TEST_CASE("a rule that goes coordinate by coordinate has one flat vector, another one a state for each block") {
  const Experiment experiment = read_experiment(
      R"({"function": "f(W[3,2], b[2], s) = sum(W)^2 + sum(b)^2 + s^2", "start": 1,
          "optimizers": [{"type": "adam"}, {"type": "novograd"}, {"type": "bfgs"}]})",
      "test");
  const auto step = [&](std::size_t k) {
    const OptimizerSpec& spec = experiment.optimizers[k];
    return study::Step(experiment.functions[0], spec, study::step_settings(experiment, spec));
  };
  const study::Step adam = step(0), novograd = step(1), bfgs = step(2);
  REQUIRE(adam.states.size() == 2);
  CHECK(adam.graph().shape(adam.states[0].now) == program::Shape{9});
  CHECK(adam.states[0].block.empty());
  REQUIRE(novograd.states.size() == 6);
  CHECK(novograd.states[0].block == "W");
  CHECK(novograd.graph().shape(novograd.states[0].now) == program::matrix_shape(3, 2));
  CHECK(novograd.states[5].block == "s");
  CHECK(bfgs.graph().shape(bfgs.states[0].now) == program::matrix_shape(9, 9));
}

TEST_CASE("a rule with a block's f sees the other blocks where they are before it") {
  // Each block's own Newton step on a product: the other one counts as a constant.
  auto runs = run(R"j({"function": "f(a[1], b[1]) = a[1]^2*b[1]^2 + a[1]^4 + b[1]", "start": [2, 3], "steps": 1,
    "optimizers": [{"scope": "block", "update": ["x = x - grad(x)/hess()[1,1]"]}]})j");
  CHECK(runs[0]["a_1"][1] == doctest::Approx(2 - (2 * 2 * 9 + 4 * 8.0) / (2 * 9 + 12 * 4)).epsilon(1e-14));
  CHECK(runs[0]["b_1"][1] == doctest::Approx(3 - (2 * 4 * 3 + 1.0) / (2 * 4)).epsilon(1e-14));
}
