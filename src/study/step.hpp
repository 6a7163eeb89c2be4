#pragma once

#include <algorithm>
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
#include "study/rule_scope.hpp"
#include "study/view.hpp"
#include "text/caret.hpp"

namespace optexplore::study {

/// One state variable of a chain.
struct StateVariable {
  std::string use;  ///< the unique name of the rule's use in the chain
  std::string name;
  std::size_t group = 0;                       ///< of the groups that the rule stands in
  std::string block;                           ///< of a rule that is applied to each block by itself; else empty
  std::vector<PointBlock> blocks;              ///< what the rule sees
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

  /// Whether some rule is applied to each block by itself, or blocks have rules of their own.
  [[nodiscard]] bool tells_blocks_apart() const {
    return std::ranges::find(apart_, Apart::yes) != apart_.end() ||
           std::ranges::any_of(optimizer_->chain, [](const RuleUse& use) { return use.group.has_value(); });
  }

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
  /// By state variable, as they are numbered in `states`; what isn't there is a number.
  using Shapes = std::vector<program::Shape>;
  /// Whether all rules could be built as they were to see the point; else it is known now that some see it otherwise.
  bool build(const Shapes& state_shapes);
  /// Whether some states have shapes that weren't known yet.
  bool find_shapes(Shapes& shapes) const;
  /// Gives all values of a state one shape.
  void match_states();

  /// Whether a rule sees each block by itself, or several as one vector.
  enum class Apart : unsigned char {
    no,
    if_it_matters,  ///< together, unless that would not be the same
    yes
  };
  [[nodiscard]] Apart first_guess(const RuleUse& use) const;
  [[nodiscard]] std::vector<View> views(std::size_t use) const;
  /// Rules of groups that stand side by side, from `use` on, which becomes the one behind them. Whether all see what
  /// they should, as for the next ones.
  bool build_groups(std::size_t& use, const Shapes& shapes, Position& position);
  bool build_rule(std::size_t use, const Shapes& shapes, Position& position);
  bool try_view(std::size_t use, const Shapes& shapes, RuleScope& rule);
  bool build_view(std::size_t use, const Shapes& shapes, RuleScope& rule);
  [[nodiscard]] bool may_see_together(const RuleUse& use, const RuleScope& rule, std::size_t first_state) const;

  program::NodeId ask_gradient();
  void build_hyperparameters(std::size_t use);
  void add_hyperparameters(std::size_t use, program::Scope& scope, RuleScope& rule);
  /// To the precision's format.
  program::NodeId rounded(program::NodeId value);
  program::NodeId build_formula(const Formula& formula, const program::Scope& scope, const RuleUse& use);
  program::NodeId choose_formula(program::NodeId place, const std::vector<Formula>& formulas,
                                 const program::Scope& scope, const RuleUse& use);
  void add_states(std::size_t use, const Shapes& shapes, program::Scope& scope, const View& view);
  void check_target(const RuleUse& use, const program::Scope& scope, const std::string& name, text::Span span,
                    const std::string& source) const;
  [[nodiscard]] Counts with_differences(Counts counts);

  const FunctionSpec* function_;
  const OptimizerSpec* optimizer_;
  StepSettings settings_;
  std::vector<experiment::Hyperparameter> hyperparameters_;
  std::vector<std::string> uses_;  ///< their unique names
  std::vector<Apart> apart_;       ///< by use
  std::unique_ptr<program::Graph> graph_;
  std::unique_ptr<Objective> objective_;
  std::unique_ptr<Frames> frames_;
  std::unique_ptr<Frames> start_frames_;  ///< of the states' initial values
  std::unique_ptr<RuleSurroundings> around_;
  std::set<program::NodeId> used_gradients_;  ///< what the rules have asked for
};

}  // namespace optexplore::study
