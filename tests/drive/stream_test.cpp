#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optexplore/error.hpp>

#include "study/run_tools.hpp"

using optexplore::Status;
using run_tools::book;
using run_tools::run;

TEST_CASE("N steps give N+1 rows, and every K-th keeps the first and the last") {
  auto all = run(book(R"j({"type": "sgd", "lr": 0.1})j"));
  REQUIRE(all[0]["step"].size() == 21);
  for (std::size_t k = 0; k <= 20; ++k) CHECK(all[0]["step"][k] == static_cast<double>(k));
  auto some = run(book(R"j({"type": "sgd", "lr": 0.1})j"), {.every = 6});
  CHECK(some[0]["step"] == std::vector<double>{0, 6, 12, 18, 20});
  CHECK(some[0]["x"][2] == all[0]["x"][12]);
  CHECK(run(book(R"j({"type": "sgd"})j", R"j(, "steps": 0)j")
                .replace(book("").find("\"steps\": 20, "), 13, ""))[0]["step"]
            .size() == 1);
}

TEST_CASE("leaving rows out or cutting the stream into small blocks changes no number") {
  const std::string config =
      book(R"j({"type": "adam", "lr": 0.3}, {"type": "rmsprop", "lr": 0.1, "momentum": 0.5, "centered": true},
                                     {"label": "n", "chain": [{"type": "gradient_noise"}, {"type": "sgd", "lr": 0.1}]})j",
           R"j(, "columns": ["step", "x", "y", "f", "grad_norm", "speed=norm(point - point_prev)"])j");
  auto all = run(config);
  auto sparse = run(config, {.every = 5, .block_rows = 1});
  for (std::size_t i = 0; i < all.size(); ++i)
    for (const char* name : {"x", "y", "f", "grad_norm", "speed"})
      for (std::size_t k = 0; k < sparse[i]["step"].size(); ++k) {
        INFO(name);
        CHECK(sparse[i][name][k] == all[i][name][5 * k]);
      }
}

TEST_CASE("a stop condition ends the run at the first row where it holds") {
  auto runs = run(book(R"j({"type": "sgd", "lr": 0.4})j", R"j(, "stop": "abs(y) < 0.1")j"));
  CHECK(runs[0].status == Status::stopped);
  CHECK(runs[0].steps == runs[0]["step"].back());
  CHECK(std::fabs(runs[0]["y"].back()) < 0.1);
  CHECK(std::fabs(runs[0]["y"][runs[0]["y"].size() - 2]) >= 0.1);
}

TEST_CASE("a stop condition on the step's length is not asked before the first step") {
  auto runs = run(book(R"j({"type": "sgd", "lr": 0.4})j", R"j(, "stop": "norm(point - point_prev) < 1e-3")j"));
  CHECK(runs[0].steps > 0);
  auto at_start = run(book(R"j({"type": "sgd", "lr": 0.4})j", R"j(, "stop": "f < 100")j"));
  CHECK(at_start[0].steps == 0);
}

TEST_CASE("a run that is no longer finite records that row and ends as diverged") {
  auto runs =
      run(R"j({"function": "f(x) = x^4", "start": [10], "steps": 100, "optimizers": [{"type": "sgd", "lr": 1}]})j");
  CHECK(runs[0].status == Status::diverged);
  const auto& f = runs[0]["f"];
  CHECK_FALSE(std::isfinite(f.back()));
  for (std::size_t k = 0; k + 1 < f.size(); ++k) CHECK(std::isfinite(f[k]));
  auto log =
      run(R"j({"function": "f(x) = log(x)", "start": [0.5], "steps": 100, "optimizers": [{"type": "sgd", "lr": 1}]})j");
  CHECK(log[0].status == Status::diverged);  // f is NaN although x is finite
}

TEST_CASE("the same run of two optimizers draws the same noise, two runs and two seeds do not") {
  const std::string noisy = R"j({"label": "LABEL", "params": {"lr": 0.1}, "update": ["x = x - lr*(g + randn())"]})j";
  std::string a = noisy, b = noisy;
  a.replace(a.find("LABEL"), 5, "a");
  b.replace(b.find("LABEL"), 5, "b");
  auto runs = run(book(a + "," + b, R"j(, "seeds": 2)j"));
  REQUIRE(runs.size() == 4);
  CHECK(runs[0].columns == [&] {
    auto copy = runs[2].columns;
    copy["run"] = runs[0]["run"];
    return copy;
  }());
  CHECK(runs[0]["x"][1] != runs[1]["x"][1]);
  CHECK(std::get<std::uint64_t>(runs[0].group.find("run")->value) == 1);
  CHECK(std::get<std::uint64_t>(runs[3].group.find("run")->value) == 4);
}

TEST_CASE("differences of the function follow the exact gradient as closely as they should") {
  const std::string config =
      R"j({"function": "rosenbrock", "start": [-1.2, 1], "steps": 50, "gradient": "MODE", "h": 1e-5,
                                 "optimizers": [{"type": "sgd", "lr": 0.001}]})j";
  const auto with = [&](const std::string& mode) {
    std::string text = config;
    return run(text.replace(text.find("MODE"), 4, mode));
  };
  auto exact = with("exact"), central = with("central"), forward = with("forward");
  const double of_central = std::fabs(exact[0]["x1"][50] - central[0]["x1"][50]);
  const double of_forward = std::fabs(exact[0]["x1"][50] - forward[0]["x1"][50]);
  CHECK(of_central > 0);
  CHECK(of_central < 1e-7);
  CHECK(of_forward < 1e-2);
  CHECK(of_central < of_forward);
}

TEST_CASE("several functions share one table; what one lacks is not present") {
  optexplore::RunStream stream(
      optexplore::read_experiment(
          R"j({"functions": ["book", {"definition": "f(a) = a^2", "start": [3]}], "steps": 1, "optimizers": [{"type": "sgd"}]})j",
          "test"),
      {});
  std::vector<std::string> names;
  for (const auto& column : stream.schema().columns) names.push_back(column.name);
  CHECK(names == std::vector<std::string>{"function", "optimizer", "step", "x", "y", "a", "f", "grad_norm"});
  const auto block = stream.next();
  for (std::size_t c = 0; c < names.size(); ++c)
    CHECK(((*block->columns)[c].encoding == optexplore::Values::Encoding::absent) == (names[c] == "a"));
}

TEST_CASE("a million coordinates run, and are left out of the table with a note") {
  optexplore::RunStream stream(
      optexplore::read_experiment(
          R"j({"function": {"name": "rosenbrock", "dim": 1000000}, "steps": 2, "optimizers": [{"type": "sgd", "lr": 1e-4}]})j",
          "test"),
      {});
  CHECK(stream.schema().columns.size() == 4);
  REQUIRE(stream.notes().size() == 1);
  const auto block = stream.next();
  REQUIRE(block->rows == 3);
  CHECK(block->at(2, 2) < block->at(2, 0));
}

TEST_CASE("memory does not grow with the width: wide blocks have few rows") {
  const optexplore::Experiment experiment = optexplore::read_experiment(
      R"j({"function": {"name": "sphere", "dim": 20000}, "steps": 40, "optimizers": [{"type": "sgd"}]})j", "test");
  optexplore::RunStream stream(experiment, {.columns = {{"step", {}}, {"point", {}}}});
  std::size_t rows = 0, most = 0;
  while (const auto block = stream.next()) {
    most = std::max(most, block->numbers.capacity());
    rows += block->rows;
  }
  CHECK(rows == 41);
  CHECK(most * sizeof(double) <= std::size_t{1} << 20U);
}

TEST_CASE("there are several runs when some optimizer has more than one on some function") {
  const auto facts = [](const std::string& optimizer) {
    optexplore::RunStream stream(optexplore::read_experiment(book(optimizer), "test"), {});
    const auto block = stream.next();
    const bool in_head = block->group->find("run") != nullptr;
    const auto is_run = [](const optexplore::Column& column) { return column.name == "run"; };
    CHECK(std::ranges::any_of(stream.schema().columns, is_run) == in_head);
    CHECK((block->group->title == "sgd, run 1") == in_head);
    return in_head;
  };
  CHECK_FALSE(facts(R"j({"type": "sgd", "lr": 0.1})j"));
  CHECK_FALSE(facts(R"j({"type": "sgd", "lr": [0.1]})j"));
  CHECK(facts(R"j({"type": "sgd", "lr": [0.1, 0.2]})j"));
}
