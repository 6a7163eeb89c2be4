// Every rule of the catalogue, by itself: at its defaults, in blocks of lanes, and against other rules.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optexplore/catalog.hpp>
#include <optexplore/experiment.hpp>
#include <optexplore/run.hpp>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "analysis/trajectory_diff.hpp"
#include "backend/backend.hpp"
#include "catalog/statements.hpp"
#include "drive/summary.hpp"
#include "study/plan.hpp"
#include "study/run_tools.hpp"
#include "study/study.hpp"

using namespace optexplore;

namespace {

bool mentions(const RuleEntry& rule, const std::string& pattern) {
  const std::regex wanted(pattern);
  return std::ranges::any_of(catalog::to_lines(rule.update),
                             [&](const std::string& line) { return std::regex_search(line, wanted); });
}

/// The rule as an optimizer that can run: what changes only g stands before sgd, what changes only the step
/// of another behind it.
std::string runnable(const std::string& name) {
  const RuleEntry rule = catalog::rule(name);
  const std::string self = R"({"type": ")" + name + R"("})";
  const std::string sgd = R"({"type": "sgd", "lr": 0.001})";
  if (!mentions(rule, "^x *=")) return R"({"label": "o", "chain": [)" + self + ", " + sgd + "]}";
  if (mentions(rule, R"(\bx_prev\b)") || !mentions(rule, R"(\bg\b|\b(grad|hvp|hess|f)\()"))
    return R"({"label": "o", "chain": [)" + sgd + ", " + self + "]}";
  return R"({"label": "o", "type": ")" + name + R"("})";
}

Experiment experiment_of(const std::string& function, const std::string& optimizer, std::uint64_t steps) {
  return read_experiment(R"({"function": )" + function + R"(, "steps": )" + std::to_string(steps) +
                             R"(, "optimizers": [)" + optimizer + "]}",
                         "test");
}

/// All entries of tests/study/identities/*.json: {"says", "a": optimizer, "b": optimizer, "function", "steps",
/// "tolerance"}; a names the rule that is proven.
std::vector<nlohmann::json> identities() {
  std::vector<nlohmann::json> result;
  for (const auto& entry : std::filesystem::directory_iterator(OPTEXPLORE_TEST_DATA "/study/identities")) {
    std::ifstream file(entry.path());
    for (auto& identity : nlohmann::json::parse(file)) result.push_back(std::move(identity));
  }
  return result;
}

/// The rules that the reference trajectories of a folder are of, which tests/study/golden_test.cpp checks.
std::set<std::string> types_in(const std::string& folder) {
  std::set<std::string> types;
  for (const auto& entry : std::filesystem::directory_iterator(OPTEXPLORE_TEST_DATA "/golden/" + folder)) {
    std::ifstream file(entry.path());
    const nlohmann::json reference = nlohmann::json::parse(file);
    for (const auto& optimizer : reference["config"]["optimizers"]) {
      if (optimizer.contains("type")) types.insert(optimizer["type"]);
      if (optimizer.contains("chain"))
        for (const auto& rule : optimizer["chain"]) types.insert(rule["type"]);
    }
  }
  return types;
}

}  // namespace

TEST_CASE("every rule stays finite at its defaults, but for those whose paper's rule diverges there") {
  const std::vector<std::string> functions = {R"("book")", R"("booth")", R"("beale")", R"("himmelblau")",
                                              R"({"name": "sphere", "dim": 5})"};
  // Each says so in its note.
  const std::string beale = R"("beale")", himmelblau = R"("himmelblau")";
  const std::set<std::pair<std::string, std::string>> diverging = {{"acprop", beale},
                                                                   {"apollo", beale},
                                                                   {"apollo", himmelblau},
                                                                   {"dadapt_sgd", himmelblau},
                                                                   {"schedule_free_sgd", beale},
                                                                   {"schedule_free_sgd", himmelblau}};
  for (const std::string& name : catalog::rule_names())
    for (const std::string& function : functions) {
      INFO(name << " on " << function);
      RunStream stream(experiment_of(function, runnable(name), 200), {});
      Status status{};
      while (const auto block = stream.next())
        if (block->ending) status = block->ending->status;
      CHECK((status == Status::diverged) == diverging.contains({name, function}));
    }
}

TEST_CASE("a rule's point and state have the same bits alone and as one lane of a block") {
  const std::string function = R"j({"definition": "f(x[3]) = sum((x - 1)^4) + prod(cos(x/2)) + norm(x)"})j";
  for (const std::string& name : catalog::rule_names()) {
    INFO(name);
    Experiment e = experiment_of(function + R"(, "start": {"uniform": [[-1, 1], [-1, 1], [-1, 1]], "count": 5})",
                                 runnable(name), 30);
    study::Wanted wanted;
    wanted.columns = {{"point", {}}};
    for (const RuleUse& use : e.optimizers[0].chain)
      for (const auto& [state, initial] : use.rule.state)
        wanted.columns.push_back({"state." + use.rule.name + "." + state, {}});
    const study::Study study(e, wanted);
    const study::Plan& plan = study.plan(0);
    const std::vector<std::uint64_t> all = {0, 1, 2, 3, 4};
    const std::vector<drive::Summary> block = drive::summarize(plan, all);
    for (const std::uint64_t run : all) {
      const std::vector<double> alone = drive::summarize(plan, {&run, 1}).front().recorded;
      REQUIRE(alone.size() >= 3);
      CHECK(std::memcmp(alone.data(), block[run].recorded.data(), alone.size() * sizeof(double)) == 0);
    }
    // A program made for one lane only; the first run has the same random numbers.
    const std::vector<double> start = plan.expansion.start(0);
    e.start.kind = StartSpec::Kind::points;
    e.start.points = {start};
    const study::Study single(e, wanted);
    const std::uint64_t first = 0;
    const std::vector<double> alone = drive::summarize(single.plan(0), {&first, 1}).front().recorded;
    CHECK(std::memcmp(alone.data(), block[0].recorded.data(), alone.size() * sizeof(double)) == 0);
  }
}

TEST_CASE("identities: each rule equals another one, or another form of itself, for certain settings") {
  std::set<std::string> covered;
  for (const auto& identity : identities()) {
    INFO(identity.dump());
    const std::string function = identity.contains("function") ? identity["function"].dump() : R"("rosenbrock")";
    const std::uint64_t steps = identity.value("steps", 100);
    const Experiment a = experiment_of(function, identity["a"].dump(), steps);
    const Experiment b = experiment_of(function, identity["b"].dump(), steps);
    const analysis::TrajectoryDiff diff =
        analysis::compare(analysis::only_run(a), analysis::only_run(b), analysis::only_run(a, {}, analysis::nudge));
    CHECK(diff.agree(identity.value("tolerance", 1e-12)));
    CHECK(diff.grown == 0);        // every gap counts
    CHECK(diff.steps_a == steps);  // two runs that diverge at once prove nothing
    for (const RuleUse& use : a.optimizers[0].chain) covered.insert(use.rule.name);
  }
  covered.merge(types_in("classical"));
  covered.merge(types_in("blocks"));
  // methods_test.cpp: what they reach on quadratics, how many evaluations they need.
  covered.insert({"nonlinear_cg", "dfp", "sr1", "pattern_search", "coordinate_descent", "nelder_mead", "cma_es", "xnes",
                  "one_plus_one_es", "differential_evolution"});
  for (const std::string& name : catalog::rule_names()) {
    INFO("the rule without an identity is " << name);
    CHECK(covered.contains(name));
  }
}
