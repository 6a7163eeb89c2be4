#include "drive/sweep.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <optexplore/error.hpp>

#include "study/run_tools.hpp"

using namespace optexplore;
using drive::Sweep;
using drive::SweepOptions;

namespace {

using Columns = std::map<std::string, std::vector<double>>;

/// All rows, computed in blocks of at most `most` runs.
Columns table(const Sweep& sweep, std::uint64_t most = 1000) {
  Columns result;
  drive::RunBlocks blocks(sweep, 0, sweep.runs());
  while (const auto part = blocks.next())
    for (std::uint64_t first = part->first, end = first + part->count; first < end; first += most) {
      const std::uint64_t count = std::min(most, end - first);
      const Block block = sweep.compute(first, count);
      CHECK(block.rows == count);
      for (std::size_t c = 0; c < sweep.schema().columns.size(); ++c)
        for (std::size_t r = 0; r < block.rows; ++r) result[sweep.schema().columns[c].name].push_back(block.at(c, r));
    }
  return result;
}

Sweep sweep_of(const std::string& config, const SweepOptions& options = {}) {
  return {read_experiment(config, "test"), options};
}

bool same_bits(double a, double b) { return std::memcmp(&a, &b, sizeof a) == 0 || (std::isnan(a) && std::isnan(b)); }

std::string failure(const std::string& config, const SweepOptions& options = {}) {
  try {
    sweep_of(config, options);
    return "no error";
  } catch (const InputError& error) {
    return error.what();
  }
}

/// Settings, starts and seeds that differ, runs that diverge early, stop at random times or go on to the end.
const std::string mixed =
    R"({"functions": ["himmelblau", "rosenbrock"], "steps": 60, "seeds": 2, "seed": 5,
        "start": {"uniform": [[-4, 4], [-4, 4]], "count": 17},
        "stop": "norm(g) < 0.5",
        "optimizers": [{"type": "sgd", "lr": {"log": [1e-4, 1e-1, 5]}},
                       {"label": "noisy", "chain": [{"type": "gradient_noise", "eta": [0.1, 10]},
                                                    {"type": "adam", "lr": 0.3}]},
                       {"type": "momentum", "lr": {"loguniform": [1e-3, 1]}, "samples": 4}]})";

}  // namespace

TEST_CASE("a row of a sweep is the end of the run of that number, bit for bit, whoever shares its block") {
  auto runs = run_tools::run(mixed.substr(0, mixed.size() - 1) +
                             R"(, "columns": ["run", "step", "point", "f", "grad_norm", "path_length", "evals_g"]})");
  SweepOptions options;
  options.columns = {{"run", ""},     {"status", ""}, {"steps", ""},         {"f_start", ""},
                     {"f_final", ""}, {"f_best", ""}, {"step_best", ""},     {"grad_norm", ""},
                     {"evals_g", ""}, {"point", ""},  {"way", "path_length"}};
  const Sweep sweep = sweep_of(mixed, options);
  REQUIRE(sweep.runs() == runs.size());
  for (const std::uint64_t most : {1, 3, 8, 50, 128}) {
    CAPTURE(most);
    Columns rows = table(sweep, most);
    std::map<Status, int> ends;
    for (std::size_t i = 0; i < runs.size(); ++i) {
      run_tools::Run& run = runs[i];
      const auto check = [&](const char* name, double expected) { CHECK(same_bits(rows[name][i], expected)); };
      ++ends[run.status];
      check("run", static_cast<double>(i + 1));
      check("status", static_cast<double>(run.status));
      check("steps", static_cast<double>(run.steps));
      check("f_start", run["f"].front());
      check("f_final", run["f"].back());
      check("grad_norm", run["grad_norm"].back());
      check("evals_g", run["evals_g"].back());
      check("way", run["path_length"].back());
      // Himmelblau's coordinates are x and y, Rosenbrock's x1 and x2.
      for (const char* name : {"x", "y", "x1", "x2"}) check(name, run[name].back());
      const auto best = std::min_element(run["f"].begin(), run["f"].end(), [](double a, double b) { return a < b; });
      check("f_best", *best);
      check("step_best", static_cast<double>(best - run["f"].begin()));
    }
    CHECK(ends.size() == 3);  // the config makes every kind of end
  }
}

TEST_CASE("steps to the target") {
  const std::string config = R"({"function": "sphere", "start": [3, 4], "steps": 100,
                                 "optimizers": [{"type": "sgd", "lr": [0.1, 0.25, 1]}]})";
  SweepOptions options;
  options.target = "f < 1e-3";
  Columns rows = table(sweep_of(config, options));
  // f shrinks by (1 - 2 lr)² each step, from 25; with lr = 1 it never does.
  CHECK(rows["steps_to_target"][0] == std::ceil(std::log(1e-3 / 25) / std::log(0.64)));
  CHECK(rows["steps_to_target"][1] == std::ceil(std::log(1e-3 / 25) / std::log(0.25)));
  CHECK(std::isnan(rows["steps_to_target"][2]));
  rows = table(sweep_of(config));  // gap < 1e-8
  CHECK(rows["steps_to_target"][1] == std::ceil(std::log(1e-8 / 25) / std::log(0.25)));
}

TEST_CASE("steps until a run is in the target to stay") {
  SweepOptions options;
  options.target = "abs(x) < 0.5";
  options.columns = {{"steps_to_target", ""}, {"steps_to_settle", ""}};
  // 1, then -0.9, 0.81, …: |x| falls; with lr = 1 it is 1 for ever. Momentum swings through the target and out again.
  const std::string config = R"({"function": {"definition": "f(x) = x^2"}, "start": [1], "steps": 9,
      "optimizers": [{"type": "sgd", "lr": [0.95, 1]}, {"type": "momentum", "momentum": 0.95, "lr": 0.4}]})";
  Columns rows = table(sweep_of(config, options));
  CHECK(rows["steps_to_target"][0] == 7);
  CHECK(rows["steps_to_settle"][0] == 7);
  CHECK(std::isnan(rows["steps_to_settle"][1]));
  CHECK(rows["steps_to_target"][2] == 1);
  CHECK(std::isnan(rows["steps_to_settle"][2]));
}

TEST_CASE("only what varies is a column") {
  const auto names = [](const std::string& config) {
    std::string text;
    const Sweep sweep = sweep_of(config);
    for (const Column& column : sweep.schema().columns) text += column.name + " ";
    return text;
  };
  const std::string rest =
      "status steps f_start f_final f_best step_best grad_norm evals_f evals_g steps_to_target x y ";
  CHECK(names(R"({"function": "book", "optimizers": [{"type": "sgd", "lr": [0.1, 0.2]}]})") == "run lr " + rest);
  CHECK(names(R"({"function": "book", "seeds": 3, "start": {"points": [[1, 2], [3, 4]]},
                  "optimizers": [{"type": "sgd"}, {"type": "adam"}]})") ==
        "run optimizer start.x start.y seed " + rest);
}

TEST_CASE("a sweep's columns are checked") {
  const std::string config = R"({"function": "book", "optimizers": [{"type": "sgd"}]})";
  SweepOptions options;
  options.columns = {{"f_finl", ""}};
  CHECK(failure(config, options).starts_with("--columns: a sweep has no column 'f_finl'; did you mean 'f_final'?"));
  options.columns = {{"f_final", ""}, {"f_final", ""}};
  CHECK(failure(config, options) == "--columns: the column 'f_final' is given twice");
  options.columns = {{"v", "point"}};
  CHECK(failure(config, options) == "--columns: 'v' is a vector; a column of a sweep is one number");
  SweepOptions target;
  target.target = "q < 1";
  CHECK(failure(config, target).starts_with("--target: undefined name 'q'"));
}

TEST_CASE("10^9 runs need no memory for a list of them") {
  const Sweep sweep = sweep_of(R"({"function": "book", "steps": 3, "seeds": 1000,
      "start": {"grid": [[-1, 1, 1000], [-1, 1, 1000]]}, "optimizers": [{"type": "sgd"}]})");
  CHECK(sweep.runs() == 1'000'000'000);
  drive::RunBlocks blocks(sweep, 987'654'321, sweep.runs());
  CHECK(blocks.next()->first == 987'654'321);
  CHECK(sweep.compute(987'654'321, 10).at(0, 0) == 987'654'322);
}

TEST_CASE("coordinates that are asked for by name are there whatever the dimension") {
  const std::string config =
      R"({"function": {"name": "sphere", "dim": 2000}, "steps": 1, "optimizers": [{"type": "sgd", "lr": 0.25}]})";
  CHECK(sweep_of(config).schema().columns.back().name == "steps_to_target");
  SweepOptions options;
  options.columns = {{"point", ""}};
  CHECK(sweep_of(config, options).schema().columns.size() == 2000);
  options.columns = {{"run", ""}, {"x1234", ""}, {"start.x2000", ""}};
  Columns rows = table(sweep_of(config, options));
  CHECK(rows.size() == 3);
  CHECK(rows["x1234"] == std::vector<double>{1.5});
  CHECK(rows["start.x2000"] == std::vector<double>{3});
}

TEST_CASE("a sweep of few long runs has blocks for all threads") {
  const Sweep sweep = sweep_of(R"({"function": "book", "steps": 3, "seeds": 768, "optimizers": [{"type": "sgd"}]})");
  for (const unsigned jobs : {1U, 2U, 3U, 16U}) {
    CAPTURE(jobs);
    drive::RunBlocks blocks(sweep, 0, sweep.runs(), jobs);
    std::uint64_t runs = 0, number = 0, first = 0, most = 0;
    while (const auto part = blocks.next()) {
      CHECK(part->first == runs);
      runs += part->count;
      most = std::max(most, part->count);
      if (number++ == 0) first = part->count;
    }
    CHECK(runs == 768);
    if (jobs == 1) continue;
    CHECK(first == 8);  // tells soon what a run costs
    CHECK(number >= jobs + 1);
    CHECK(most <= 768 / std::min(4U, jobs) + 8);
  }
}
