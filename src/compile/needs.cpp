#include <algorithm>
#include <cmath>

#include "compile/draft.hpp"

namespace optexplore::compile {
namespace {

using language::Op;
using program::no_node;
using program::Node;
using program::NodeId;

void mark_needed(Draft& draft) {
  for (Use& use : draft.uses) {
    use.needed = false;
    use.readers = 0;
  }
  draft.needed.clear();
  std::vector<NodeId> pending;
  const auto want = [&](NodeId id) {
    if (draft.uses[id].needed) return;
    draft.uses[id].needed = true;
    pending.push_back(id);
  };
  const auto ask = [&](NodeId id) {
    draft.uses[id].asked = true;
    want(id);
  };
  for (const ProgramOutput& output : draft.spec.observed) ask(output.node);
  for (const ProgramOutput& output : draft.spec.recorded) ask(output.node);
  for (const ProgramInput& input : draft.spec.inputs) {
    want(input.node);
    if (input.update != no_node) ask(input.update);
  }
  while (!pending.empty()) {
    const NodeId id = pending.back();
    pending.pop_back();
    draft.needed.push_back(id);
    if (draft.uses[id].timed) continue;  // another program's business
    for (const NodeId arg : draft.node(id).args) {
      ++draft.uses[arg].readers;
      want(arg);
    }
  }
  std::sort(draft.needed.begin(), draft.needed.end());
}

/// Whether a body of the node draws random numbers, which differ between lanes.
bool draws(const Node& node) {
  for (const auto& body : {node.body, node.otherwise})
    for (NodeId id = 0; body && id < body->graph.size(); ++id)
      if (body->graph[id].op == Op::random || draws(body->graph[id])) return true;
  return false;
}

/// A state is the same for every lane when its update is: assumed first, then withdrawn until it holds.
void find_per_lane(Draft& draft) {
  if (draft.form == Form::single) return;
  for (const ProgramInput& input : draft.spec.inputs) draft.uses[input.node].per_lane = input.per_lane;
  for (bool changed = true; changed;) {
    changed = false;
    for (const NodeId id : draft.needed) {
      const Node& node = draft.node(id);
      if (node.op == Op::input) continue;
      draft.uses[id].per_lane = node.op == Op::random || draws(node) ||
                                std::ranges::any_of(node.args, [&](NodeId arg) { return draft.uses[arg].per_lane; });
    }
    for (const ProgramInput& input : draft.spec.inputs) {
      if (input.update == no_node || draft.uses[input.node].per_lane || !draft.uses[input.update].per_lane) continue;
      draft.uses[input.node].per_lane = true;
      changed = true;
    }
  }
}

Rate slower_of_neither(Rate a, Rate b) {
  if (a == b) return a;
  if (a == Rate::constant) return b;
  if (b == Rate::constant) return a;
  return Rate::step;  // run and clock together, or one of them is step
}

/// What may go wrong in a body is not computed before the body comes to it, however little it depends on; nor are loops
/// that end when they like, and branches.
void find_rates(Draft& draft) {
  for (const ProgramInput& input : draft.spec.inputs)
    draft.uses[input.node].rate = input.value      ? Rate::constant
                                  : input.constant ? Rate::run
                                  : input.clock    ? Rate::clock
                                                   : Rate::step;
  for (const NodeId id : draft.needed) {
    const Node& node = draft.node(id);
    if (node.op == Op::input) continue;
    const bool stays = node.op == Op::random || node.op == Op::branch ||
                       (node.op == Op::loop && node.body->test != no_node) || (draft.spec.body && node.site != nullptr);
    Rate rate = stays || draws(node) ? Rate::step : Rate::constant;
    for (const NodeId arg : node.args) rate = slower_of_neither(rate, draft.uses[arg].rate);
    // The timing program's lanes are steps: only numbers find a place beside each other there, and what goes wrong at
    // a step must be seen at that step.
    if (rate == Rate::clock && (node.body != nullptr || node.op == Op::index || !node.shape.scalar()))
      rate = Rate::step;
    draft.uses[id].rate = rate;
  }
}

}  // namespace

void find_needs(Draft& draft) {
  mark_needed(draft);
  find_per_lane(draft);
  find_rates(draft);
}

void split_timing(Draft& draft) {
  if (!draft.passes.clock) {
    for (const NodeId id : draft.needed)
      if (draft.uses[id].rate == Rate::clock) draft.uses[id].rate = Rate::step;
    return;
  }
  const auto is_timed = [&](NodeId id) { return draft.uses[id].rate == Rate::clock && draft.node(id).op != Op::input; };
  // What is wanted by others, in the order of the graph.
  std::vector<bool> wanted(draft.graph.size(), false);
  for (const NodeId id : draft.needed) {
    if (is_timed(id)) {
      wanted[id] = wanted[id] || draft.uses[id].asked;
      continue;
    }
    for (const NodeId arg : draft.node(id).args) wanted[arg] = true;
  }
  ProgramSpec spec;
  for (const ProgramInput& input : draft.spec.inputs) {
    if (!input.value && !input.clock) continue;
    spec.inputs.push_back(input);
    spec.inputs.back().per_lane = input.clock;
    spec.inputs.back().update = no_node;
    spec.inputs.back().clock = false;
  }
  for (const NodeId id : draft.needed) {
    if (!is_timed(id)) continue;
    draft.uses[id].timed = wanted[id];
    if (wanted[id]) spec.observed.emplace_back(id);
  }
  if (spec.observed.empty()) return;
  mark_needed(draft);
  draft.program.timing = std::make_shared<Program>(compile(draft.graph, spec, Form::block, draft.passes));
}

}  // namespace optexplore::compile
