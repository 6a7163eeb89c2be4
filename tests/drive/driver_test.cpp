#include "drive/driver.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <numeric>
#include <optexplore/experiment.hpp>
#include <string>
#include <vector>

#include "drive/recorder.hpp"
#include "study/run_tools.hpp"
#include "study/study.hpp"

using namespace optexplore;

namespace {

/// Gradient descent on x² with this learning rate multiplies x by 1 - 2·lr in each step.
Experiment descent(const std::string& lr, std::uint64_t steps, const std::string& more = "") {
  return read_experiment(R"j({"function": {"definition": "f(x) = x^2"}, "start": [1], "steps": )j" +
                             std::to_string(steps) + R"j(, "optimizers": [{"type": "sgd", "lr": )j" + lr + "}]" + more +
                             "}",
                         "test");
}

std::vector<std::uint64_t> all_runs(const study::Study& study) {
  std::vector<std::uint64_t> runs(study.runs());
  std::iota(runs.begin(), runs.end(), std::uint64_t{0});
  return runs;
}

}  // namespace

TEST_CASE("a driver stops at every so-manieth step and where runs end") {
  const study::Study study(descent("0.25", 7), {});
  const std::uint64_t run = 0;
  for (const auto& [every, expected] :
       {std::pair{3, std::vector<std::uint64_t>{0, 3, 6, 7}}, {1, {0, 1, 2, 3, 4, 5, 6, 7}}, {0, {7}}}) {
    drive::Driver driver(study.plan(0), {&run, 1}, static_cast<std::uint64_t>(every));
    std::vector<std::uint64_t> seen;
    while (const drive::Moment* moment = driver.next()) {
      seen.push_back(moment->step);
      const double x = moment->machine->input("point").at(0, 0);
      CHECK(x == std::pow(0.5, static_cast<double>(moment->step)));
      CHECK(moment->lanes.front().ending.has_value() == (moment->step == 7));
    }
    CHECK(seen == expected);
    CHECK(driver.f_start() == std::vector<double>{1});
  }
}

TEST_CASE("lanes end one after another, each at its own step, while the block shrinks") {
  // |x| < 1e-3 after ceil(log(1e-3) / log|1 - 2 lr|) steps; above lr = 1 they grow.
  std::string rates;
  for (int k = 1; k <= 60; ++k) rates += (k == 1 ? "[" : ",") + std::to_string(0.02 * k);
  const study::Study study(descent(rates + "]", 2000, R"(, "stop": "abs(x) < 1e-3")"), {});
  REQUIRE(study.plan(0).lanes > 60);
  drive::Driver driver(study.plan(0), all_runs(study), 0);
  std::vector<Status> status(60);
  std::vector<std::uint64_t> steps(60);
  std::size_t smallest = 60;
  while (const drive::Moment* moment = driver.next()) {
    smallest = std::min(smallest, moment->lanes.size());
    for (const drive::Lane& lane : moment->lanes)
      if (lane.ending) {
        status[lane.run] = *lane.ending;
        steps[lane.run] = moment->step;
      }
  }
  CHECK(smallest == 8);
  for (int k = 1; k <= 60; ++k) {
    const double lr = 0.02 * k, factor = std::fabs(1 - 2 * lr);
    CAPTURE(lr);
    const auto run = static_cast<std::size_t>(k - 1);
    if (k == 25) {  // one step leads to the minimum
      CHECK(steps[run] == 1);
    } else if (k < 50) {
      CHECK(status[run] == Status::stopped);
      CHECK(steps[run] == static_cast<std::uint64_t>(std::ceil(std::log(1e-3) / std::log(factor))));
    } else {  // x² overflows after ceil(log(DBL_MAX) / 2 / log|1 - 2 lr|) steps
      const double overflow = std::ceil(std::log(std::numeric_limits<double>::max()) / 2 / std::log(factor));
      const bool in_time = k > 50 && overflow <= 2000;
      CHECK(status[run] == (in_time ? Status::diverged : Status::max_steps));
      CHECK(steps[run] == (in_time ? static_cast<std::uint64_t>(overflow) : 2000));
    }
  }
}

TEST_CASE("rows of runs side by side are those of each run alone, also when they are streamed") {
  const std::string config =
      R"({"function": "rosenbrock", "start": {"uniform": [[-2, 2], [-1, 3]], "count": 30}, "steps": 400,
      "stop": "f < 0.5", "optimizers": [{"type": "momentum", "lr": 0.002}, {"type": "adam", "lr": 0.05}],
      "columns": ["step", "point", "f", "best_f", "path_length", "state.v.x1"]})";
  const Config read = read_config(config, "test");
  const auto together = run_tools::run(config);
  REQUIRE(together.size() == 60);
  study::Wanted wanted;
  wanted.columns = {{"step", {}}, {"point", {}}, {"f", {}}, {"best_f", {}}, {"path_length", {}}};
  wanted.every = 1;
  const study::Study study(read.experiment, wanted);
  REQUIRE(study.plan(0).lanes > 1);
  std::size_t stopped = 0, diverged = 0;
  for (std::uint64_t run = 0; run < 60; ++run) {
    const study::Study::Run one = study.run(run);
    const drive::RowLayout layout{6, {1, 2, 3, 4, 5}, {0}};
    drive::Trajectory alone(study.plan(one.plan), layout, one.number, 1);
    std::size_t row = 0;
    for (Block block; !block.ending;) {
      block = {};
      alone.fill(block, 7);
      for (std::size_t r = 0; r < block.rows; ++r, ++row) {
        const double* numbers = block.numbers.data() + 6 * r;
        const auto& columns = together[run].columns;
        int wrong = 0;
        for (const char* name : {"step", "x1", "x2", "f", "best_f", "path_length"}) {
          const double expected = columns.at(name).at(row), found = *numbers++;
          wrong += expected == found || (std::isnan(expected) && std::isnan(found)) ? 0 : 1;
        }
        CHECK(wrong == 0);
      }
      if (block.ending) CHECK(block.ending->steps == together[run].steps);
    }
    CHECK(row == together[run].columns.at("step").size());
    stopped += together[run].status == Status::stopped ? 1 : 0;
    diverged += together[run].status == Status::diverged ? 1 : 0;
  }
  CHECK(stopped > 5);
  CHECK(diverged > 0);
}
