#pragma once

#include <optional>
#include <string>
#include <vector>

#include "backend/backend.hpp"
#include "study/columns.hpp"
#include "study/expansion.hpp"
#include "study/prices.hpp"
#include "study/step.hpp"

namespace optexplore::study {

/// What is asked of all runs of a study.
struct Wanted {
  std::vector<ColumnSpec> columns = {};  ///< of what is recorded
  /// Whether runs have an aim: `target`, an expression, or without one gap < 1e-8 on functions whose minimum is known.
  bool aims = false;
  std::optional<std::string> target = {};
  std::optional<std::string> cost = {};  ///< of evaluations, as prices() takes it
  /// Every run may spend as many evaluations, at their prices, as the experiment has steps; else it does that many
  /// steps. One that asks for as many as it likes in a step ends with the step that reaches the limit.
  bool equal_evaluations = false;
  Draws draws = Draws::per_run;
  bool best = false;        ///< whether runs watch their least f
  bool settling = false;    ///< whether they watch since when they are in their aim, where they have one
  std::uint64_t every = 0;  ///< which steps are recorded besides each run's last; 0: none
};

/// One optimizer on one function, compiled. Immutable; any number of runs may use it.
class Plan {
 public:
  /// What a plan is part of. The referents must outlive it.
  struct Part {
    const Experiment& experiment;
    const FunctionSpec& function;
    const OptimizerSpec& optimizer;
    const std::vector<experiment::Hyperparameter>& hyperparameters;  ///< the optimizer's
    const Vocabulary& vocabulary;
  };
  /// @param target  tells when a run has reached its aim; nothing: it has none
  Plan(const Part& part, const Wanted& wanted, const Formula& target);

  /// The executable's inputs are "point", "point_prev", "t", the states ("state.adam.m"), the hyperparameters that vary
  /// ("hp.lr") and what columns remember; this one is asked for in every step.
  static constexpr std::size_t point_input = 0;

  /// Observed values: f, then the stop condition if there is one.
  static constexpr std::size_t f_observed = 0;
  static constexpr std::size_t stop_observed = 1;
  /// Where this is set, the number of the first coordinate in which f has no finite gradient, from 1, else 0.
  std::optional<std::size_t> missing_observed;
  /// Where this is set, whether the run has spent the evaluations that it may.
  std::optional<std::size_t> spent_observed;
  /// Recorded values: the node cells, then where the members are set the least f with its step, and the first step at
  /// which the target holds (infinite: none so far), then the step since which it holds (infinite: it doesn't); the
  /// evaluations so far, values, gradients and Hessians, and all of them until that step.
  std::size_t node_cells = 0;
  std::optional<std::size_t> best_recorded;
  std::optional<std::size_t> target_recorded;
  std::optional<std::size_t> settled_recorded;
  std::optional<std::size_t> evaluations_recorded;
  std::optional<std::size_t> settled_evaluations_recorded;

  std::uint64_t steps = 0;  ///< updates of each run
  bool has_stop = false;
  bool stop_needs_previous = false;  ///< meaningless before the first update
  bool has_target = false;
  Prices prices;
  Evaluations start_evaluations;                ///< of the rules, for their states
  std::optional<Evaluations> step_evaluations;  ///< of the rules, in each step; nothing: not always the same
  bool asks_for_hessians = false;
  std::uint64_t budget = 0;  ///< evaluations after which a run ends when steps differ; 0: none
  std::shared_ptr<const backend::Executable> executable;
  /// Inputs: the point and the hyperparameters. Observed: the states' initial values, by the states' names; and
  /// those of memories.
  std::shared_ptr<const backend::Executable> initial;
  std::size_t lanes = 1;  ///< how many runs make a good block
  /// What columns remember.
  struct MemoryInput {
    std::string name;
    double initial;  ///< unless it is computed, as the states' initial values are
    bool computed;
  };
  std::vector<MemoryInput> memories;
  std::vector<std::vector<Cell>> cells;  ///< per column spec
  const FunctionSpec* function = nullptr;
  const OptimizerSpec* optimizer = nullptr;
  const std::vector<experiment::Hyperparameter>* hyperparameters = nullptr;
  Expansion expansion;

 private:
  void compile_step(Step& step, const std::vector<program::NodeId>& observed, ColumnScope& scope, const Wanted& wanted,
                    program::NodeId target);
  /// Chooses `lanes` and the executable's form.
  void compile_for_lanes(const program::Graph& graph, const compile::ProgramSpec& spec, std::uint64_t every);
  [[nodiscard]] std::vector<compile::ProgramInput> hyperparameter_inputs(const Step& step) const;
  void compile_initial(Step& step, const ColumnScope& scope);
  void check_schedules(Step& step) const;
};

}  // namespace optexplore::study
