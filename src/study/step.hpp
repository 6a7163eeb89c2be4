#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optexplore/experiment.hpp>
#include <set>
#include <string>
#include <vector>

#include "compile/program.hpp"
#include "program/build.hpp"
#include "program/graph.hpp"
#include "study/objective.hpp"

namespace optexplore::study {

/// One hyperparameter of a chain in the graph.
struct Hyperparameter {
  std::string rule;  ///< the rule's name
  std::string name;
  const Setting* setting = nullptr;
  program::NodeId node = program::no_node;  ///< an input, or a schedule's value at t
};

/// One state variable of a chain.
struct StateVariable {
  std::string rule;
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

/// One whole step of one optimizer on one function as a graph: from the point, the state, t and the
/// hyperparameters to the next point and state.
class Step {
 public:
  /// Throws InputError naming the place in the config when a rule can't be built.
  Step(const FunctionSpec& function, const OptimizerSpec& optimizer, const Experiment& experiment);

  [[nodiscard]] program::Graph& graph() { return *graph_; }
  [[nodiscard]] Objective& objective() { return *objective_; }
  [[nodiscard]] const OptimizerSpec& optimizer() const { return *optimizer_; }

  program::NodeId point = program::no_node;
  program::NodeId next_point = program::no_node;
  program::NodeId previous_point = program::no_node;  ///< an input; only updated when some column asks for it
  program::NodeId t = program::no_node;               ///< number of the coming update, from 1
  program::NodeId f = program::no_node;               ///< the function's value at the point
  std::vector<Hyperparameter> hyperparameters;
  std::vector<StateVariable> states;

  /// The gradient at the point, built when first asked for.
  program::NodeId gradient() { return objective_->gradient(point); }

  /// What the rules of the chain ask for in each step; the output's own needs don't count.
  [[nodiscard]] Evaluations evaluations() const;

  /// f(v), grad(v) and hvp(v,u) for expressions outside rules.
  void add_functions(program::Scope& scope);

 private:
  using Shapes = std::vector<program::Shape>;
  void build(const Shapes& state_shapes);
  void build_rule(const RuleUse& use, std::size_t& state_index, const Shapes& shapes, program::NodeId& x,
                  program::NodeId& g, bool& moves);
  void add_hyperparameters(const RuleUse& use, program::Scope& scope);
  void add_states(const RuleUse& use, std::size_t first, const Shapes& shapes, program::Scope& scope);
  /// As add_functions, with what the rule asks for counted.
  void add_counted_functions(program::Scope& scope);
  void add_matrices(program::Scope& scope, const program::NodeId& x);
  void add_draws(program::Scope& scope);
  void run_assignments(const RuleUse& use, std::size_t first_state, program::Scope& scope, program::NodeId& x,
                       program::NodeId& g, bool& moves);

  const FunctionSpec* function_;
  const OptimizerSpec* optimizer_;
  const Experiment* experiment_;
  std::unique_ptr<program::Graph> graph_;
  std::unique_ptr<Objective> objective_;
  std::set<program::NodeId> used_values_;  ///< what the rules have asked for: equal questions are one
  std::set<program::NodeId> used_gradients_;
};

}  // namespace optexplore::study
