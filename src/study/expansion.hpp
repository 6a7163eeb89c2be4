#pragma once

#include <cstdint>
#include <optexplore/experiment.hpp>
#include <optional>
#include <vector>

#include "program/random.hpp"

namespace optexplore::study {

/// What the random numbers of a run follow from besides its seed.
enum class Draws {
  per_run,      ///< each run has its own
  per_problem,  ///< runs that differ in nothing but their setting have the same
};

/// All runs of one optimizer on one function, by number and without a list of them: settings vary slowest
/// (of several varied hyperparameters the first), then starts, then seeds.
class Expansion {
 public:
  /// Throws InputError when there are 2^53 runs or more, or when a start needs a domain that isn't known.
  Expansion(const Experiment& experiment, const FunctionSpec& function, const OptimizerSpec& optimizer,
            Draws draws = Draws::per_run);

  [[nodiscard]] std::uint64_t runs() const { return settings_ * runs_per_setting(); }
  [[nodiscard]] std::uint64_t settings() const { return settings_; }
  [[nodiscard]] std::uint64_t starts() const { return starts_; }
  [[nodiscard]] std::uint64_t runs_per_setting() const { return starts_ * experiment_->seeds; }
  [[nodiscard]] std::uint64_t seed(std::uint64_t run) const { return experiment_->seed + run % experiment_->seeds; }
  /// The same run of every optimizer gets the same random numbers, so that they can be compared.
  [[nodiscard]] program::RandomKey key(std::uint64_t run) const {
    return {seed(run), draws_ == Draws::per_run ? run : run % runs_per_setting()};
  }

  /// The hyperparameters of run `run` as numbers, in the order of experiment::hyperparameters(): a choice's index, NaN
  /// for a schedule.
  [[nodiscard]] std::vector<double> hyperparameters(std::uint64_t run) const;
  /// The starting point of run `run`, rounded to the optimizer's precision; dim elements.
  [[nodiscard]] std::vector<double> start(std::uint64_t run) const;

 private:
  [[nodiscard]] std::vector<double> given_start(std::uint64_t run) const;
  [[nodiscard]] std::vector<double> random_start(std::uint64_t index) const;
  const Experiment* experiment_;
  const FunctionSpec* function_;
  const OptimizerSpec* optimizer_;
  std::uint64_t settings_ = 1;
  std::uint64_t starts_ = 1;
  bool sampled_ = false;  ///< some hyperparameter is drawn at random
  Draws draws_;
};

/// Whether there are several starts.
bool starts_vary(const StartSpec& start);

/// Whether some optimizer has several runs on some function.
bool several_runs(const Experiment& experiment);

/// How many settings an optimizer has. Throws InputError when they are 2^53 or more.
std::uint64_t count_settings(const OptimizerSpec& optimizer);

/// The point where all runs on `function` begin, if there is but one and it isn't drawn; dim elements.
std::optional<std::vector<double>> only_start(const StartSpec& start, const FunctionSpec& function);

}  // namespace optexplore::study
