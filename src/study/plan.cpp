#include "study/plan.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optexplore/error.hpp>

#include "study/schedules.hpp"

namespace optexplore::study {

using program::no_node;
using program::NodeId;

namespace {

std::string port_of(const StateVariable& state) {
  return "state." + state.use + "." + state.name + (state.block.empty() ? "" : "." + state.block);
}

/// 0, or NaN when the value or an element of it is.
NodeId missing_in(program::Graph& graph, NodeId value) {
  using language::Op;
  const NodeId nan = graph.constant(std::numeric_limits<double>::quiet_NaN());
  const NodeId each = graph.where(graph.apply(Op::eq, {value, value}), graph.constant(0.0), nan);
  return graph.shape(each).scalar() ? each : graph.apply(Op::sum, {each});
}

/// Counts that no run can change.
std::optional<Evaluations> constant(const program::Graph& graph, const Counts& counts) {
  for (const NodeId count : counts)
    if (!graph.is_constant(count)) return std::nullopt;
  return Evaluations{graph.constant_element(counts[0], 0), graph.constant_element(counts[1], 0),
                     graph.constant_element(counts[2], 0)};
}

/// What they cost so far.
NodeId cost_of_evaluations(Step& step, ColumnScope& scope, const Prices& prices) {
  program::Graph& graph = step.graph();
  const auto cost = [&](double price, Question question) {
    return graph.mul(graph.constant(price), scope.evaluations(question));
  };
  return graph.add(graph.add(cost(prices.value, Question::value), cost(prices.gradient, Question::gradient)),
                   cost(prices.hessian, Question::hessian));
}

/// How many steps an optimizer may do on a function.
std::uint64_t steps_of(const Plan::Part& part, StepSettings settings, bool equal_evaluations, const Prices& prices) {
  if (!equal_evaluations) return settings.steps;
  const Step step(part.function, part.optimizer, settings);
  const auto of_step = constant(step.graph(), step.evaluations);
  if (!of_step) return settings.steps;
  const double left = static_cast<double>(settings.steps) - prices.of(*constant(step.graph(), step.start_evaluations));
  const double each = prices.of(*of_step);
  if (each == 0) return settings.steps;
  return static_cast<std::uint64_t>(std::clamp(left / each, 1.0, static_cast<double>(settings.steps)));
}

}  // namespace

Plan::Plan(const Part& part, const Wanted& wanted, const Formula& target)
    : prices(study::prices(wanted.cost, part.function.dim)),
      function(&part.function),
      optimizer(&part.optimizer),
      hyperparameters(&part.hyperparameters),
      expansion(part.experiment, part.function, part.optimizer, wanted.draws) {
  StepSettings settings = step_settings(part.experiment, part.optimizer);
  settings.steps = steps = steps_of(part, settings, wanted.equal_evaluations, prices);
  Step step(part.function, part.optimizer, settings);
  check_schedules(step);
  start_evaluations = *constant(step.graph(), step.start_evaluations);
  step_evaluations = constant(step.graph(), step.evaluations);
  const NodeId hessians = step.evaluations[static_cast<std::size_t>(Question::hessian)];
  asks_for_hessians = start_evaluations.hessians > 0 || !step.graph().is_constant(hessians, 0);
  ColumnScope scope(step, part.vocabulary);
  std::vector<NodeId> observed = {step.f};
  if (!part.experiment.stop.empty()) {
    observed.push_back(scope.condition(part.experiment.stop, "a stop condition", "/stop"));
    has_stop = true;
    stop_needs_previous = scope.uses_previous_point();
  }
  if (step.missing_gradient != no_node) {
    missing_observed = observed.size();
    observed.push_back(step.missing_gradient);
  }
  if (wanted.equal_evaluations && !step_evaluations) {
    budget = settings.steps;
    spent_observed = observed.size();
    const NodeId limit = step.graph().constant(static_cast<double>(budget));
    observed.push_back(step.graph().apply(language::Op::ge, {cost_of_evaluations(step, scope, prices), limit}));
  }
  NodeId aim = no_node;
  if (!target.empty()) {
    aim = scope.condition(target, "a target", "--target");
    has_target = true;
  }
  for (std::size_t i = 0; i < wanted.columns.size(); ++i)
    cells.push_back(scope.cells(wanted.columns[i], "/columns/" + std::to_string(i)));
  compile_step(step, observed, scope, wanted, aim);
  compile_initial(step, scope);
}

/// Throws when a schedule has no number at some update, for any of the optimizer's settings; of a great many the first
/// ones are asked.
void Plan::check_schedules(Step& step) const {
  constexpr std::uint64_t most_values = 4'000'000;
  std::vector<NodeId> values, inputs;
  std::vector<std::size_t> scheduled, numbers;
  for (std::size_t k = 0; k < hyperparameters->size(); ++k) {
    const experiment::Hyperparameter& each = (*hyperparameters)[k];
    const NodeId input = step.hyperparameter_inputs[k];
    if (each.kind() == experiment::Hyperparameter::Kind::schedule || each.alternatives() != nullptr) {
      values.push_back(missing_in(step.graph(), step.hyperparameter_nodes[k]));
      scheduled.push_back(k);
    }
    if (input == no_node) continue;
    inputs.push_back(input);
    numbers.push_back(k);
  }
  if (values.empty()) return;
  const Clockwork clockwork(step.graph(), step.t, values, inputs);
  const std::uint64_t known = std::min(steps, most_values);
  const std::uint64_t settings = std::min(expansion.settings(), most_values / std::max<std::uint64_t>(known, 1) + 1);
  for (std::uint64_t setting = 0; setting < settings; ++setting) {
    const std::vector<double> all = expansion.hyperparameters(setting * expansion.runs_per_setting());
    std::vector<double> given;
    for (const std::size_t k : numbers) given.push_back(all[k]);
    clockwork.each_step(known, given, [&](std::uint64_t t, std::span<const double> now) {
      for (std::size_t i = 0; i < now.size(); ++i) {
        if (!std::isnan(now[i])) continue;
        const experiment::Hyperparameter& each = (*hyperparameters)[scheduled[i]];
        const RuleUse& use = optimizer->chain[each.use];
        throw InputError("expected a number at every update, found none at update " + std::to_string(t) + ": '" +
                             each.text(all[scheduled[i]]) + "'",
                         "", use.pointer + (use.rule.name.empty() ? "/params/" : "/") + each.parameter);
      }
      return true;
    });
  }
}

/// Those that a run has a number for. One that varies may differ between the lanes of a block.
std::vector<compile::ProgramInput> Plan::hyperparameter_inputs(const Step& step) const {
  std::vector<compile::ProgramInput> inputs;
  for (std::size_t k = 0; k < hyperparameters->size(); ++k) {
    const experiment::Hyperparameter& each = (*hyperparameters)[k];
    if (step.hyperparameter_inputs[k] == no_node) continue;
    const bool varies = each.kind() == experiment::Hyperparameter::Kind::axis;
    inputs.push_back({step.hyperparameter_inputs[k], varies, true, no_node, "hp." + each.name});
    if (!varies) inputs.back().value = std::get<double>(*each.setting);
  }
  return inputs;
}

void Plan::compile_step(Step& step, const std::vector<NodeId>& observed, ColumnScope& scope, const Wanted& wanted,
                        NodeId target) {
  compile::ProgramSpec spec;
  for (const auto& group : cells)
    for (const Cell& cell : group)
      if (cell.source == Cell::Source::node) spec.recorded.emplace_back(cell.node, cell.name);
  node_cells = spec.recorded.size();
  if (wanted.best) {
    best_recorded = spec.recorded.size();
    spec.recorded.emplace_back(scope.best_value(), "best_f");
    spec.recorded.emplace_back(scope.best_step(), "step_best");
  }
  if (target != no_node) {
    target_recorded = spec.recorded.size();
    spec.recorded.emplace_back(scope.first_step(target), "steps_to_target");
    if (wanted.settling) {
      settled_recorded = spec.recorded.size();
      spec.recorded.emplace_back(scope.settled_step(target), "steps_to_settle");
    }
  }
  if (!step_evaluations && wanted.every == 0) {
    evaluations_recorded = spec.recorded.size();
    spec.recorded.emplace_back(scope.evaluations(Question::value), "evals_f");
    spec.recorded.emplace_back(scope.evaluations(Question::gradient), "evals_g");
    spec.recorded.emplace_back(scope.evaluations(Question::hessian), "evals_h");
    if (settled_recorded) {
      settled_evaluations_recorded = spec.recorded.size();
      spec.recorded.emplace_back(scope.settled_value(target, cost_of_evaluations(step, scope, prices)),
                                 "evals_to_settle");
    }
  }
  spec.observed.assign(observed.begin(), observed.end());
  spec.inputs.push_back({step.point, true, false, step.next_point, "point"});
  spec.inputs.push_back(
      {step.previous_point, true, false, scope.uses_previous_point() ? step.point : no_node, "point_prev"});
  spec.inputs.push_back({step.t, false, false, no_node, "t", std::nullopt, true});
  for (const StateVariable& state : step.states)
    spec.inputs.push_back({state.now, true, false, state.next, port_of(state)});
  for (const compile::ProgramInput& input : hyperparameter_inputs(step)) spec.inputs.push_back(input);
  for (const Memory& memory : scope.memories()) {
    memories.push_back({"memory." + std::to_string(memories.size()), memory.initial, memory.start != no_node});
    spec.inputs.push_back({memory.now, true, false, memory.next, memories.back().name});
  }
  compile_for_lanes(step.graph(), spec, wanted.every);
}

/// Many lanes share the cost of an instruction, as far as they have room in the L1 cache and, when their rows are
/// recorded, in a limited amount of memory. One lane alone has a program of its own form.
void Plan::compile_for_lanes(const program::Graph& graph, const compile::ProgramSpec& spec, std::uint64_t every) {
  constexpr std::size_t fewest = 8, most = 192;  // vector instructions take four lanes, and two hide their latency
  constexpr std::size_t cache_doubles = 4096;
  constexpr double recorded_doubles = 1 << 17;  // 1 MiB, and several times as much text
  const std::uint64_t rows = every == 0 ? 0 : steps / every + 2;
  const double numbers = static_cast<double>(rows) * (1.0 + static_cast<double>(spec.recorded.size()));
  const double room = numbers == 0 ? most : std::floor(recorded_doubles / numbers);
  if (expansion.runs() > 1 && room > 1) {
    executable = backend::compile(graph, spec, compile::Form::block);
    const std::size_t fit = cache_doubles / std::max<std::size_t>(executable->program().lane_rows, 1);
    lanes = fit < fewest ? (fit == 0 ? 1 : fewest) : std::min(most, fit / fewest * fewest);
    lanes = std::min(lanes, static_cast<std::size_t>(std::min<double>(room, most)));
  }
  if (lanes == 1) executable = backend::compile(graph, spec, compile::Form::single);
}

void Plan::compile_initial(Step& step, const ColumnScope& scope) {
  compile::ProgramSpec spec;
  spec.inputs.push_back({step.point, true, false, no_node, "point"});
  for (const compile::ProgramInput& input : hyperparameter_inputs(step)) spec.inputs.push_back(input);
  // A state's initial value may use a schedule: t = 1.
  spec.inputs.push_back({step.t, false, false, no_node, "t", std::nullopt, true});
  for (const StateVariable& state : step.states) spec.observed.emplace_back(state.initial, port_of(state));
  for (std::size_t k = 0; k < memories.size(); ++k)
    if (memories[k].computed) spec.observed.emplace_back(scope.memories()[k].start, memories[k].name);
  initial = backend::compile(step.graph(), spec, executable->program().form);
}

}  // namespace optexplore::study
