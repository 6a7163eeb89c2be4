#include "study/plan.hpp"

#include <optexplore/error.hpp>

namespace optexplore::study {

using program::no_node;
using program::NodeId;

std::string target_on(const FunctionSpec& function, const std::optional<std::string>& given) {
  if (given && given->empty()) throw InputError("expected an expression, found nothing", "", "--target");
  return given ? *given : function.minimum ? "gap < 1e-8" : "";
}

Plan::Plan(const Experiment& experiment, const FunctionSpec& function_spec, const OptimizerSpec& optimizer_spec,
           const std::vector<ColumnSpec>& columns, const KnownNames& known, const std::string& target)
    : function(&function_spec), optimizer(&optimizer_spec), expansion(experiment, function_spec, optimizer_spec) {
  Step step(function_spec, optimizer_spec, experiment);
  states = step.states.size();
  evaluations = step.evaluations();
  ColumnScope scope(step, experiment, known);
  std::vector<NodeId> observed = {step.f};
  if (!experiment.stop.empty()) {
    observed.push_back(scope.condition(experiment.stop, "a stop condition", "/stop"));
    has_stop = true;
    stop_needs_previous = scope.uses_previous_point();
  }
  if (!target.empty()) {
    observed.push_back(scope.condition(target, "a target", "--target"));
    has_target = true;
  }
  for (std::size_t i = 0; i < columns.size(); ++i)
    cells.push_back(scope.cells(columns[i], "/columns/" + std::to_string(i)));
  for (const Hyperparameter& hp : step.hyperparameters) {
    is_constant.push_back(std::holds_alternative<double>(*hp.setting));
    is_schedule.push_back(std::holds_alternative<std::string>(*hp.setting));
  }
  compile_step(step, observed, scope);
  compile_initial(step);
}

/// Those that are not schedules. One that varies may differ between the lanes of a block.
std::vector<compile::ProgramInput> Plan::hyperparameter_inputs(const Step& step) const {
  std::vector<compile::ProgramInput> inputs;
  for (std::size_t k = 0; k < step.hyperparameters.size(); ++k) {
    if (is_schedule[k]) continue;
    const Hyperparameter& hp = step.hyperparameters[k];
    inputs.push_back({hp.node, std::holds_alternative<Variation>(*hp.setting), true, no_node, "hp." + hp.name});
    if (const auto* number = std::get_if<double>(hp.setting)) inputs.back().value = *number;
  }
  return inputs;
}

void Plan::compile_step(Step& step, const std::vector<NodeId>& observed, const ColumnScope& scope) {
  compile::ProgramSpec spec;
  spec.inputs.push_back({step.point, true, false, step.next_point, "point"});
  spec.inputs.push_back(
      {step.previous_point, true, false, scope.uses_previous_point() ? step.point : no_node, "point_prev"});
  spec.inputs.push_back({step.t, false, false, no_node, "t", std::nullopt, true});
  for (const StateVariable& state : step.states)
    spec.inputs.push_back({state.now, true, false, state.next, "state." + state.name});
  for (const compile::ProgramInput& input : hyperparameter_inputs(step)) spec.inputs.push_back(input);
  first_memory_input = spec.inputs.size();
  for (const Memory& memory : scope.memories()) {
    spec.inputs.push_back({memory.now, true, false, memory.next, "memory"});
    memories.push_back(memory.initial);
  }
  spec.observed.assign(observed.begin(), observed.end());
  for (const auto& group : cells)
    for (const Cell& cell : group)
      if (cell.source == Cell::Source::node) spec.recorded.emplace_back(cell.node, cell.name);
  executable = backend::compile(step.graph(), spec, form());
}

void Plan::compile_initial(Step& step) {
  compile::ProgramSpec spec;
  spec.inputs.push_back({step.point, true, false, no_node, "point"});
  for (const compile::ProgramInput& input : hyperparameter_inputs(step)) spec.inputs.push_back(input);
  // A state's initial value may use a schedule: t = 1.
  spec.inputs.push_back({step.t, false, false, no_node, "t", std::nullopt, true});
  for (const StateVariable& state : step.states) spec.observed.emplace_back(state.initial, "state." + state.name);
  initial = backend::compile(step.graph(), spec, form());
}

}  // namespace optexplore::study
