#pragma once

#include <optexplore/experiment.hpp>
#include <optional>
#include <string>
#include <vector>

#include "expr/build.hpp"
#include "expr/graph.hpp"

namespace optexplore::run {

/// A function as part of a graph: its value, gradient and Hessian-vector product at any node. Each is built
/// once on an input of its own and copied to where it is wanted, so a gradient at g's own point never differentiates
/// what came before it.
class Objective {
 public:
  /// Throws InputError (place: the spec's pointer) when the definition can't be built.
  Objective(expr::Graph& graph, const FunctionSpec& spec, GradientMode mode = GradientMode::exact, double h = 1e-6);

  [[nodiscard]] std::uint32_t dim() const { return dim_; }
  [[nodiscard]] const FunctionSpec& spec() const { return *spec_; }

  expr::NodeId value(expr::NodeId point);
  /// By the experiment's gradient mode, or as the user gave it.
  expr::NodeId gradient(expr::NodeId point);
  /// The exact gradient even when the experiment uses differences or a user-given one.
  expr::NodeId exact_gradient(expr::NodeId point);
  /// Hessian times direction; from the user's gradient when there is one.
  expr::NodeId hessian_product(expr::NodeId point, expr::NodeId direction);

  /// The function's own coordinate names at `point`: x and y, or the vector's name; and n.
  void add_coordinates(expr::Scope& scope, expr::NodeId point) const;

 private:
  expr::Scope parameters() const;
  expr::NodeId difference_gradient();
  expr::NodeId given_gradient();

  expr::Graph& g_;
  const FunctionSpec* spec_;
  expr::Definition definition_;
  GradientMode mode_;
  double h_;
  std::uint32_t dim_;
  expr::NodeId point_;  ///< the input that stands for any point
  expr::NodeId direction_;
  expr::NodeId value_;
  std::optional<expr::NodeId> gradient_;
  std::optional<expr::NodeId> exact_gradient_;
  std::optional<expr::NodeId> product_;
};

}  // namespace optexplore::run
