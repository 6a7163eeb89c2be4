#include "study/step.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "catalog/entries.hpp"
#include "experiment/blocks.hpp"
#include "program/shapes.hpp"
#include "study/motion.hpp"
#include "study/precision.hpp"
#include "study/update.hpp"
#include "text/caret.hpp"
#include "text/place.hpp"
#include "text/suggest.hpp"
#include "text/wrap.hpp"

namespace optexplore::study {
namespace {

using experiment::same_group;
using experiment::side_by_side;
using program::no_node;
using program::NodeId;
using program::Shape;

/// Where a text of the rule stands: in its own file, or below the optimizer in the config.
std::string place_in(const RuleUse& use, const std::string& part) {
  return use.rule.file.empty() ? use.pointer + part : use.rule.file + ": " + part;
}

/// A choice's names: 1 for the one that it is, 0 for the others.
void add_choice(program::Scope& scope, program::Graph& graph, const experiment::Hyperparameter& choice) {
  for (const std::string& label : *choice.choices)
    scope.set(choice.parameter + "." + label, graph.constant(label == std::get<Choice>(*choice.setting).name ? 1 : 0));
}

/// What a rule can't assign to, whatever it is a name of there.
bool is_reserved(const std::string& name) {
  const std::vector<std::string>& names = catalog::reserved_in_rules();
  return name.find('.') != std::string::npos ||
         (name != "x" && name != "g" && std::ranges::find(names, name) != names.end());
}

}  // namespace

Step::Step(const FunctionSpec& function, const OptimizerSpec& optimizer, const StepSettings& settings)
    : function_(&function),
      optimizer_(&optimizer),
      settings_(settings),
      hyperparameters_(experiment::hyperparameters(optimizer)),
      uses_(experiment::use_names(optimizer)) {
  for (const RuleUse& use : optimizer.chain) apart_.push_back(first_guess(use));
  // "m": 0 says nothing about m's shape; m = beta1*m + … does. A state that is assigned a vector becomes one,
  // and the step is built again until nothing changes. States only ever grow, so this ends; and so does what is found
  // out of the views.
  Shapes shapes;
  do {
    while (!build(shapes)) shapes.clear();
  } while (find_shapes(shapes));
  match_states();
}

bool Step::find_shapes(Shapes& shapes) const {
  shapes.resize(states.size());
  bool found = false;
  for (std::size_t i = 0; i < states.size(); ++i)
    for (const NodeId id : {states[i].next, states[i].initial}) {
      if (graph_->shape(id).scalar() || !shapes[i].scalar()) continue;
      shapes[i] = graph_->shape(id);
      found = true;
    }
  return found;
}

void Step::match_states() {
  for (StateVariable& state : states) {
    const Shape shape = graph_->shape(state.now);
    for (NodeId* id : {&state.next, &state.initial}) {
      if (!shape.scalar() && graph_->shape(*id).scalar()) *id = graph_->fill(*id, shape);
      if (graph_->shape(*id) != shape)
        throw InputError("the state '" + state.name + "' changes from " + program::describe(shape) + " to " +
                             program::describe(graph_->shape(*id)),
                         "", optimizer_->pointer);
    }
  }
}

bool Step::build(const Shapes& shapes) {
  graph_ = std::make_unique<program::Graph>();
  const program::InFormat in_format(*graph_, format_of(settings_.precision));
  objective_ = std::make_unique<Objective>(*graph_, *function_, settings_.gradient, settings_.h);
  frames_ = std::make_unique<Frames>(*graph_);
  start_frames_ = std::make_unique<Frames>(*graph_);
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
  around_ = std::make_unique<RuleSurroundings>(RuleSurroundings{*graph_, *objective_, *frames_, settings_.steps,
                                                                function_->blocks().size(), point, t,
                                                                [this] { return ask_gradient(); }, used_gradients_});
  Position position{point};
  const std::size_t uses = optimizer_->chain.size();
  for (std::size_t use = 0; use < uses;) {
    const bool built =
        optimizer_->chain[use].group ? build_groups(use, shapes, position) : build_rule(use++, shapes, position);
    if (!built) return false;
  }
  if (!position.moves && !optimizer_->chain.empty())
    throw InputError("the optimizer never assigns x, so it would never move; add a rule such as sgd", "",
                     optimizer_->pointer);
  next_point = position.x;
  evaluations = with_differences(frames_->counts());
  start_evaluations = with_differences(start_frames_->counts());
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
  return true;
}

NodeId Step::ask_gradient() {
  const NodeId g = gradient();
  frames_->keep_outside(g);
  frames_->ask(Question::gradient, g);
  used_gradients_.insert(g);
  missing_gradient = objective_->missing_gradient(point);
  return g;
}

Step::Apart Step::first_guess(const RuleUse& use) const {
  const std::vector<PointBlock> blocks = experiment::blocks_of(use, *function_);
  const bool vector = blocks.size() == 1 && blocks.front().rank == 1;
  return vector || use.rule.scope == RuleEntry::Scope::point ? Apart::no : Apart::if_it_matters;
}

std::vector<View> Step::views(std::size_t use) const {
  const std::vector<PointBlock> blocks = experiment::blocks_of(optimizer_->chain[use], *function_);
  if (blocks.empty()) return {};
  if (apart_[use] != Apart::yes) return {View(blocks)};
  std::vector<View> views;
  for (const PointBlock& block : blocks) views.emplace_back(block);
  return views;
}

/// All begin where the rules before them have come to, and know nothing of one another.
bool Step::build_groups(std::size_t& use, const Shapes& shapes, Position& position) {
  const std::vector<RuleUse>& chain = optimizer_->chain;
  const Position before = position;
  std::vector<View> views;
  std::vector<Position> ends;
  for (const RuleUse& first = chain[use]; use < chain.size() && side_by_side(first, chain[use]);) {
    const RuleUse& group = chain[use];
    Position own{before.x, before.g};
    for (; use < chain.size() && same_group(group, chain[use]); ++use)
      if (!build_rule(use, shapes, own)) return false;
    const std::vector<PointBlock> blocks = experiment::blocks_of(group, *function_);
    if (blocks.empty()) continue;
    if (!own.moves)
      throw InputError("the group never assigns x, so its blocks would never move; add a rule such as sgd", "",
                       group.group->pointer);
    views.emplace_back(blocks);
    ends.push_back(own);
  }
  std::vector<std::pair<const View*, NodeId>> xs, gs;
  const NodeId g = before.g != no_node ? before.g : gradient();
  for (std::size_t k = 0; k < views.size(); ++k) {
    xs.emplace_back(&views[k], views[k].of(*graph_, ends[k].x));
    if (ends[k].g != no_node && ends[k].g != g) gs.emplace_back(&views[k], views[k].of(*graph_, ends[k].g));
  }
  position.x = View::replaced(*graph_, before.x, xs);
  if (!gs.empty()) position.g = View::replaced(*graph_, before.g != no_node ? before.g : ask_gradient(), gs);
  position.moves = true;
  return true;
}

bool Step::build_rule(std::size_t use, const Shapes& shapes, Position& position) {
  build_hyperparameters(use);
  // All views of a rule see the position before it.
  Position before = position;
  using Values = std::vector<std::pair<const View*, NodeId>>;
  Values xs, gs;
  const std::vector<View> all = views(use);
  const View whole(experiment::blocks_of(optimizer_->chain[use], *function_));
  for (const View& view : all) {
    RuleScope rule(*around_, view, whole, before);
    if (!try_view(use, shapes, rule)) {
      apart_[use] = Apart::yes;
      return false;
    }
    if (rule.sets_x) xs.emplace_back(&view, rule.x);
    if (rule.sets_g) gs.emplace_back(&view, rule.g);
  }
  position.g = before.g;
  if (!xs.empty()) position.x = View::replaced(*graph_, before.x, xs);
  position.moves = position.moves || !xs.empty();
  if (gs.empty()) return true;
  const bool all_set = !optimizer_->chain[use].group && gs.size() == all.size();
  if (before.g == no_node && !all_set) before.g = ask_gradient();
  position.g = View::replaced(*graph_, all_set ? point : before.g, gs);
  return true;
}

bool Step::try_view(std::size_t use, const Shapes& shapes, RuleScope& rule) {
  const View& view = rule.view();
  try {
    return build_view(use, shapes, rule);
  } catch (const InputError& error) {
    if (apart_[use] == Apart::if_it_matters) return false;  // a rule on matrices is no rule on a vector of all
    if (view.block().empty()) throw;
    const std::string x = "x is the block '" + view.block() + "', " + program::describe(view.shape());
    throw InputError(error.message() + " (" + x + ")", error.excerpt(), error.place());
  }
}

bool Step::build_view(std::size_t use, const Shapes& shapes, RuleScope& rule) {
  const RuleUse& rule_use = optimizer_->chain[use];
  const std::size_t first_state = states.size();
  program::Scope scope = rule.own_words();
  add_hyperparameters(use, scope, rule);
  program::Scope start = scope;  // initial values see the start
  rule.add_start(start, *start_frames_);
  add_states(use, shapes, start, rule.view());

  rule.add_position(scope);
  for (std::size_t k = first_state; k < states.size(); ++k) scope.set(states[k].name, states[k].now);
  const auto store = [&](const std::string& name, NodeId value) {
    if (name == "x" || name == "g") return rule.store(name, value);
    scope.unavailable.erase(name);
    scope.set(name, value);
    for (std::size_t k = first_state; k < states.size(); ++k)
      if (states[k].name == name) states[k].next = value;
  };
  Variables variables{scope,
                      [&](const std::string& name, text::Span span, const std::string& source) {
                        check_target(rule_use, scope, name, span, source);
                      },
                      store, [&rule_use](const std::string& part) { return place_in(rule_use, part); }};
  UpdateBuilder builder(*graph_, *frames_, [&rule] {
    program::Scope base = rule.own_words();
    rule.add_position(base);
    return base;
  });
  builder.add_shorthands(rule_use.rule.define, variables);
  builder.build(rule_use.rule.update, rule_use.rule.procedures, variables, "/update");
  return apart_[use] != Apart::if_it_matters || may_see_together(rule_use, rule, first_state);
}

/// A rule that evaluates the function at places of its own sees the whole point, as a framework's closure does, unless
/// it says otherwise.
bool Step::may_see_together(const RuleUse& use, const RuleScope& rule, std::size_t first_state) const {
  if (rule.evaluates()) return use.rule.scope != RuleEntry::Scope::block;
  if (rule.tells_views_apart()) return false;
  std::vector<NodeId> results;
  std::set<NodeId> known;
  for (std::size_t k = first_state; k < states.size(); ++k) {
    results.insert(results.end(), {states[k].next, states[k].initial});
    known.insert(states[k].now);
  }
  return rule.coordinatewise(std::move(results), std::move(known));
}

void Step::check_target(const RuleUse& use, const program::Scope& scope, const std::string& name, text::Span span,
                        const std::string& source) const {
  const auto fail = [&](const std::string& why) { throw text::error_at(source, span, "'" + name + "' is " + why); };
  if (std::ranges::any_of(use.settings, [&](const auto& setting) { return setting.first == name; }))
    fail("a hyperparameter; a rule can't assign to it");
  const auto& state = use.rule.state;
  const bool is_state = std::ranges::any_of(state, [&](const auto& variable) { return variable.first == name; });
  if (is_reserved(name) || (scope.functions.contains(name) && !is_state)) fail("reserved; a rule can't assign to it");
}

void Step::build_hyperparameters(std::size_t use) {
  using Kind = experiment::Hyperparameter::Kind;
  const program::InFormat exact(*graph_, std::nullopt);  // schedules are computed as they are, then rounded
  const RuleUse& rule_use = optimizer_->chain[use];
  program::Scope scope = RuleScope::words(*around_);
  const auto for_each = [&](const auto& action) {
    for (std::size_t k = 0; k < hyperparameters_.size(); ++k)
      if (hyperparameters_[k].use == use)
        action(hyperparameters_[k], hyperparameter_nodes[k], hyperparameter_inputs[k]);
  };
  // What is a number first, so that a schedule may use it wherever it stands.
  for_each([&](const experiment::Hyperparameter& each, NodeId& node, NodeId& input) {
    if (!each.number()) return;
    input = graph_->input({});
    if (each.kind() == Kind::constant) graph_->assume(input, std::get<double>(*each.setting));
    node = rounded(input);
    scope.set(each.parameter, node);
  });
  for_each([&](const experiment::Hyperparameter& each, NodeId& node, NodeId& input) {
    const std::string& name = each.parameter;
    if (each.kind() == Kind::choice) {
      node = graph_->constant(static_cast<double>(std::get<Choice>(*each.setting).index));
      add_choice(scope, *graph_, each);
    }
    const std::vector<Formula>* formulas = each.alternatives();
    if (each.kind() != Kind::schedule && formulas == nullptr) return;
    if (formulas != nullptr) input = graph_->input({});
    const auto place = [&] { return rule_use.pointer + (rule_use.rule.name.empty() ? "/params/" : "/") + name; };
    node = text::with_place(place, [&] {
      return formulas == nullptr ? build_formula(std::get<Formula>(*each.setting), scope, rule_use)
                                 : choose_formula(input, *formulas, scope, rule_use);
    });
    node = rounded(node);
    scope.set(name, node);
  });
}

void Step::add_hyperparameters(std::size_t use, program::Scope& scope, RuleScope& rule) {
  for (std::size_t k = 0; k < hyperparameters_.size(); ++k) {
    const experiment::Hyperparameter& each = hyperparameters_[k];
    if (each.use != use) continue;
    if (each.kind() == experiment::Hyperparameter::Kind::choice)
      add_choice(scope, *graph_, each);
    else
      scope.set(each.parameter, rule.part_of(hyperparameter_nodes[k]));
  }
}

NodeId Step::rounded(NodeId value) {
  const auto format = format_of(settings_.precision);
  return format ? graph_->apply(*format, {value}) : value;
}

/// A number, or a vector with one for each coordinate.
NodeId Step::build_formula(const Formula& formula, const program::Scope& scope, const RuleUse& use) {
  const NodeId node = program::build(*graph_, formula.tree(), scope);
  const Shape shape = graph_->shape(node);
  if (!shape.scalar() && shape.length != objective_->dim()) {
    const View view(experiment::blocks_of(use, *function_));
    if (use.group && shape == view.shape()) {
      const NodeId nowhere = graph_->fill(graph_->constant(0.0), {objective_->dim()});
      const std::pair<const View*, NodeId> part = {&view, node};
      return View::replaced(*graph_, nowhere, {&part, 1});
    }
    const std::uint32_t length = use.group ? view.shape().length : objective_->dim();
    throw InputError("expected one number, or " + std::to_string(length) + ", one for each coordinate of " +
                     (use.group ? "the group" : function_->entry.name) + ", found " + std::to_string(shape.length));
  }
  for (std::uint32_t i = 0; graph_->is_constant(node) && i < shape.size(); ++i) {
    const double value = graph_->constant_element(node, i);
    if (std::isnan(value) || (shape.scalar() && std::isinf(value)))
      throw InputError("expected a finite number, found '" + formula.text() + "'");
  }
  return node;
}

NodeId Step::choose_formula(NodeId place, const std::vector<Formula>& formulas, const program::Scope& scope,
                            const RuleUse& use) {
  NodeId chosen = build_formula(formulas.back(), scope, use);
  for (std::size_t i = formulas.size() - 1; i-- > 0;) {
    const NodeId here = graph_->apply(language::Op::eq, {place, graph_->constant(static_cast<double>(i))});
    chosen = graph_->where(here, build_formula(formulas[i], scope, use), chosen);
  }
  return chosen;
}

void Step::add_states(std::size_t use, const Shapes& shapes, program::Scope& scope, const View& view) {
  const RuleUse& rule_use = optimizer_->chain[use];
  std::vector<StateVariable> added;
  for (const auto& [name, initial] : rule_use.rule.state) {
    StateVariable state;
    state.use = uses_[use];
    state.name = name;
    state.group = rule_use.group ? rule_use.group->number : 0;
    state.block = view.block();
    state.blocks = view.blocks();
    text::with_place([&, &name = name] { return place_in(rule_use, "/state/" + name); },
                     [&, &initial = initial] { state.initial = program::build(*graph_, initial.tree(), scope); });
    scope.set(name, state.initial);  // for those after it
    // What is known of the shape by now lets the update take elements of the state.
    const std::size_t number = states.size() + added.size();
    const Shape assigned = number < shapes.size() ? shapes[number] : Shape{};
    state.now = graph_->input(assigned.scalar() ? graph_->shape(state.initial) : assigned);
    state.next = state.now;
    added.push_back(state);
  }
  states.insert(states.end(), added.begin(), added.end());
}

void Step::add_functions(program::Scope& scope, Of what) {
  add_point_functions(scope, *graph_, *objective_,
                      [this, what](NodeId v) { return what == Of::typed ? objective_->as_typed(v) : v; });
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

}  // namespace optexplore::study
