#include "study/study.hpp"

#include <doctest/doctest.h>

#include <optexplore/error.hpp>
#include <tuple>

#include "study/run_tools.hpp"

using namespace optexplore;

TEST_CASE("runs: functions vary slowest, then optimizers, then settings, starts and seeds") {
  const study::Study study(
      read_experiment(R"({"functions": ["book", "booth"], "start": {"points": [[1, 2], [3, 4]]}, "seeds": 2, "seed": 5,
                          "optimizers": [{"type": "sgd", "lr": [0.1, 0.2, 0.3]}, {"type": "adam"}]})",
                      "test"),
      {});
  REQUIRE(study.plans() == 4);
  REQUIRE(study.runs() == 2 * (3 + 1) * 2 * 2);
  std::uint64_t number = 0;
  for (std::size_t function = 0; function < 2; ++function)
    for (std::size_t optimizer = 0; optimizer < 2; ++optimizer)
      for (std::size_t setting = 0; setting < (optimizer == 0 ? 3 : 1); ++setting)
        for (const double x : {1.0, 3.0})
          for (const std::uint64_t seed : {5, 6}) {
            const auto [plan, own] = study.run(number++);
            CHECK(plan == 2 * function + optimizer);
            CHECK(&study.plan(plan) == &study.plan(function, optimizer));
            const study::Expansion& expansion = study.plan(plan).expansion;
            if (optimizer == 0) CHECK(expansion.hyperparameters(own)[0] == std::vector{0.1, 0.2, 0.3}[setting]);
            CHECK(expansion.start(own)[0] == x);
            CHECK(expansion.seed(own) == seed);
          }
  CHECK(number == study.runs());
  for (std::size_t plan = 0; plan < 4; ++plan) CHECK(study.run(study.first_run(plan)).plan == plan);
}

TEST_CASE(
    "a problem's draws are the same for all settings when they are to be compared, and each run's own otherwise") {
  const Experiment experiment = read_experiment(
      R"({"function": "book", "start": {"points": [[1, 2], [3, 4]]}, "seeds": 3,
          "optimizers": [{"type": "sgd", "lr": [0.1, 0.2]}]})",
      "test");
  const FunctionSpec& function = experiment.functions[0];
  const OptimizerSpec& optimizer = experiment.optimizers[0];
  const study::Expansion own(experiment, function, optimizer);
  const study::Expansion paired(experiment, function, optimizer, study::Draws::per_problem);
  const auto key = [](const study::Expansion& expansion, std::uint64_t run) {
    const program::RandomKey result = expansion.key(run);
    return std::tuple(result.seed, result.run);
  };
  for (std::uint64_t run = 0; run < 6; ++run) {
    CHECK(key(own, run) == key(paired, run));
    CHECK(key(own, run + 6) != key(own, run));
    CHECK(key(paired, run + 6) == key(paired, run));
  }
}

TEST_CASE("with equal evaluations each function has its own number of steps, in any order") {
  const std::string sphere = R"({"name": "sphere", "dim": )";
  const auto steps = [&](int first, int second) {
    const study::Study study(
        read_experiment(R"({"functions": [)" + sphere + std::to_string(first) + "}, " + sphere +
                            std::to_string(second) + R"(}], "steps": 100, "optimizers": [{"type": "damped_newton"}]})",
                        "test"),
        {.equal_evaluations = true});
    return std::pair(study.plan(0).steps, study.plan(1).steps);
  };
  // A gradient, and one for each row of the Hessian.
  CHECK(steps(2, 10) == std::pair<std::uint64_t, std::uint64_t>(33, 9));
  CHECK(steps(10, 2) == std::pair<std::uint64_t, std::uint64_t>(9, 33));
}

TEST_CASE("a study says what is wrong before anything runs") {
  const auto failure = [](const std::string& more, const study::Wanted& wanted) -> std::string {
    try {
      study::Study(read_experiment(run_tools::book(R"({"type": "sgd"})", more), "test"), wanted);
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  };
  CHECK(failure("", {}) == "no error");
  CHECK(failure(R"(, "stop": "q < 1")", {}).starts_with("/stop: undefined name 'q'"));
  CHECK(failure("", {{{"f", {}}, {"x3", {}}}}).starts_with("/columns/1: undefined name 'x3'"));
  CHECK(failure("", {{}, true, "q < 1"}).starts_with("--target: undefined name 'q'"));
  CHECK(failure("", {{}, true, ""}) == "--target: expected an expression, found nothing");
  CHECK(failure(R"(, "seeds": 9007199254740000)", {}) == "no error");
}
