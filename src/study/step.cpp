#include "study/step.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "program/functions.hpp"
#include "program/shapes.hpp"
#include "study/motion.hpp"
#include "study/precision.hpp"
#include "study/schedules.hpp"
#include "study/update.hpp"
#include "text/caret.hpp"
#include "text/place.hpp"
#include "text/suggest.hpp"
#include "text/wrap.hpp"

namespace optexplore::study {
namespace {

using program::no_node;
using program::NodeId;
using program::Shape;

constexpr std::uint32_t max_matrix_dim = 64;

/// Where a text of the rule stands: in its own file, or below the optimizer in the config.
std::string place_in(const RuleUse& use, const std::string& part) {
  return use.rule.file.empty() ? use.pointer + part : use.rule.file + ": " + part;
}

const std::set<std::string> reserved = {"t", "steps", "n", "x_prev", "f", "grad", "hvp", "pi", "inf", "nan"};

}  // namespace

Step::Step(const FunctionSpec& function, const OptimizerSpec& optimizer, const StepSettings& settings)
    : function_(&function),
      optimizer_(&optimizer),
      settings_(settings),
      hyperparameters_(experiment::hyperparameters(optimizer)),
      uses_(experiment::use_names(optimizer)) {
  // "m": 0 says nothing about m's shape; m = beta1*m + … does. A state that is assigned a vector becomes one,
  // and the step is built again until nothing changes. States only ever grow, so this ends.
  std::size_t count = 0;
  for (const RuleUse& use : optimizer.chain) count += use.rule.state.size();
  Shapes shapes(count);
  for (std::size_t round = 0; round <= count + 1; ++round) {
    build(shapes);
    bool stable = true;
    for (std::size_t i = 0; i < count; ++i) {
      const StateVariable& state = states[i];
      for (const NodeId id : {state.next, state.initial}) {
        if (graph_->shape(id).scalar() || !shapes[i].scalar()) continue;
        shapes[i] = graph_->shape(id);
        stable = false;
      }
    }
    if (stable) break;
  }
  for (StateVariable& state : states) {
    const Shape shape = graph_->shape(state.now);
    for (NodeId* id : {&state.next, &state.initial}) {
      if (!shape.scalar() && graph_->shape(*id).scalar()) *id = graph_->fill(*id, shape);
      if (graph_->shape(*id) != shape)
        throw InputError("the state '" + state.name + "' changes its length from " + std::to_string(shape.length) +
                             " to " + std::to_string(graph_->shape(*id).length),
                         "", optimizer.pointer);
    }
  }
}

void Step::build(const Shapes& shapes) {
  graph_ = std::make_unique<program::Graph>();
  const program::InFormat in_format(*graph_, format_of(settings_.precision));
  objective_ = std::make_unique<Objective>(*graph_, *function_, settings_.gradient, settings_.h);
  frames_ = std::make_unique<Frames>(*graph_);
  hyperparameter_nodes.assign(hyperparameters_.size(), no_node);
  hyperparameter_inputs.assign(hyperparameters_.size(), no_node);
  states.clear();
  missing_gradient = no_node;
  used_gradients_.clear();
  const Shape shape{objective_->dim()};
  point = graph_->input(shape);
  previous_point = graph_->input(shape);
  t = graph_->input({});
  f = objective_->value(point);
  Position position{point};
  start_evaluations = frames_->counts();
  std::size_t state_index = 0;
  for (std::size_t use = 0; use < optimizer_->chain.size(); ++use) build_rule(use, state_index, shapes, position);
  if (!position.moves && !optimizer_->chain.empty())
    throw InputError("the optimizer never assigns x, so it would never move; add a rule such as sgd", "",
                     optimizer_->pointer);
  next_point = position.x;
  evaluations = with_differences(frames_->counts());
  start_evaluations = with_differences(start_evaluations);
  // A rule of the user's own may have its reasons.
  const bool own = std::ranges::any_of(optimizer_->chain, [](const RuleUse& use) { return use.rule.name.empty(); });
  if (position.moves && !own && stands_still(*graph_, point, next_point, states, used_gradients_)) {
    std::vector<std::string> names;
    for (const RuleUse& use : optimizer_->chain) names.push_back(use.rule.name);
    throw InputError("the optimizer would never move: " + text::join(names, " and ") +
                         (names.size() == 1 ? " only changes" : " only change") +
                         " the steps of rules before; put one such as sgd in front of " +
                         (names.size() == 1 ? "it" : "them"),
                     "", optimizer_->pointer);
  }
}

program::Scope Step::words() {
  const program::InFormat exact(*graph_, std::nullopt);  // counts are no results of operations
  program::Scope scope;
  scope.set("t", t);
  scope.set("steps", graph_->constant(static_cast<double>(settings_.steps)));
  scope.set("n", graph_->constant(objective_->dim()));
  add_schedules(scope, *graph_, t, graph_->constant(static_cast<double>(settings_.steps)));
  add_domain(scope);
  return scope;
}

void Step::add_point(program::Scope& scope, const NodeId& x, Frames& frames) {
  add_counted_functions(scope, frames);
  add_draws(scope);
  add_matrices(scope, x, frames);
  scope.names["x"] = [&x] { return x; };
}

void Step::add_position(program::Scope& scope, Position& position) {
  add_point(scope, position.x, *frames_);
  scope.set("x_prev", point);
  scope.names["g"] = [this, &position] {
    if (position.g == no_node) {
      position.g = gradient();
      frames_->keep_outside(position.g);
      frames_->ask(Question::gradient, position.g);
      used_gradients_.insert(position.g);
      missing_gradient = objective_->missing_gradient(point);
    }
    return position.g;
  };
  scope.refusals.push_back({[this](const std::string& name) { return function_->find_coordinate(name).has_value(); },
                            "a rule knows no particular function; write x[1] for the first coordinate"});
}

void Step::build_rule(std::size_t use, std::size_t& state_index, const Shapes& shapes, Position& position) {
  const RuleUse& rule_use = optimizer_->chain[use];
  const std::size_t first_state = state_index;
  program::Scope scope = words();
  add_hyperparameters(use, scope);
  program::Scope start = scope;  // initial values see the start
  Frames of_start(*graph_);
  add_point(start, point, of_start);
  add_states(use, first_state, shapes, start);
  for (std::size_t k = 0; k < start_evaluations.size(); ++k) {
    const program::InFormat exact(*graph_, std::nullopt);
    start_evaluations[k] = graph_->add(start_evaluations[k], of_start.counts()[k]);
  }
  state_index += rule_use.rule.state.size();

  add_position(scope, position);
  for (std::size_t k = first_state; k < states.size(); ++k) scope.set(states[k].name, states[k].now);
  Variables variables{scope,
                      [&](const std::string& name, text::Span span, const std::string& source) {
                        check_target(rule_use, scope, name, span, source);
                      },
                      [&](const std::string& name, NodeId value) { store(name, value, first_state, scope, position); },
                      [&rule_use](const std::string& part) { return place_in(rule_use, part); }};
  UpdateBuilder builder(*graph_, *frames_, [this, &position] {
    program::Scope base = words();
    add_position(base, position);
    return base;
  });
  builder.add_shorthands(rule_use.rule.define, variables);
  builder.build(rule_use.rule.update, rule_use.rule.procedures, variables, "/update");
}

void Step::check_target(const RuleUse& use, const program::Scope& scope, const std::string& name, text::Span span,
                        const std::string& source) const {
  const auto fail = [&](const std::string& why) { throw text::error_at(source, span, "'" + name + "' is " + why); };
  if (std::ranges::any_of(use.settings, [&](const auto& setting) { return setting.first == name; }))
    fail("a hyperparameter; a rule can't assign to it");
  const auto& state = use.rule.state;
  const bool is_state = std::ranges::any_of(state, [&](const auto& variable) { return variable.first == name; });
  if (reserved.contains(name) || name.find('.') != std::string::npos || (scope.functions.contains(name) && !is_state))
    fail("reserved; a rule can't assign to it");
}

void Step::store(const std::string& name, NodeId value, std::size_t first_state, program::Scope& scope,
                 Position& position) {
  if (name == "x" || name == "g") {
    value = graph_->fill(value, {objective_->dim()});
    if (graph_->shape(value) != Shape{objective_->dim()})
      throw InputError("'" + name + "' is a vector of " + std::to_string(objective_->dim()) + ", this is " +
                       program::describe(graph_->shape(value)));
    (name == "x" ? position.x : position.g) = value;
    position.moves = position.moves || name == "x";
    return;
  }
  scope.unavailable.erase(name);
  scope.set(name, value);
  for (std::size_t k = first_state; k < states.size(); ++k)
    if (states[k].name == name) states[k].next = value;
}

void Step::add_hyperparameters(std::size_t use, program::Scope& scope) {
  using Kind = experiment::Hyperparameter::Kind;
  const program::InFormat exact(*graph_, std::nullopt);  // schedules are computed as they are, then rounded
  const RuleUse& rule_use = optimizer_->chain[use];
  const auto for_each = [&](const auto& action) {
    for (std::size_t k = 0; k < hyperparameters_.size(); ++k)
      if (hyperparameters_[k].use == use)
        action(hyperparameters_[k], hyperparameter_nodes[k], hyperparameter_inputs[k]);
  };
  // What is a number first, so that a schedule may use it wherever it stands.
  for_each([&](const experiment::Hyperparameter& each, NodeId& node, NodeId& input) {
    if (!each.number()) return;
    input = graph_->input({});
    node = rounded(input);
    scope.set(each.parameter, node);
  });
  for_each([&](const experiment::Hyperparameter& each, NodeId& node, NodeId& input) {
    const std::string& name = each.parameter;
    if (each.kind() == Kind::choice) {
      const auto& chosen = std::get<Choice>(*each.setting);
      node = graph_->constant(static_cast<double>(chosen.index));
      for (const std::string& label : *each.choices)
        scope.set(name + "." + label, graph_->constant(label == chosen.name ? 1 : 0));
    }
    const std::vector<Formula>* formulas = each.alternatives();
    if (each.kind() != Kind::schedule && formulas == nullptr) return;
    if (formulas != nullptr) input = graph_->input({});
    const auto place = [&] { return rule_use.pointer + (rule_use.rule.name.empty() ? "/params/" : "/") + name; };
    node = text::with_place(place, [&] {
      return formulas == nullptr ? build_formula(std::get<Formula>(*each.setting), scope)
                                 : choose_formula(input, *formulas, scope);
    });
    node = rounded(node);
    scope.set(name, node);
  });
}

NodeId Step::rounded(NodeId value) {
  const auto format = format_of(settings_.precision);
  return format ? graph_->apply(*format, {value}) : value;
}

/// A number, or a vector with one for each coordinate.
NodeId Step::build_formula(const Formula& formula, const program::Scope& scope) {
  const NodeId node = program::build(*graph_, formula.tree(), scope);
  const Shape shape = graph_->shape(node);
  if (!shape.scalar() && shape.length != objective_->dim())
    throw InputError("expected one number, or " + std::to_string(objective_->dim()) + ", one for each coordinate of " +
                     function_->entry.name + ", found " + std::to_string(shape.length));
  for (std::uint32_t i = 0; graph_->is_constant(node) && i < shape.size(); ++i) {
    const double value = graph_->constant_element(node, i);
    if (std::isnan(value) || (shape.scalar() && std::isinf(value)))
      throw InputError("expected a finite number, found '" + formula.text() + "'");
  }
  return node;
}

NodeId Step::choose_formula(NodeId place, const std::vector<Formula>& formulas, const program::Scope& scope) {
  NodeId chosen = build_formula(formulas.back(), scope);
  for (std::size_t i = formulas.size() - 1; i-- > 0;) {
    const NodeId here = graph_->apply(language::Op::eq, {place, graph_->constant(static_cast<double>(i))});
    chosen = graph_->where(here, build_formula(formulas[i], scope), chosen);
  }
  return chosen;
}

/// domain_lo and domain_hi: the ends of the function's domain, coordinate by coordinate.
void Step::add_domain(program::Scope& scope) {
  const auto offer = [&](const char* name, double Interval::*end) {
    scope.names[name] = [this, end] {
      std::vector<double> ends;
      for (std::size_t i = 0; i < function_->dim; ++i) {
        const auto interval = function_->interval(i);
        if (!interval) throw InputError("no domain of " + function_->entry.name + " is known");
        ends.push_back((*interval).*end);
      }
      return graph_->constant(std::move(ends));
    };
  };
  offer("domain_lo", &Interval::low);
  offer("domain_hi", &Interval::high);
}

void Step::add_states(std::size_t use, std::size_t first, const Shapes& shapes, program::Scope& scope) {
  const RuleUse& rule_use = optimizer_->chain[use];
  std::vector<StateVariable> added;
  for (std::size_t i = 0; i < rule_use.rule.state.size(); ++i) {
    const auto& [name, initial] = rule_use.rule.state[i];
    StateVariable state;
    state.use = uses_[use];
    state.name = name;
    text::with_place([&, &name = name] { return place_in(rule_use, "/state/" + name); },
                     [&, &initial = initial] { state.initial = program::build(*graph_, initial.tree(), scope); });
    // What the first round can know of the shape lets the update take elements of the state.
    const Shape& assigned = shapes[first + i];
    state.now = graph_->input(assigned.scalar() ? graph_->shape(state.initial) : assigned);
    state.next = state.now;
    added.push_back(state);
  }
  for (const StateVariable& state : added) {
    scope.set(state.name, state.now);
    states.push_back(state);
  }
}

void Step::add_functions(program::Scope& scope, Of what) {
  const auto turned = [this, what](NodeId v) { return what == Of::typed ? objective_->as_typed(v) : v; };
  const auto whole = [this](NodeId v) {
    const Shape shape = graph_->shape(v);
    if (shape.scalar() && objective_->dim() == 1) return graph_->fill(v, {1});
    if (shape.length != objective_->dim())
      throw InputError("expected a vector of " + std::to_string(objective_->dim()) + " elements, found " +
                       (shape.scalar() ? "a number" : std::to_string(shape.length)));
    return v;
  };
  scope.functions["f"] = {[=, this](auto args) { return turned(objective_->value(whole(args[0]))); }};
  scope.functions["grad"] = {[=, this](auto args) { return turned(objective_->gradient(whole(args[0]))); }};
  scope.functions["hvp"] = {
      [=, this](auto args) { return turned(objective_->hessian_product(whole(args[0]), whole(args[1]))); }};
}

void Step::add_counted_functions(program::Scope& scope, Frames& frames) {
  add_functions(scope, Of::minimized);
  const auto count = [this, &scope, &frames](const char* name, Question question) {
    auto& function = scope.functions[name];
    function.build = [this, question, &frames, build = std::move(function.build)](auto args) {
      const NodeId result = build(args);
      frames.ask(question, result);
      if (question == Question::gradient) used_gradients_.insert(result);
      return result;
    };
  };
  count("f", Question::value);
  count("grad", Question::gradient);
  count("hvp", Question::gradient);
}

StepSettings step_settings(const Experiment& experiment, const OptimizerSpec& optimizer) {
  return {experiment.steps, optimizer.gradient.value_or(experiment.gradient), optimizer.h.value_or(experiment.h),
          optimizer.precision.value_or(experiment.precision)};
}

Counts Step::with_differences(Counts counts) {
  const program::InFormat exact(*graph_, std::nullopt);
  if (settings_.gradient == GradientMode::exact) return counts;
  const double n = objective_->dim();
  const NodeId values = graph_->constant(settings_.gradient == GradientMode::central ? 2 * n : n + 1);
  const auto gradients = static_cast<std::size_t>(Question::gradient);
  counts[0] = graph_->add(counts[0], graph_->mul(counts[gradients], values));
  counts[gradients] = graph_->constant(0.0);
  return counts;
}

/// hess() is the Hessian at x, eye() the identity of as many rows.
void Step::add_matrices(program::Scope& scope, const NodeId& x, Frames& frames) {
  const std::uint32_t n = objective_->dim();
  const auto unit = [this, n](std::uint32_t i) {
    std::vector<double> e(n, 0.0);
    e[i] = 1;
    return graph_->constant(std::move(e));
  };
  scope.functions["hess"] = {[=, this, &x, &frames](auto) {
    if (n > max_matrix_dim)
      throw InputError("hess() needs n² numbers; expected at most " + std::to_string(max_matrix_dim) +
                       " dimensions, found " + std::to_string(n) + "; use hvp(v,u)");
    std::vector<NodeId> rows;
    for (std::uint32_t i = 0; i < n; ++i) {
      rows.push_back(objective_->hessian_product(x, unit(i)));
      used_gradients_.insert(rows.back());
    }
    const NodeId hessian = graph_->reshape(graph_->concat(rows), program::matrix_shape(n, n));
    frames.ask(Question::hessian, hessian);
    return hessian;
  }};
  scope.functions["eye"] = {[=, this](auto args) {
    const NodeId rows = args.empty() ? graph_->constant(n) : args[0];
    return program::build_function(*graph_, {"eye", std::array{rows}, no_node, nullptr});
  }};
}

void Step::add_draws(program::Scope& scope) {
  const auto draw = [this](language::Draw kind) {
    return program::Scope::Function{[this, kind](auto) { return graph_->random(kind, {objective_->dim()}); }};
  };
  scope.functions["rand"] = draw(language::Draw::uniform);
  scope.functions["randn"] = draw(language::Draw::normal);
  scope.functions["rademacher"] = draw(language::Draw::rademacher);
}

}  // namespace optexplore::study
