#pragma once

#include <cstdint>
#include <memory>
#include <optexplore/experiment.hpp>
#include <vector>

#include "study/plan.hpp"

namespace optexplore::study {

/// A compiled experiment: a plan for each function and optimizer, the optimizers' hyperparameters, and the numbering of
/// runs. Once it is built nothing fails for the user's reasons. Immutable; any number of threads may use it.
///
/// Runs are numbered from 0: functions vary slowest, then optimizers, then settings (of several varied hyperparameters
/// the first), then starts, then seeds.
class Study {
 public:
  /// Throws InputError for expressions that can't be built, naming their places in the config ("/stop",
  /// "/columns/2") or "--target", and for more than 2^53 runs.
  Study(Experiment experiment, const Wanted& wanted);
  Study(const Study&) = delete;  // its plans point into its experiment
  Study& operator=(const Study&) = delete;

  [[nodiscard]] const Experiment& experiment() const { return experiment_; }
  /// Functions × optimizers, in the order of runs.
  [[nodiscard]] std::size_t plans() const { return plans_.size(); }
  [[nodiscard]] const Plan& plan(std::size_t number) const { return *plans_[number]; }
  [[nodiscard]] const Plan& plan(std::size_t function, std::size_t optimizer) const {
    return *plans_[function * experiment_.optimizers.size() + optimizer];
  }
  [[nodiscard]] const std::vector<experiment::Hyperparameter>& hyperparameters(std::size_t optimizer) const {
    return hyperparameters_[optimizer];
  }

  [[nodiscard]] std::uint64_t runs() const { return first_runs_.back(); }
  /// The number of a plan's first run; for plans(), the number of runs.
  [[nodiscard]] std::uint64_t first_run(std::size_t plan) const { return first_runs_[plan]; }

  /// A run of the study.
  struct Run {
    std::size_t plan = 0;
    std::uint64_t number = 0;  ///< among the plan's own, see Expansion
  };
  [[nodiscard]] Run run(std::uint64_t number) const;

 private:
  Experiment experiment_;
  Vocabulary vocabulary_;
  std::vector<std::vector<experiment::Hyperparameter>> hyperparameters_;  ///< per optimizer
  std::vector<std::unique_ptr<Plan>> plans_;
  std::vector<std::uint64_t> first_runs_ = {0};  ///< per plan, and the total
};

}  // namespace optexplore::study
