#include <doctest/doctest.h>

#include "experiment/experiment_test.hpp"

using namespace optexplore;
using experiment::Overrides;

namespace {

Overrides flags(std::vector<std::string> optimizers, std::vector<std::string> sets = {}) {
  Overrides overrides;
  overrides.functions = {"book"};
  overrides.optimizers = std::move(optimizers);
  overrides.sets = std::move(sets);
  return overrides;
}

std::string set_error(const std::string& set) {
  Overrides overrides;
  overrides.sets = {set};
  return experiment_error(config(R"([{"type":"adam.keras"},{"type":"sgd","label":"mine"},{"type":"sgd"}])"), overrides);
}

Experiment set(const std::string& text) {
  Overrides overrides;
  overrides.sets = {text};
  return experiment::read_request(config(R"([{"type":"adam.keras"},{"type":"sgd","label":"mine"}])"), "book.json",
                                  overrides)
      .experiment;
}

}  // namespace

TEST_CASE("flags alone make an experiment") {
  Overrides overrides = flags({"sgd:lr=0.95", "clip_norm:max_norm=2 | adam : lr = 0.1*0.5^min(t,3) | apply_momentum"});
  overrides.functions = {"f(x,y) = x²/20 + y²"};
  overrides.starts = {"-7, 2"};
  overrides.steps = "1e2";
  overrides.columns = "step, r=hypot(x,y)";
  const experiment::Request request = experiment::read_request("", "", overrides);
  const Experiment& experiment = request.experiment;
  CHECK(experiment.start.points == std::vector<std::vector<double>>{{-7, 2}});
  CHECK(experiment.steps == 100);
  CHECK(experiment.optimizers[1].label == "clip_norm+adam+apply_momentum");
  CHECK(std::get<Formula>(experiment.optimizers[1].chain[1].settings[0].second).text() == "0.1*0.5^min(t,3)");
  CHECK(request.columns[1].expression.text() == "hypot(x,y)");
  CHECK(request.flag_columns.size() == 2);
}

TEST_CASE("-O takes labels, lists, objects and whole rules") {
  const Experiment experiment =
      experiment::read_request("", "",
                               flags({"sgd:label=1,lr=[0.1,0.2]", R"(adam:lr={"log":[0.1,1,3]},label="a,b")",
                                      R"({"label":"own","update":["x = x - 0.1*g"]})"}))
          .experiment;
  CHECK(experiment.optimizers[0].label == "1");
  CHECK(std::get<Variation>(experiment.optimizers[0].chain[0].settings[0].second).values.size() == 2);
  CHECK(experiment.optimizers[1].label == "a,b");
  CHECK(experiment.optimizers[2].label == "own");
}

TEST_CASE("-f takes settings of a catalogue function") {
  Overrides overrides = flags({"sgd"});
  overrides.functions = {"ackley:dim=10,a=5"};
  const FunctionSpec function = experiment::read_request("", "", overrides).experiment.functions[0];
  CHECK(function.dim == 10);
  CHECK(std::get<double>(function.entry.params[0].second) == 5);
}

TEST_CASE("errors name the flag that is at fault") {
  CHECK(experiment_error("", flags({"sgd:lr=1+"})) ==
        "-O sgd:lr=1+: expected a number, a name or '(', found the end\n  1+\n    ^");
  CHECK(experiment_error("", flags({"adam:lr=0.1,beta1=[]"})) == "-O adam:beta1=[]: expected at least one value");
  CHECK(experiment_error("", flags({"sgd:lr"})) == "-O sgd:lr: expected key=value after ':', found 'lr'");
  CHECK(experiment_error("", flags({"sgd:lr=1,lr=2"})) == "-O sgd:lr=1,lr=2: 'lr' is given twice");
  CHECK(experiment_error("", flags({"sgd |"})) == "-O sgd |: expected TYPE[:key=value,…], for example adam:lr=0.1");
  CHECK(experiment_error("", flags({"sgdd"})) == "-O sgdd: unknown rule 'sgdd'; did you mean 'sgd'?");
  CHECK(experiment_error("", flags({"sgd:\xff=1"})) == "-O: the value is not valid UTF-8\n  sgd:?=1\n      ^");
  Overrides overrides = flags({"sgd"});
  overrides.starts = {"a,b"};
  CHECK(experiment_error("", overrides) ==
        "--start: expected a number, or an expression of one such as pi/2, found a string \"a\": undefined name 'a'");
  overrides.starts = {"1,2,3"};
  CHECK(experiment_error("", overrides) == "--start: expected 2 numbers (x, y), found 3");
  overrides.starts.clear();
  overrides.steps = "abc";
  CHECK(experiment_error("", overrides) == "--steps: expected a whole number, found a string \"abc\"");
}

TEST_CASE("--set reaches every part by key, index, label or type") {
  CHECK(std::get<double>(set("optimizers.adam.keras.lr=0.5").optimizers[0].chain[0].settings[0].second) == 0.5);
  CHECK(std::get<double>(set("optimizers.mine.lr=0.5").optimizers[1].chain[0].settings[0].second) == 0.5);
  CHECK(std::get<double>(set("optimizers.1.lr=0.5").optimizers[1].chain[0].settings[0].second) == 0.5);
  CHECK(set("steps=7").steps == 7);
  CHECK(set("start=1,2").start.points == std::vector<std::vector<double>>{{1, 2}});
  CHECK(set("function=rosenbrock:dim=3").functions[0].dim == 3);
  CHECK(set("function.dim=2").functions[0].entry.name == "book");
}

TEST_CASE("--set names what it can't find") {
  CHECK(set_error("step=5") == "--set step=5: unknown key 'step'; did you mean 'steps'?");
  CHECK(set_error("optimizer.adam.lr=5") ==
        "--set optimizer.adam.lr=5: unknown key 'optimizer'; did you mean 'optimizers'?");
  CHECK(set_error("optimizers.mime.lr=5") ==
        "--set optimizers.mime.lr=5: nothing is called 'mime'; did you mean 'mine'?");
  CHECK(set_error("optimizers.7.lr=5") ==
        "--set optimizers.7.lr=5: nothing is called '7'; expected an index below 3, a label or a type");
  CHECK(set_error("optimizers.sgd.lr=5") ==
        "--set optimizers.sgd.lr=5: several optimizers have that type; use a label or an index from 0");
  CHECK(set_error("optimizers.mine.lrr=5") ==
        "--set optimizers.mine.lrr=5: sgd has no hyperparameter 'lrr' (it has: lr); did you mean 'lr'?");
  CHECK(set_error("steps") == "--set steps: expected PATH=VALUE, for example optimizers.adam.lr=0.1");
  CHECK(set_error("steps.x=1").starts_with("--set steps.x=1: "));
  CHECK(set_error("start.x=1") == "--set start.x=1: there is no 'start' to change");
}

TEST_CASE("later stages can ask what to call a place") {
  Overrides overrides = flags({"sgd:lr=x"});
  overrides.stop = "norm(g) < 1";
  const experiment::Request request = experiment::read_request("", "", overrides);
  const auto named = [&request](const std::string& place) -> std::string {
    try {
      request.named_by_flags([&] { throw InputError("wrong", "", place); });
    } catch (const InputError& error) {
      return error.place();
    }
    return "no error";
  };
  CHECK(named("/optimizers/0/lr") == "-O sgd:lr=x");
  CHECK(named("/stop") == "--stop");
  CHECK(named("/columns/0") == "/columns/0");
  CHECK(named("--target") == "--target");
}
