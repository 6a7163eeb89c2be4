#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optexplore/experiment.hpp>
#include <set>
#include <string>
#include <vector>

#include "experiment/hyperparameters.hpp"
#include "program/build.hpp"
#include "program/graph.hpp"
#include "study/frames.hpp"
#include "study/objective.hpp"
#include "text/caret.hpp"

namespace optexplore::study {

/// One state variable of a chain.
struct StateVariable {
  std::string use;  ///< the unique name of the rule's use in the chain
  std::string name;
  program::NodeId now = program::no_node;      ///< an input
  program::NodeId next = program::no_node;     ///< its value after the step
  program::NodeId initial = program::no_node;  ///< in terms of the start and the hyperparameters
};

/// What a step takes from the experiment besides its function and its optimizer.
struct StepSettings {
  std::uint64_t steps = 0;  ///< what "steps" is in texts
  GradientMode gradient = GradientMode::exact;
  double h = 1e-6;
  Precision precision = Precision::float64;
};

/// Those of an experiment and one of its optimizers, which may have a gradient of its own.
StepSettings step_settings(const Experiment& experiment, const OptimizerSpec& optimizer);

/// One whole step of one optimizer on one function as a graph: from the point, the state, t and the
/// hyperparameters to the next point and state.
class Step {
 public:
  /// An optimizer without a rule stays where it is.
  /// Throws InputError naming the place in the config when a rule can't be built. The referents must outlive the step.
  Step(const FunctionSpec& function, const OptimizerSpec& optimizer, const StepSettings& settings);

  [[nodiscard]] program::Graph& graph() { return *graph_; }
  [[nodiscard]] const program::Graph& graph() const { return *graph_; }
  [[nodiscard]] Objective& objective() { return *objective_; }
  [[nodiscard]] const OptimizerSpec& optimizer() const { return *optimizer_; }
  [[nodiscard]] const StepSettings& settings() const { return settings_; }
  [[nodiscard]] const std::vector<experiment::Hyperparameter>& hyperparameters() const { return hyperparameters_; }
  /// The unique name of a rule's use in the chain.
  [[nodiscard]] const std::string& use_name(std::size_t use) const { return uses_[use]; }

  program::NodeId point = program::no_node;
  program::NodeId next_point = program::no_node;
  program::NodeId previous_point = program::no_node;  ///< an input; only updated when some column asks for it
  program::NodeId t = program::no_node;               ///< number of the coming update, from 1
  program::NodeId f = program::no_node;               ///< the function's value at the point
  std::vector<program::NodeId> hyperparameter_nodes;  ///< their values at t; a choice's index
  /// What stands for a hyperparameter in a run: a number, or the place among an axis' formulas; no_node: nothing.
  std::vector<program::NodeId> hyperparameter_inputs;
  std::vector<StateVariable> states;
  /// When the rules use the gradient at the point: where it is missing, see Objective::missing_gradient().
  program::NodeId missing_gradient = program::no_node;

  /// The gradient at the point, built when first asked for.
  program::NodeId gradient() { return objective_->gradient(point); }

  /// What the rules of the chain ask for in a step, and for their states' initial values; the output's own needs don't
  /// count. A gradient by differences counts as the values that it takes.
  Counts evaluations{};
  Counts start_evaluations{};

  /// f(v), grad(v) and hvp(v,u): of what is minimized for rules, of f as it was typed for all else.
  enum class Of { minimized, typed };
  void add_functions(program::Scope& scope, Of what);

 private:
  using Shapes = std::vector<program::Shape>;
  void build(const Shapes& state_shapes);
  /// A rule of the chain, in terms of the point and the gradient that those before it have made.
  struct Position {
    program::NodeId x = program::no_node;
    program::NodeId g = program::no_node;  ///< no_node: nobody has asked for it
    bool moves = false;
  };
  void build_rule(std::size_t use, std::size_t& state_index, const Shapes& shapes, Position& position);
  /// What every text of a rule or procedure sees: t, steps, n, schedules, the domain.
  program::Scope words();
  /// The function and the point; what is asked for counts in `frames`. All of them must outlive the scope.
  void add_point(program::Scope& scope, const program::NodeId& x, Frames& frames);
  /// Point and gradient where the chain is.
  void add_position(program::Scope& scope, Position& position);
  void add_hyperparameters(std::size_t use, program::Scope& scope);
  /// To the precision's format.
  program::NodeId rounded(program::NodeId value);
  program::NodeId build_formula(const Formula& formula, const program::Scope& scope);
  program::NodeId choose_formula(program::NodeId place, const std::vector<Formula>& formulas,
                                 const program::Scope& scope);
  void add_domain(program::Scope& scope);
  void add_states(std::size_t use, std::size_t first, const Shapes& shapes, program::Scope& scope);
  /// As add_functions, with what is asked for counted.
  void add_counted_functions(program::Scope& scope, Frames& frames);
  void add_matrices(program::Scope& scope, const program::NodeId& x, Frames& frames);
  void add_draws(program::Scope& scope);
  void check_target(const RuleUse& use, const program::Scope& scope, const std::string& name, text::Span span,
                    const std::string& source) const;
  void store(const std::string& name, program::NodeId value, std::size_t first_state, program::Scope& scope,
             Position& position);
  [[nodiscard]] Counts with_differences(Counts counts);

  const FunctionSpec* function_;
  const OptimizerSpec* optimizer_;
  StepSettings settings_;
  std::vector<experiment::Hyperparameter> hyperparameters_;
  std::vector<std::string> uses_;  ///< their unique names
  std::unique_ptr<program::Graph> graph_;
  std::unique_ptr<Objective> objective_;
  std::unique_ptr<Frames> frames_;
  std::set<program::NodeId> used_gradients_;  ///< what the rules have asked for
};

}  // namespace optexplore::study
