#include "study/plan.hpp"

#include <algorithm>
#include <optexplore/error.hpp>

namespace optexplore::study {

using program::no_node;
using program::NodeId;

namespace {

double total(const Evaluations& evaluations) { return evaluations.values + evaluations.gradients; }

/// How many steps an optimizer may do on a function.
std::uint64_t steps_of(const Plan::Part& part, StepSettings settings, bool equal_evaluations) {
  if (!equal_evaluations) return settings.steps;
  const double per_step = std::max(total(Step(part.function, part.optimizer, settings).evaluations()), 1.0);
  return std::max<std::uint64_t>(1, static_cast<std::uint64_t>(static_cast<double>(settings.steps) / per_step));
}

}  // namespace

Plan::Plan(const Part& part, const Wanted& wanted, const Formula& target)
    : function(&part.function),
      optimizer(&part.optimizer),
      hyperparameters(&part.hyperparameters),
      expansion(part.experiment, part.function, part.optimizer, wanted.draws) {
  StepSettings settings{part.experiment.steps, part.experiment.gradient, part.experiment.h};
  settings.steps = steps = steps_of(part, settings, wanted.equal_evaluations);
  Step step(part.function, part.optimizer, settings);
  states = step.states.size();
  evaluations = step.evaluations();
  ColumnScope scope(step, part.vocabulary);
  std::vector<NodeId> observed = {step.f};
  if (!part.experiment.stop.empty()) {
    observed.push_back(scope.condition(part.experiment.stop, "a stop condition", "/stop"));
    has_stop = true;
    stop_needs_previous = scope.uses_previous_point();
  }
  if (!target.empty()) {
    observed.push_back(scope.condition(target, "a target", "--target"));
    has_target = true;
  }
  for (std::size_t i = 0; i < wanted.columns.size(); ++i)
    cells.push_back(scope.cells(wanted.columns[i], "/columns/" + std::to_string(i)));
  compile_step(step, observed, scope);
  compile_initial(step);
}

/// Those that are numbers. One that varies may differ between the lanes of a block.
std::vector<compile::ProgramInput> Plan::hyperparameter_inputs(const Step& step) const {
  std::vector<compile::ProgramInput> inputs;
  for (std::size_t k = 0; k < hyperparameters->size(); ++k) {
    const experiment::Hyperparameter& each = (*hyperparameters)[k];
    if (!each.number()) continue;
    const bool varies = each.kind() == experiment::Hyperparameter::Kind::axis;
    inputs.push_back({step.hyperparameter_nodes[k], varies, true, no_node});
  }
  return inputs;
}

void Plan::compile_step(Step& step, const std::vector<NodeId>& observed, const ColumnScope& scope) {
  compile::ProgramSpec spec;
  spec.inputs.push_back({step.point, true, false, step.next_point});
  spec.inputs.push_back({step.previous_point, true, false, scope.uses_previous_point() ? step.point : no_node});
  spec.inputs.push_back({step.t, false, false, no_node});
  for (const StateVariable& state : step.states) spec.inputs.push_back({state.now, true, false, state.next});
  for (const compile::ProgramInput& input : hyperparameter_inputs(step)) spec.inputs.push_back(input);
  first_memory_input = spec.inputs.size();
  for (const Memory& memory : scope.memories()) {
    spec.inputs.push_back({memory.now, true, false, memory.next});
    memories.push_back(memory.initial);
  }
  spec.observed = observed;
  for (const auto& group : cells)
    for (const Cell& cell : group)
      if (cell.source == Cell::Source::node) spec.recorded.push_back(cell.node);
  program = compile::compile(step.graph(), spec);
}

void Plan::compile_initial(Step& step) {
  compile::ProgramSpec spec;
  spec.inputs.push_back({step.point, true, false, no_node});
  for (const compile::ProgramInput& input : hyperparameter_inputs(step)) spec.inputs.push_back(input);
  spec.inputs.push_back({step.t, false, false, no_node});  // a state's initial value may use a schedule: t = 1
  for (const StateVariable& state : step.states) spec.observed.push_back(state.initial);
  initial = compile::compile(step.graph(), spec);
}

}  // namespace optexplore::study
