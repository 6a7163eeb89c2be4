#include <doctest/doctest.h>

#include "experiment/experiment_test.hpp"

using namespace optexplore;

namespace {

std::vector<OptimizerSpec> read(const std::string& optimizers) {
  return read_experiment(config(optimizers), "book.json").optimizers;
}
std::string error_of(const std::string& optimizers) { return experiment_error(config(optimizers)); }

std::vector<std::string> labels(const std::string& optimizers) {
  std::vector<std::string> result;
  for (const OptimizerSpec& optimizer : read(optimizers)) result.push_back(optimizer.label);
  return result;
}

using Labels = std::vector<std::string>;

}  // namespace

TEST_CASE("labels are the type, and the settings that differ where that isn't unique") {
  CHECK(labels(R"([{"type":"sgd"},{"type":"adam"}])") == Labels{"sgd", "adam"});
  CHECK(labels(R"([{"type":"momentum","lr":0.8},{"type":"momentum","lr":0.9}])") ==
        Labels{"momentum lr=0.8", "momentum lr=0.9"});
  CHECK(labels(R"([{"type":"sgd","label":"plain"},{"type":"sgd"}])") == Labels{"plain", "sgd"});
  CHECK(
      labels(
          R"([{"chain":[{"type":"clip_norm"},{"type":"adam","lr":1}]},{"chain":[{"type":"clip_norm"},{"type":"adam"}]}])") ==
      Labels{"clip_norm+adam lr=1", "clip_norm+adam lr=0.001"});
  CHECK(labels(R"([{"type":"sgd","lr":[1,2]},{"type":"sgd","lr":{"log":[0.1,1,5]}},{"type":"sgd","lr":"0.1/t"}])") ==
        Labels{"sgd lr=[1,2]", "sgd lr=log(0.1,1,5)", "sgd lr=0.1/t"});
  CHECK(labels(R"([{"update":["x = x - g"]}])") == Labels{"custom"});
}

TEST_CASE("equal labels are an error that names both places") {
  CHECK(error_of(R"([{"type":"sgd"},{"type":"sgd"}])") ==
        "/optimizers/1: the label 'sgd' is also that of /optimizers/0; give one of them a label of its own, as in "
        "\"label\": \"mine\"");
  CHECK(error_of(R"([{"type":"sgd","label":"a"},{"type":"adam","label":"a"}])") ==
        "/optimizers/1: the label 'a' is also that of /optimizers/0; give one of them a label of its own, as in "
        "\"label\": \"mine\"");
}

TEST_CASE("hyperparameters come in many forms") {
  const auto setting = [](const std::string& json) {
    return read(R"([{"type":"sgd","lr":)" + json + "}]")[0].chain[0].settings[0].second;
  };
  CHECK(std::get<double>(setting("0.5")) == 0.5);
  CHECK(std::get<double>(setting("true")) == 1);
  CHECK(std::get<double>(setting("\".5\"")) == 0.5);
  CHECK(std::get<Formula>(setting("\"0.1*0.5^t\"")).text() == "0.1*0.5^t");
  CHECK(std::get<Variation>(setting("[1,2]")).values == std::vector<double>{1, 2});
  const auto log = std::get<Variation>(setting(R"({"log":[0.001,1,4]})"));
  CHECK(log.kind == Variation::Kind::log);
  CHECK(log.low == 0.001);
  CHECK(log.count() == 4);
  const auto drawn = read(R"([{"type":"sgd","lr":{"loguniform":[0.001,1]},"samples":7}])")[0];
  CHECK(drawn.samples == 7);
  CHECK(std::get<Variation>(drawn.chain[0].settings[0].second).count() == 7);
}

TEST_CASE("faults of hyperparameters are named") {
  CHECK(error_of(R"([{"type":"sgd"},{"type":"sgd","momentun":1}])") ==
        "/optimizers/1: sgd has no hyperparameter 'momentun' (it has: lr)");
  CHECK(error_of(R"([{"type":"momentum","momentun":1}])") ==
        "/optimizers/0: momentum has no hyperparameter 'momentun' (it has: lr, momentum, dampening); "
        "did you mean 'momentum'?");
  CHECK(error_of(R"([{"type":"sgd","lr":[]}])") == "/optimizers/0/lr: expected at least one value");
  CHECK(error_of(R"([{"type":"sgd","lr":{"log":[0,1,3]}}])") ==
        "/optimizers/0/lr/log/0: expected a number above 0, found 0");
  CHECK(error_of(R"([{"type":"sgd","lr":{"linear":[0,1]}}])") ==
        "/optimizers/0/lr/linear: expected [first, last, number of values]");
  CHECK(error_of(R"([{"type":"sgd","lr":{"uniform":[1,0]}}])") ==
        "/optimizers/0/lr/uniform: expected [low, high] with low < high");
  CHECK(error_of(R"([{"type":"sgd","lr":{}}])") ==
        "/optimizers/0/lr: expected exactly one of linear, log, uniform and loguniform");
  CHECK(error_of(R"([{"type":"sgd","lr":"1+"}])") ==
        "/optimizers/0/lr: expected a number, a name or '(', found the end\n  1+\n    ^");
  CHECK(error_of(R"([{"type":"sgd","samples":3}])") ==
        "/optimizers/0: 'samples' needs a hyperparameter given as {\"uniform\": [low, high]} or "
        "{\"loguniform\": [low, high]}");
}

TEST_CASE("faults of rules and chains are named") {
  CHECK(error_of(R"([{"type":"adm"}])") == "/optimizers/0/type: unknown rule 'adm'; did you mean 'adam'?");
  CHECK(error_of(R"([{"lr":1}])") ==
        "/optimizers/0: expected an object with \"type\" (a rule of the catalogue), \"update\" (a rule of its own), "
        "\"chain\" or \"groups\"");
  CHECK(error_of(R"([3])") == "/optimizers/0: expected an object such as {\"type\": \"adam\", \"lr\": 0.1}, found 3");
  CHECK(error_of(R"([{"chain":[]}])") == "/optimizers/0/chain: expected at least one rule");
  CHECK(error_of(R"([{"chain":[{"type":"sgd","label":"a"}]}])") ==
        "/optimizers/0/chain/0: sgd has no hyperparameter 'label' (it has: lr)");
  CHECK(error_of(R"([{"chain":[{"type":"sgd"}],"lr":1}])") ==
        "/optimizers/0: unknown key 'lr'; expected one of label, samples, gradient, h, precision, chain");
  CHECK(error_of(R"([{"type":"sgd","update":["x = x"]}])") ==
        "/optimizers/0: a rule has either a \"type\" of the catalogue or an \"update\" of its own");
  CHECK(error_of(R"([{"params":{"x":1},"update":["x = x"]}])") ==
        "/optimizers/0/params: 'x' can't name a hyperparameter: it has a meaning of its own in rules");
  CHECK(error_of(R"([{"label":"","type":"sgd"}])") ==
        "/optimizers/0/label: expected a label of one line, found a string \"\"");
}

TEST_CASE("rules of a chain know where they stand") {
  const auto optimizers = read(R"([{"label":"c","chain":[{"type":"clip_norm"},{"update":["x = x - g"]}]}])");
  CHECK(optimizers[0].type == "clip_norm+custom");
  CHECK(optimizers[0].chain[1].pointer == "/optimizers/0/chain/1");
}
