#pragma once

#include <optexplore/experiment.hpp>
#include <optional>
#include <string>
#include <vector>

#include "program/build.hpp"
#include "program/graph.hpp"
#include "program/limit.hpp"

namespace optexplore::study {

/// What rules minimize, f or the -f of a function that is maximized, as part of a graph: its value, gradient and
/// Hessian-vector product at any node. Each is built
/// once on an input of its own and copied to where it is wanted, so a gradient at g's own point never differentiates
/// what came before it.
class Objective {
 public:
  /// Throws InputError (place: the spec's pointer) when the definition can't be built.
  Objective(program::Graph& graph, const FunctionSpec& spec, GradientMode mode = GradientMode::exact, double h = 1e-6);

  /// The same function in another graph.
  [[nodiscard]] Objective in(program::Graph& graph) const {
    const program::InFormat same(graph, format_);
    return {graph, *spec_, mode_, h_};
  }

  [[nodiscard]] std::uint32_t dim() const { return dim_; }
  [[nodiscard]] const FunctionSpec& spec() const { return *spec_; }

  program::NodeId value(program::NodeId point);
  /// By the experiment's gradient mode, or as the user gave it.
  program::NodeId gradient(program::NodeId point);
  /// Tells where that gradient is missing, as program::Limited has it; no_node: nowhere, or nobody knows.
  program::NodeId missing_gradient(program::NodeId point);
  /// The exact gradient even when the experiment uses differences or a user-given one.
  program::NodeId exact_gradient(program::NodeId point);
  /// The same by the chain rule alone, without limits where that isn't finite: for its text, and to be differentiated.
  program::NodeId chain_rule_gradient(program::NodeId point);
  /// Hessian times direction; from the user's gradient when there is one.
  program::NodeId hessian_product(program::NodeId point, program::NodeId direction);

  /// A value, gradient or product of f itself for one of what is minimized, and the other way round.
  program::NodeId as_typed(program::NodeId minimized) const {
    return spec_->entry.maximize ? g_.neg(minimized) : minimized;
  }

  /// The function's own coordinate names at `point`: x and y, or the vector's name; and n.
  void add_coordinates(program::Scope& scope, program::NodeId point) const;
  /// Its intermediate values at `point`. The objective must outlive the scope.
  void add_intermediate_values(program::Scope& scope, program::NodeId point) const;

 private:
  [[nodiscard]] const language::Definition& definition() const { return spec_->entry.definition.tree(); }
  program::Scope parameters() const;
  program::NodeId difference_gradient();
  program::NodeId given_gradient();

  program::Graph& g_;
  std::optional<language::Op> format_;  ///< the graph's when the objective was made: all that it builds has it
  const FunctionSpec* spec_;
  GradientMode mode_;
  double h_;
  std::uint32_t dim_;
  program::NodeId point_;  ///< the input that stands for any point
  program::NodeId direction_;
  program::NodeId value_;
  std::optional<program::NodeId> gradient_;
  std::optional<program::NodeId> chain_rule_gradient_;
  std::optional<program::Limited> exact_gradient_;
  std::optional<program::NodeId> product_;
};

}  // namespace optexplore::study
