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
#include "study/objective.hpp"

namespace optexplore::study {

/// One state variable of a chain.
struct StateVariable {
  std::string use;  ///< the unique name of the rule's use in the chain
  std::string name;
  program::NodeId now = program::no_node;      ///< an input
  program::NodeId next = program::no_node;     ///< its value after the step
  program::NodeId initial = program::no_node;  ///< in terms of the start and the hyperparameters
};

/// How often a rule evaluates the function in one step. A Hessian-vector product counts as a gradient, a gradient by
/// differences as the values it takes.
struct Evaluations {
  double values = 0;
  double gradients = 0;
};

/// What a step takes from the experiment besides its function and its optimizer.
struct StepSettings {
  std::uint64_t steps = 0;  ///< what "steps" is in texts
  GradientMode gradient = GradientMode::exact;
  double h = 1e-6;
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

  /// What the rules of the chain ask for in each step; the output's own needs don't count.
  [[nodiscard]] Evaluations evaluations() const;

  /// f(v), grad(v) and hvp(v,u): of what is minimized for rules, of f as it was typed for all else.
  enum class Of { minimized, typed };
  void add_functions(program::Scope& scope, Of what);

 private:
  using Shapes = std::vector<program::Shape>;
  void build(const Shapes& state_shapes);
  void build_rule(std::size_t use, std::size_t& state_index, const Shapes& shapes, program::NodeId& x,
                  program::NodeId& g, bool& moves);
  void add_hyperparameters(std::size_t use, program::Scope& scope);
  program::NodeId build_formula(const Formula& formula, const program::Scope& scope);
  program::NodeId choose_formula(program::NodeId place, const std::vector<Formula>& formulas,
                                 const program::Scope& scope);
  void add_domain(program::Scope& scope);
  void add_states(std::size_t use, std::size_t first, const Shapes& shapes, program::Scope& scope);
  /// As add_functions, with what the rule asks for counted.
  void add_counted_functions(program::Scope& scope);
  void add_matrices(program::Scope& scope, const program::NodeId& x);
  void add_shorthands(const RuleUse& use, program::Scope& scope);
  void add_draws(program::Scope& scope);
  void run_assignments(const RuleUse& use, std::size_t first_state, program::Scope& scope, program::NodeId& x,
                       program::NodeId& g, bool& moves);

  const FunctionSpec* function_;
  const OptimizerSpec* optimizer_;
  StepSettings settings_;
  std::vector<experiment::Hyperparameter> hyperparameters_;
  std::vector<std::string> uses_;  ///< their unique names
  std::unique_ptr<program::Graph> graph_;
  std::unique_ptr<Objective> objective_;
  std::set<program::NodeId> used_values_;  ///< what the rules have asked for: equal questions are one
  std::set<program::NodeId> used_gradients_;
  std::set<std::string> expanding_;  ///< shorthands that are being expanded
};

}  // namespace optexplore::study
