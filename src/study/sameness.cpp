#include "study/sameness.hpp"

#include <set>

#include "program/meanings.hpp"

namespace optexplore::study {
namespace {

using program::Meanings;
using program::NodeId;

/// Keys of nodes begin with an operation; these begin with what no operation has.
enum InputKey : std::uint64_t { point_key = 2000, previous_point_key, t_key, state_key, refined_key };

/// A step with its hyperparameters as constants, and what its inputs are taken to mean so far.
struct Side {
  const program::Graph* graph;
  NodeId next_point;
  std::vector<StateVariable> states;
  Meanings::Inputs inputs;
};

Side make_side(Step& step, Meanings& meanings) {
  std::vector<std::pair<NodeId, NodeId>> values;
  for (std::size_t k = 0; k < step.hyperparameters().size(); ++k)
    if (const auto* value = std::get_if<double>(step.hyperparameters()[k].setting))
      values.emplace_back(step.hyperparameter_nodes[k], step.graph().constant(*value));
  const auto with_values = [&](NodeId id) { return step.graph().substitute(id, values); };
  Side side{&step.graph(), with_values(step.next_point), step.states, {}};
  side.inputs = {{step.point, meanings.of({point_key})},
                 {step.previous_point, meanings.of({previous_point_key})},
                 {step.t, meanings.of({t_key})}};
  for (StateVariable& state : side.states) {
    state.next = with_values(state.next);
    state.initial = with_values(state.initial);
    side.inputs[state.now] = meanings.of({state_key, side.graph->shape(state.now).length});
  }
  return side;
}

/// States that meant the same and begin or go on differently no longer do. Returns how many meanings there are now.
std::size_t refine(Side& a, Side& b, Meanings& meanings) {
  std::set<Meanings::Meaning> different;
  for (Side* side : {&a, &b}) {
    Meanings::Inputs refined = side->inputs;
    for (const StateVariable& state : side->states) {
      const auto of = [&](NodeId id) { return meanings.of(*side->graph, id, side->inputs); };
      refined[state.now] = meanings.of({refined_key, side->inputs.at(state.now), of(state.initial), of(state.next)});
      different.insert(refined[state.now]);
    }
    side->inputs = std::move(refined);
  }
  return different.size();
}

}  // namespace

/// Moore's refinement of partitions: when no more states are told apart, those that mean the same are equal in every
/// step.
bool same_computation(Step& a, Step& b) {
  Meanings meanings;
  Side first = make_side(a, meanings), second = make_side(b, meanings);
  for (std::size_t count = 0, next = 0; (next = refine(first, second, meanings)) != count;) count = next;
  return meanings.of(*first.graph, first.next_point, first.inputs) ==
         meanings.of(*second.graph, second.next_point, second.inputs);
}

}  // namespace optexplore::study
