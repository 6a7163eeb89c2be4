#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backend/backend.hpp"
#include "study/columns.hpp"
#include "study/expansion.hpp"
#include "study/step.hpp"

namespace optexplore::study {

/// What a run on `function` aims at: what was given, else gap < 1e-8 where the minimum is known; empty: nothing.
/// Throws InputError when nothing was given as if it were something.
std::string target_on(const FunctionSpec& function, const std::optional<std::string>& given);

/// One optimizer on one function, compiled. Immutable; any number of runs may use it.
class Plan {
 public:
  /// @param target  an expression that tells when a run has reached its aim; empty: none
  Plan(const Experiment& experiment, const FunctionSpec& function, const OptimizerSpec& optimizer,
       const std::vector<ColumnSpec>& columns, const KnownNames& known, const std::string& target = "");

  /// Inputs of the executable, in this order: the point, the previous point, t, the states, the hyperparameters
  /// that are not schedules, what columns remember.
  static constexpr std::size_t point_input = 0;
  static constexpr std::size_t previous_input = 1;
  static constexpr std::size_t t_input = 2;
  static constexpr std::size_t first_state_input = 3;
  [[nodiscard]] std::size_t first_hyperparameter_input() const { return first_state_input + states; }

  /// Observed values: f, then the stop condition and the target if there are. Recorded: the node cells.
  static constexpr std::size_t f_observed = 0;
  static constexpr std::size_t stop_observed = 1;
  [[nodiscard]] std::size_t target_observed() const { return has_stop ? 2 : 1; }

  std::size_t states = 0;
  bool has_stop = false;
  bool stop_needs_previous = false;  ///< meaningless before the first update
  bool has_target = false;
  Evaluations evaluations;  ///< of the rule, per step
  std::shared_ptr<const backend::Executable> executable;
  /// Inputs: the point and the hyperparameters that are not schedules. Observed: the states' initial values.
  std::shared_ptr<const backend::Executable> initial;
  std::size_t first_memory_input = 0;
  std::vector<double> memories;          ///< initial value of each thing that columns remember
  std::vector<bool> is_schedule;         ///< per hyperparameter of the chain
  std::vector<bool> is_constant;         ///< likewise: one number for all runs, known to the program
  std::vector<std::vector<Cell>> cells;  ///< per column spec
  const FunctionSpec* function = nullptr;
  const OptimizerSpec* optimizer = nullptr;
  Expansion expansion;

 private:
  /// One run alone needs no lanes.
  [[nodiscard]] compile::Form form() const {
    return expansion.runs() == 1 ? compile::Form::single : compile::Form::block;
  }
  void compile_step(Step& step, const std::vector<program::NodeId>& observed, const ColumnScope& scope);
  [[nodiscard]] std::vector<compile::ProgramInput> hyperparameter_inputs(const Step& step) const;
  void compile_initial(Step& step);
};

}  // namespace optexplore::study
