#include "experiment/hyperparameters.hpp"

#include <doctest/doctest.h>

#include "experiment/experiment_test.hpp"

using namespace optexplore;
using Names = std::vector<std::string>;

namespace {

/// The names of the hyperparameters of one optimizer.
Names names(const std::string& optimizer) {
  const auto optimizers = read_experiment(config("[" + optimizer + "]"), "test").optimizers;
  Names result;
  for (const auto& each : experiment::hyperparameters(optimizers[0])) result.push_back(each.name);
  return result;
}

/// What --set leads to: the first hyperparameter of each rule of a chain, or the error.
std::string set(const std::string& chain, const std::string& path) {
  experiment::Overrides overrides;
  overrides.sets = {path};
  try {
    const auto request = experiment::read_request(config(R"([{"label":"c","chain":[)" + chain + "]}]"), "", overrides);
    std::string texts;
    for (const auto& each : experiment::hyperparameters(request.experiment.optimizers[0]))
      texts += each.name + "=" + each.text(std::get<double>(*each.setting)) + " ";
    return texts;
  } catch (const InputError& error) {
    return error.what();
  }
}

const std::string sgd = R"({"type":"sgd"})";
const std::string own = R"({"params":{"a":1},"update":["x = x - a*g"]})";

}  // namespace

TEST_CASE("a name that one rule of a chain has stays as it is; that of several has the rule's in front") {
  CHECK(names(R"({"type":"momentum"})") == Names{"lr", "momentum", "dampening"});
  CHECK(names(R"({"chain":[{"type":"clip_norm"},{"type":"sgd"}]})") == Names{"max_norm", "per_block", "lr"});
  CHECK(names(R"({"chain":[{"type":"sgd"},{"type":"momentum"}]})") ==
        Names{"sgd.lr", "momentum.lr", "momentum", "dampening"});
}

TEST_CASE("uses of one rule are numbered, and a rule's own name is never taken for a number") {
  CHECK(names("{\"chain\":[" + sgd + "," + sgd + "," + sgd + "]}") == Names{"sgd.lr", "sgd2.lr", "sgd3.lr"});
  CHECK(names("{\"chain\":[" + own + "," + own + "]}") == Names{"custom.a", "custom2.a"});
  CHECK(names("{\"chain\":[" + sgd + "," + own + "]}") == Names{"lr", "a"});
  CHECK(experiment::use_names(Names{"sgd", "sgd2", "sgd", ""}) == Names{"sgd", "sgd2", "sgd3", "custom"});
}

TEST_CASE("a hyperparameter's kind and text are those of its setting") {
  const auto optimizers =
      read_experiment(
          config(R"([{"params":{"a":100000,"b":"0.1*t","c":[1e-8,2],"d":"two"},"choices":{"d":["one","two"]},
                  "update":["x = x - (a + b + c)*g"]}])"),
          "test")
          .optimizers;
  const auto table = experiment::hyperparameters(optimizers[0]);
  using Kind = experiment::Hyperparameter::Kind;
  CHECK((table[0].kind() == Kind::constant && table[0].number() && table[0].text(100000) == "100000"));
  CHECK((table[1].kind() == Kind::schedule && !table[1].number() && table[1].text(0) == "0.1*t"));
  CHECK((table[2].kind() == Kind::axis && table[2].number() && table[2].text(1e-8) == "1e-8"));
  CHECK((table[3].kind() == Kind::choice && !table[3].number() && table[3].text(1) == "two"));
}

TEST_CASE("--set takes the names that outputs have") {
  const std::string two = sgd + "," + sgd, clipped = R"({"type":"clip_norm"},)" + sgd;
  CHECK(set(two, "optimizers.c.sgd2.lr=7") == "sgd.lr=0.001 sgd2.lr=7 ");
  CHECK(set(two, "optimizers.c.sgd.lr=7") == "sgd.lr=7 sgd2.lr=0.001 ");
  CHECK(set(clipped, "optimizers.c.lr=7") == "max_norm=1 per_block=0 lr=7 ");
  CHECK(set(clipped, "optimizers.c.sgd.lr=7") == "max_norm=1 per_block=0 lr=7 ");
  CHECK(set(clipped, "optimizers.c.chain.1.lr=7") == "max_norm=1 per_block=0 lr=7 ");
  CHECK(set(own + "," + own, "optimizers.c.custom2.a=7") == "custom.a=1 custom2.a=7 ");
  CHECK(set(two, "optimizers.c.lr=7") ==
        "--set optimizers.c.lr=7: several rules of the chain have 'lr'; expected one of sgd.lr, sgd2.lr");
  CHECK(set(clipped, "optimizers.c.max_nrm=7") ==
        "--set optimizers.c.max_nrm=7: no rule of the chain has a hyperparameter 'max_nrm' (they have: max_norm, "
        "per_block, lr); "
        "did you mean 'max_norm'?");
}

TEST_CASE("labels print numbers as everything else does") {
  const auto optimizers =
      read_experiment(config(R"([{"type":"sgd","lr":100000},{"type":"sgd","lr":1e-8}])"), "test").optimizers;
  CHECK(optimizers[0].label == "sgd lr=100000");
  CHECK(optimizers[1].label == "sgd lr=1e-8");
}
