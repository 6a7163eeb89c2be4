#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optexplore/experiment.hpp>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "study/study.hpp"

namespace optexplore::analysis {

/// What one run gave.
struct Outcome {
  double steps = 0;      ///< until it was in the target to stay; infinite: it is not there at the end
  double spent = 0;      ///< evaluations of f and of its gradient until then, or else until the end; a Hessian is n
  double final = 0;      ///< f at the end; infinite when it is no number
  bool touched = false;  ///< it was in the target at some step
  bool diverged = false;

  /// Whether it reached the target and stayed there until its end.
  [[nodiscard]] bool solved() const;
};

/// Does runs of an experiment, arranged by optimizer, setting and problem. A problem is a function with a start and a
/// seed, the same for all optimizers; they are numbered from 0, functions slowest, seeds fastest.
class Trials {
 public:
  struct Options {
    std::optional<std::string> target;  ///< when a run is solved; default: gap < 1e-8 where the minimum is known
    std::optional<std::string> cost;    ///< of evaluations, as study::prices() takes it
    bool equal_evaluations = false;     ///< every run may spend as many evaluations as the experiment has steps
    unsigned jobs = 0;                  ///< threads; 0: as many as the machine has
    std::function<void(std::uint64_t)> progress;  ///< called with the number of runs that were done
  };

  /// Throws InputError as Study does.
  Trials(const Experiment& experiment, Options options);

  [[nodiscard]] const Experiment& experiment() const { return study_.experiment(); }
  [[nodiscard]] std::uint64_t problems() const { return experiment().functions.size() * runs_per_function(); }
  [[nodiscard]] std::uint64_t starts() const { return first_plan(0).expansion.starts(); }
  [[nodiscard]] std::size_t function_of(std::uint64_t problem) const { return problem / runs_per_function(); }
  [[nodiscard]] std::uint64_t start_of(std::uint64_t problem) const { return problem / experiment().seeds % starts(); }
  [[nodiscard]] bool has_target(std::size_t function) const { return plan(0, function).has_target; }
  [[nodiscard]] std::uint64_t settings(std::size_t optimizer) const {
    return first_plan(optimizer).expansion.settings();
  }
  /// Updates of each run of an optimizer on a function.
  [[nodiscard]] std::uint64_t steps(std::size_t optimizer, std::size_t function) const {
    return plan(optimizer, function).steps;
  }
  /// Evaluations of f and of its gradient that each may spend.
  [[nodiscard]] double budget(std::size_t optimizer, std::size_t function) const;
  /// The names of the optimizer's hyperparameters that vary over numbers, and their values in a setting.
  [[nodiscard]] std::vector<std::pair<std::string, double>> varied(std::size_t optimizer, std::uint64_t setting) const;
  /// "lr=0.1,beta1=0.9": what varies; empty when nothing does.
  /// @param digits  significant ones; none: the exact numbers
  [[nodiscard]] std::string setting_text(std::size_t optimizer, std::uint64_t setting,
                                         std::optional<int> digits = std::nullopt) const;

  /// Outcomes of one optimizer, for each setting one per problem.
  /// @param problems  ascending
  [[nodiscard]] std::vector<std::vector<Outcome>> run(std::size_t optimizer, std::span<const std::uint64_t> settings,
                                                      std::span<const std::uint64_t> problems);

  /// The least f that any run so far has seen, per function.
  [[nodiscard]] const std::vector<double>& least() const { return least_; }

 private:
  [[nodiscard]] std::uint64_t runs_per_function() const { return first_plan(0).expansion.runs_per_setting(); }
  [[nodiscard]] const study::Plan& plan(std::size_t optimizer, std::size_t function) const {
    return study_.plan(function, optimizer);
  }
  [[nodiscard]] const study::Plan& first_plan(std::size_t optimizer) const { return plan(optimizer, 0); }
  struct Part {
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  void run_function(std::size_t optimizer, std::size_t function, std::span<const std::uint64_t> settings,
                    std::span<const std::uint64_t> problems, Part part, std::vector<std::vector<Outcome>>& outcomes);

  Options options_;
  study::Study study_;
  std::vector<double> least_;
};

}  // namespace optexplore::analysis
