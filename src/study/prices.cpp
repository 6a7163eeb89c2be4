#include "study/prices.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optexplore/error.hpp>
#include <optexplore/parsed.hpp>

#include "language/ast.hpp"
#include "program/build.hpp"
#include "text/caret.hpp"
#include "text/place.hpp"

namespace optexplore::study {
namespace {

double cost_of(const language::Expression& cost, const Evaluations& evaluations, std::size_t dim) {
  program::Graph graph;
  program::Scope scope;
  scope.set("evals_f", graph.constant(evaluations.values));
  scope.set("evals_g", graph.constant(evaluations.gradients));
  scope.set("evals_h", graph.constant(evaluations.hessians));
  scope.set("n", graph.constant(static_cast<double>(dim)));
  return graph.constant_element(program::build_scalar(graph, cost, scope, "a cost"), 0);
}

}  // namespace

Prices prices(const std::optional<std::string>& cost, std::size_t dim) {
  if (!cost) return {1, 1, static_cast<double>(dim)};
  return text::with_place("--cost", [&] {
    const Formula formula = Formula::read(*cost);
    const language::Expression& expression = formula.tree();
    const double none = cost_of(expression, {}, dim);
    const Prices prices = {cost_of(expression, {1, 0, 0}, dim) - none, cost_of(expression, {0, 1, 0}, dim) - none,
                           cost_of(expression, {0, 0, 1}, dim) - none};
    const Evaluations many = {7, 11, 13};
    const double sum = prices.of(many), found = cost_of(expression, many, dim);
    const bool linear = none == 0 && std::fabs(sum - found) <= 1e-12 * std::fabs(sum);
    const std::array<double, 3> weights = {prices.value, prices.gradient, prices.hessian};
    if (!linear || std::ranges::min(weights) < 0 || std::ranges::max(weights) == 0)
      throw text::error_at(*cost, expression.root->span,
                           "expected a sum of evals_f, evals_g and evals_h with weights that are not negative, such as "
                           "evals_f + n*evals_g");
    return prices;
  });
}

}  // namespace optexplore::study
