#pragma once

#include <cstdint>
#include <optexplore/experiment.hpp>
#include <string>
#include <vector>

namespace optexplore::study {

/// All runs of one optimizer on one function, by number and without a list of them: settings vary slowest
/// (of several varied hyperparameters the first), then starts, then seeds.
class Expansion {
 public:
  /// Throws InputError when there are 2^53 runs or more, or when a start needs a domain that isn't known.
  Expansion(const Experiment& experiment, const FunctionSpec& function, const OptimizerSpec& optimizer);

  [[nodiscard]] std::uint64_t runs() const { return settings_ * starts_ * experiment_->seeds; }
  [[nodiscard]] std::uint64_t settings() const { return settings_; }
  [[nodiscard]] std::uint64_t starts() const { return starts_; }
  [[nodiscard]] std::uint64_t seed(std::uint64_t run) const { return experiment_->seed + run % experiment_->seeds; }

  /// The numeric hyperparameters of run `run`, chain after chain in order; NaN for a schedule.
  [[nodiscard]] std::vector<double> hyperparameters(std::uint64_t run) const;
  /// The starting point of run `run`; dim elements.
  [[nodiscard]] std::vector<double> start(std::uint64_t run) const;

 private:
  [[nodiscard]] std::vector<double> random_start(std::uint64_t index) const;
  [[nodiscard]] Interval interval(std::size_t coordinate) const;

  const Experiment* experiment_;
  const FunctionSpec* function_;
  const OptimizerSpec* optimizer_;
  std::uint64_t settings_ = 1;
  std::uint64_t starts_ = 1;
  bool sampled_ = false;  ///< some hyperparameter is drawn at random
};

/// The names of a chain's hyperparameters as columns have them: "lr", and "adam.lr" where several rules have one.
std::vector<std::string> hyperparameter_names(const OptimizerSpec& optimizer);

/// Whether some optimizer has more than one run on some function: several settings, starts or seeds.
bool several_runs(const Experiment& experiment);

/// Whether there are several starts.
bool starts_vary(const StartSpec& start);

}  // namespace optexplore::study
