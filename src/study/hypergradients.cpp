#include "study/hypergradients.hpp"

#include <optexplore/error.hpp>
#include <utility>

#include "program/tangent.hpp"

namespace optexplore::study {

using program::no_node;
using program::NodeId;

const Hypergradients::Carried& Hypergradients::carried(std::size_t hyperparameter) {
  const auto found = known_.find(hyperparameter);
  if (found != known_.end()) return found->second;
  program::Graph& graph = step_.graph();
  const experiment::Hyperparameter& each = step_.hyperparameters()[hyperparameter];
  const NodeId input = step_.hyperparameter_inputs[hyperparameter];
  if (!each.number() || input == no_node)
    throw InputError("there is no derivative with respect to " + each.name + ", which is no number here");
  const std::pair<NodeId, NodeId> moving = {input, graph.constant(1.0)};

  /// What the step carries on: the point, then the states.
  struct Variable {
    NodeId now, next, initial;
    std::optional<std::size_t> memory = {};
  };
  std::vector<Variable> variables = {{step_.point, step_.next_point, no_node}};
  for (const StateVariable& state : step_.states)
    variables.push_back({state.now, state.next, program::Tangents(graph, {moving}).of(state.initial)});
  const auto begin_to_move = [&](Variable& variable) {
    variable.memory = memories_.all().size();
    memories_.add(graph.shape(variable.now), 0).start = variable.initial;
  };
  for (Variable& variable : variables)
    if (variable.initial != no_node) begin_to_move(variable);
  const auto tangents_now = [&] {
    std::vector<std::pair<NodeId, NodeId>> inputs = {moving};
    for (const Variable& variable : variables)
      if (variable.memory) inputs.emplace_back(variable.now, memories_[*variable.memory].now);
    return program::Tangents(graph, inputs);
  };
  for (bool all = false; !all;) {  // until nothing that stands still begins to move
    all = true;
    program::Tangents tangents = tangents_now();
    for (Variable& variable : variables) {
      const NodeId next = tangents.of(variable.next);
      if (variable.memory) {
        memories_[*variable.memory].next =
            next != no_node ? next : graph.fill(graph.constant(0.0), graph.shape(variable.now));
      } else if (next != no_node) {
        begin_to_move(variable);
        all = false;
      }
    }
  }
  program::Tangents tangents = tangents_now();
  const NodeId of_f = tangents.of(step_.f);
  const NodeId zero = graph.constant(0.0);
  Carried result{graph.fill(zero, graph.shape(step_.point)),  // not -0 at the start
                 of_f == no_node ? zero : graph.add(step_.objective().as_typed(of_f), zero)};
  if (variables[0].memory) result.point = memories_[*variables[0].memory].now;
  return known_[hyperparameter] = result;
}

}  // namespace optexplore::study
