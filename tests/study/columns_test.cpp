#include "study/columns.hpp"

#include <doctest/doctest.h>

#include <optexplore/error.hpp>

#include "study/run_tools.hpp"

using namespace optexplore;

namespace {

const std::string two_sgd =
    R"({"chain": [{"type": "momentum", "lr": 0.1}, {"type": "momentum", "lr": 0.2, "momentum": 0.5}]})";

std::string failure(const std::string& config) {
  try {
    run_tools::run(config);
    return "no error";
  } catch (const InputError& error) {
    return error.what();
  }
}

std::string large(std::size_t dim, const std::string& columns) {
  return R"({"function": {"name": "sphere", "dim": )" + std::to_string(dim) +
         R"(}, "steps": 1, "optimizers": [{"type": "momentum", "lr": 0.1}], "columns": )" + columns + "}";
}

}  // namespace

TEST_CASE("each of two uses of a rule is addressed by its name; without one the first is meant") {
  auto runs = run_tools::run(
      run_tools::book(two_sgd, R"j(, "columns": ["hp.lr", "hp.momentum.lr", "hp.momentum2.lr", "hp.momentum2.momentum",
                                 "a=norm(state.buf - state.momentum.buf)", "b=norm(state.buf - state.momentum2.buf)"])j"));
  CHECK(runs[0]["hp.lr"].back() == 0.1);
  CHECK(runs[0]["hp.momentum.lr"].back() == 0.1);
  CHECK(runs[0]["hp.momentum2.lr"].back() == 0.2);
  CHECK(runs[0]["hp.momentum2.momentum"].back() == 0.5);
  CHECK(runs[0]["a"].back() == 0);
  CHECK(runs[0]["b"].back() > 0);
  CHECK(runs[0].group.facts_of("hyperparameters")[0].name == "momentum.lr");
  CHECK(runs[0].group.facts_of("hyperparameters")[3].name == "momentum2.lr");
}

TEST_CASE("coordinates are names in any dimension, of the point, the gradient and the state") {
  for (const std::size_t dim : {3, 100'000, 100'001}) {
    CAPTURE(dim);
    const std::string last = "x" + std::to_string(dim);
    auto runs = run_tools::run(large(dim, R"([")" + last + R"(", "g.)" + last + R"(", "state.buf.)" + last + R"("])"));
    CHECK(runs[0][last].size() == 2);
    CHECK(runs[0]["g." + last][0] == 2 * runs[0][last][0]);
    CHECK(runs[0]["state.buf." + last][1] == 2 * runs[0][last][0]);
  }
  CHECK(failure(large(100'000, R"(["x100001"])")).starts_with("/columns/0: undefined name 'x100001'; did you mean 'x"));
}

TEST_CASE("what another function or optimizer has is an empty cell, and a sum's index is no such name") {
  const std::string functions = R"j({"functions": [{"definition": "f(x,y) = x^2 + y^2", "name": "a"},
                                                    {"definition": "f(u,v) = u^2 + v^2", "name": "b"}],
                                     "start": [1, 2], "steps": 1, "optimizers": [{"type": "sgd"}, {"type": "momentum"}],
                                     "columns": )j";
  optexplore::Config config =
      read_config(functions + R"j(["f", "u", "g.y", "r=x+y", "state.buf.v", "k=sum(u,1,2,u)"]})j", "test");
  RunStream stream(config.experiment, {config.columns});
  std::vector<std::string> present;
  for (int run = 0; run < 4; ++run) {
    const auto block = stream.next();
    std::string text;
    for (const Values& values : *block->columns) text += values.encoding == Values::Encoding::absent ? '0' : '1';
    present.push_back(text);
  }
  CHECK(present == std::vector<std::string>{"101101", "101101", "110001", "110011"});
  CHECK(failure(functions + R"(["q"]})").starts_with("/columns/0: undefined name 'q'"));
  CHECK(failure(functions + R"(["f"], "stop": "u < 0"})") ==
        "/stop: a name in 'u < 0' doesn't exist for every function and optimizer");
}

TEST_CASE("a column of a choice has its names") {
  const Config config = read_config(run_tools::book(R"({"type": "srmm", "label": "a"}, {"type": "sgd"},
                         {"label": "b", "params": {"variant": "exp"}, "choices": {"variant": ["lin", "exp"]},
                          "update": ["x = x - 0.1*g"]},
                         {"label": "c", "params": {"variant": "lin"}, "choices": {"variant": ["lin", "exp"]},
                          "update": ["x = x - 0.1*g"]})",
                                                    R"(, "columns": ["hp.variant", "value=2*hp.variant"])"),
                                    "test");
  RunStream stream(config.experiment, {config.columns});
  REQUIRE(stream.schema().columns[0].kind == Column::Kind::text);
  CHECK(stream.schema().columns[0].labels == std::vector<std::string>{"exp", "lin"});
  for (int without = 0; without < 2; ++without)
    CHECK(stream.next()->columns->front().encoding == Values::Encoding::absent);
  CHECK(stream.next()->at(0, 0) == 0);
  const auto c = stream.next();
  CHECK(c->at(0, 0) == 1);
  CHECK(c->at(1, 0) == 0);
}
