#include <doctest/doctest.h>

#include "experiment/experiment_test.hpp"

using namespace optexplore;

TEST_CASE("the example of the design is read") {
  const Config read = read_config(R"json({
      "function": "f(x,y) = x²/20 + y²", "start": [-7, 2], "steps": 30,
      "gradient": "central", "h": 1e-5,   // for comparison
      "optimizers": [
        { "type": "sgd", "lr": 0.95 },
        { "type": "momentum", "lr": 0.1, "momentum": 0.9, "label": "Momentum" },
        { "label": "mine", "params": {"lr": 0.1}, "state": {"v": 0},
          "update": ["v = 0.9*v + g", "x = x - lr*sign(v)"] } ],
      "stop": "norm(g) < 1e-8",
      "columns": ["optimizer", "step", "x", "speed=norm(point - point_prev)", "low=x<=2"] })json",
                                  "book.json");
  const Experiment& experiment = read.experiment;
  REQUIRE(experiment.functions.size() == 1);
  CHECK(experiment.functions[0].entry.name == "f");
  CHECK(experiment.functions[0].dim == 2);
  CHECK(experiment.functions[0].coordinate(1) == "y");
  CHECK(experiment.start.points == std::vector<std::vector<double>>{{-7, 2}});
  CHECK(experiment.steps == 30);
  CHECK(experiment.gradient == GradientMode::central);
  CHECK(experiment.h == 1e-5);
  REQUIRE(experiment.optimizers.size() == 3);
  CHECK(experiment.optimizers[1].label == "Momentum");
  CHECK(experiment.optimizers[1].chain[0].given == std::vector<std::string>{"lr", "momentum"});
  CHECK(experiment.optimizers[1].chain[0].settings.size() == 3);
  CHECK(experiment.optimizers[2].type.empty());
  CHECK(experiment.optimizers[2].chain[0].rule.state == std::vector<std::pair<std::string, Formula>>{{"v", "0"}});
  CHECK(read.columns[3].name == "speed");
  CHECK(read.columns[3].expression.text() == "norm(point - point_prev)");
  CHECK(read.columns[4].expression.text() == "x<=2");
}

TEST_CASE("defaults: 100 steps, seed 0, the function's own start") {
  const Experiment experiment = read_experiment(config(R"([{"type":"adam"}])"), "book.json");
  CHECK(experiment.steps == 100);
  CHECK(experiment.seed == 0);
  CHECK(experiment.seeds == 1);
  CHECK(experiment.start.kind == StartSpec::Kind::function_default);
  CHECK(experiment.functions[0].entry.start == std::vector<double>{-7, 2});
}

TEST_CASE("what is missing is named together with the remedy") {
  CHECK(experiment_error(R"({"optimizers":[{"type":"sgd"}]})") ==
        "book.json: there is no function; add \"function\": \"f(x,y) = x^2 + y^2\" to the config, or use -f");
  CHECK(experiment_error(R"({"function":"book"})") ==
        "book.json: there is no optimizer; add \"optimizers\": [{\"type\": \"adam\"}] to the config, or use -O");
  CHECK(experiment_error(R"({"function":"f(x,y)=x*y","optimizers":[{"type":"sgd"}]})") ==
        "book.json: there is no start; the function f has none of its own: add \"start\": [1, 2] to the config, "
        "or use --start");
}

TEST_CASE("top-level members are checked") {
  CHECK(experiment_error(R"({"functio":"book"})") == "book.json: unknown key 'functio'; did you mean 'function'?");
  CHECK(experiment_error("[1]") == "book.json: expected an object { … }, found an array");
  CHECK(experiment_error(config("[]")) == "/optimizers: expected at least one optimizer");
  CHECK(experiment_error(config(R"([{"type":"sgd"}])", R"(,"steps":2.7)")) ==
        "/steps: expected a whole number, found 2.7");
  CHECK(experiment_error(config(R"([{"type":"sgd"}])", R"(,"seeds":0)")) ==
        "/seeds: expected a whole number of at least 1, found 0");
  CHECK(experiment_error(config(R"([{"type":"sgd"}])", R"(,"h":0)")) == "/h: expected a number above 0, found 0");
  CHECK(experiment_error(config(R"([{"type":"sgd"}])", R"(,"gradient":"numeric")")) ==
        "/gradient: a numerical gradient is \"central\" here (the book's) or \"forward\"");
  CHECK(experiment_error(config(R"([{"type":"sgd"}])", R"(,"functions":["book"])")) ==
        "book.json: expected either 'function' or 'functions', found both");
  CHECK(experiment_error(config(R"([{"type":"sgd"}])", R"(,"stop":"norm(g")")) ==
        "/stop: this '(' is never closed\n  norm(g\n      ^");
}

TEST_CASE("an error of meaning says where it stands: file, line and column, then the pointer") {
  const auto error = [](const std::string& text) -> std::string {
    try {
      experiment::read_request(text, "lib/book.json", {});
    } catch (const InputError& e) {
      return e.place();
    }
    return "accepted";
  };
  CHECK(error("{\n  \"function\": \"book\", // it\n  \"steps\": 2.5,\n  \"optimizers\": [{\"type\": \"sgd\"}]\n}") ==
        "lib/book.json:3:12: /steps");
  CHECK(error("\xEF\xBB\xBF{\"function\": \"book\", \"optimizers\": [\n {\"type\": \"sgd\"},\n /* é */ {\"type\": "
              "\"adam\", \"lr\": "
              "\"q q\"}]}") == "lib/book.json:3:33: /optimizers/1/lr");
  CHECK(error(R"({"function": "book", "optimizers": [{"type": "sgd", "a\"b": true}]})") ==
        "lib/book.json:1:36: /optimizers/0");
}

TEST_CASE("columns are names or name=expression") {
  CHECK(experiment_error(config(R"([{"type":"sgd"}])", R"json(,"columns":["step","norm(g)"])json")) ==
        "/columns/1: expected a column's name or name=expression, found 'norm(g)'; write for example value=norm(g)");
  CHECK(experiment_error(config(R"([{"type":"sgd"}])", R"(,"columns":["step","step"])")) ==
        "/columns/1: the column 'step' is given twice");
  CHECK(experiment_error(config(R"([{"type":"sgd"}])", R"(,"columns":[])")) ==
        "/columns: expected at least one column");
  CHECK(experiment_error(config(R"([{"type":"sgd"}])", R"(,"columns":["a b=x"])")) ==
        "/columns/0: 'a b' can't name a column: expected letters, digits and _");
}
