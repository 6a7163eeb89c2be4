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

#include "analysis/parting.hpp"
#include "backend/interpreter/machine.hpp"
#include "study/run_tools.hpp"
#include "study/study.hpp"

using namespace optexplore;

namespace {

bool mentions(const RuleEntry& rule, const std::string& pattern) {
  const std::regex wanted(pattern);
  return std::any_of(rule.update.begin(), rule.update.end(),
                     [&](const AssignmentText& line) { return std::regex_search(line.text(), wanted); });
}

/// The rule as an optimizer that can run: what changes only g stands before sgd, what never looks at the function
/// behind it.
std::string runnable(const std::string& name) {
  const RuleEntry rule = catalog::rule(name);
  const std::string self = R"({"type": ")" + name + R"("})";
  const std::string sgd = R"({"type": "sgd", "lr": 0.001})";
  if (!mentions(rule, "^x *=")) return R"({"label": "o", "chain": [)" + self + ", " + sgd + "]}";
  if (!mentions(rule, R"(\bg\b|\b(grad|hvp|hess|f)\()"))
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
      while (const auto block = stream.next()) status = block->status;
      CHECK((status == Status::diverged) == diverging.contains({name, function}));
    }
}

TEST_CASE("a rule's point and state have the same bits alone and as one lane of a block") {
  constexpr std::size_t lanes = 5;
  const std::string function =
      R"j({"definition": "f(x[3]) = sum((x - 1)^4) + prod(cos(x/2)) + norm(x)", "start": [1]})j";
  for (const std::string& name : catalog::rule_names()) {
    INFO(name);
    Experiment e = experiment_of(function, runnable(name), 30);
    const study::Study study(e, {});
    const study::Plan& plan = study.plan(0);
    const std::vector<double> settings = plan.expansion.hyperparameters(0);
    const auto start = [](std::size_t lane, std::size_t i) { return 0.3 + 0.21 * double(lane) - 0.4 * double(i); };

    /// 30 steps of the lanes first … first + machine.lanes() - 1.
    const auto run_lanes = [&](backend::Machine& machine, std::size_t first) {
      backend::Machine initial(plan.initial, machine.lanes());
      std::vector<program::RandomKey> keys;
      for (std::size_t l = 0; l < machine.lanes(); ++l) keys.push_back({7, first + l});
      machine.set_keys(keys);
      std::size_t at = 0;
      for (std::size_t k = 0; k < settings.size(); ++k)
        if ((*plan.hyperparameters)[k].number()) {
          machine.input(plan.first_hyperparameter_input() + at).at(0, 0) = settings[k];
          initial.input(1 + at++).at(0, 0) = settings[k];
        }
      initial.input(1 + at).at(0, 0) = 1;
      for (std::size_t l = 0; l < machine.lanes(); ++l)
        for (std::size_t i = 0; i < 3; ++i)
          for (const backend::LaneView view :
               {machine.input(study::Plan::point_input), machine.input(study::Plan::previous_input), initial.input(0)})
            view.at(i, l) = start(first + l, i);
      initial.prologue();
      initial.observe();
      for (std::size_t k = 0; k < plan.states; ++k) {
        const backend::LaneView to = machine.input(study::Plan::first_state_input + k);
        for (std::size_t r = 0; r < to.rows; ++r)
          for (std::size_t l = 0; l < machine.lanes(); ++l) to.at(r, l) = initial.observed(k).at(r, l);
      }
      machine.prologue();
      for (std::uint64_t step = 1; step <= 30; ++step) {
        machine.input(study::Plan::t_input).at(0, 0) = static_cast<double>(step);
        machine.set_step(step);
        machine.observe();
        machine.update();
      }
    };

    backend::Machine block(plan.program, lanes);
    run_lanes(block, 0);
    for (std::size_t l = 0; l < lanes; ++l) {
      backend::Machine alone(plan.program, 1);
      run_lanes(alone, l);
      for (std::size_t input = 0; input < study::Plan::first_state_input + plan.states; ++input) {
        const backend::LaneView one = alone.input(input), all = block.input(input);
        for (std::size_t r = 0; r < one.rows; ++r) {
          const double a = one.at(r, 0), b = all.at(r, l);
          CHECK(std::memcmp(&a, &b, sizeof a) == 0);
        }
      }
    }
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
    const analysis::Parting parting = analysis::compare(analysis::only_run(a), analysis::only_run(b));
    CHECK(parting.agree(identity.value("tolerance", 1e-12)));
    CHECK(parting.steps_a == steps);  // two runs that diverge at once prove nothing
    for (const RuleUse& use : a.optimizers[0].chain) covered.insert(use.rule.name);
  }
  for (const std::string& name : catalog::rule_names()) {
    INFO("the rule without an identity is " << name);
    CHECK(covered.contains(name));
  }
}
