#include "study/columns.hpp"

#include <algorithm>
#include <optexplore/error.hpp>

#include "catalog/parameters.hpp"
#include "experiment/blocks.hpp"
#include "language/names.hpp"
#include "language/parser.hpp"
#include "text/caret.hpp"
#include "text/place.hpp"
#include "text/suggest.hpp"

namespace optexplore::study {
namespace {

using language::Op;
using program::NodeId;

const std::vector<std::pair<std::string, Cell::Source>> special = {
    {"optimizer", Cell::Source::optimizer}, {"function", Cell::Source::function}, {"run", Cell::Source::run},
    {"step", Cell::Source::step},           {"seed", Cell::Source::seed},
};

/// Of very many names, as many as a suggestion may come from.
constexpr std::size_t most_suggested = 100'000;

}  // namespace

std::size_t find_coordinate(const FunctionSpec& function, const std::string& name, const std::string& flag) {
  if (const auto found = function.find_coordinate(name)) return *found;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(function.dim, most_suggested); ++i) names.push_back(function.coordinate(i));
  std::string all;
  for (std::size_t i = 0; i < std::min<std::size_t>(names.size(), 8); ++i) all += (i == 0 ? "" : ", ") + names[i];
  if (function.dim > 8) all += ", …";
  throw InputError("'" + name + "' is no coordinate of " + function.entry.name + " (it has: " + all + ")" +
                       text::did_you_mean(name, names),
                   "", flag);
}

std::vector<ColumnSpec> default_columns(const Experiment& experiment, bool several_runs) {
  std::vector<ColumnSpec> columns;
  if (several_runs) columns.push_back({"run", {}});
  if (experiment.functions.size() > 1) columns.push_back({"function", {}});
  columns.push_back({"optimizer", {}});
  columns.push_back({"step", {}});
  const bool small = std::all_of(experiment.functions.begin(), experiment.functions.end(),
                                 [](const FunctionSpec& f) { return f.dim <= max_default_coordinates; });
  if (small) columns.push_back({"point", {}});
  columns.push_back({"f", {}});
  columns.push_back({"grad_norm", {}});
  return columns;
}

ColumnScope::ColumnScope(Step& step, const Vocabulary& vocabulary, Has has)
    : step_(step),
      vocabulary_(vocabulary),
      memories_(step.graph()),
      diagnostics_(step, memories_),
      hypergradients_(step, memories_) {
  program::Graph& graph = step.graph();
  const auto lazy = [this](const std::string& name, std::function<NodeId()> make) {
    scope_.names[name] = [make = std::move(make)] { return make(); };
  };
  lazy("g", [this] { return step_.objective().as_typed(step_.gradient()); });
  lazy("grad_norm", [this] { return step_.graph().apply(Op::norm, {step_.gradient()}); });
  lazy("point_prev", [this] {
    uses_previous_ = true;
    return step_.previous_point;
  });
  diagnostics_.add_to(scope_, vocabulary);
  scope_.set("point", step.point);
  scope_.set("f", step.objective().as_typed(step.f));
  scope_.set("steps", graph.constant(static_cast<double>(step.settings().steps)));
  scope_.set("t", graph.sub(step.t, graph.constant(1.0)));
  add_states();
  add_hyperparameters();
  if (has == Has::points) forget_steps();
  catalog::add_functions(scope_, graph);
  step.add_functions(scope_, Step::Of::typed);
  step.objective().add_intermediate_values(scope_, step.point);
  step.objective().add_coordinates(scope_, step.point);
  add_coordinates();
}

namespace {

/// "3" of a vector's, "1_2" of a matrix' elements.
std::string element_name(program::Shape shape, std::uint32_t i) {
  if (!shape.matrix()) return std::to_string(i + 1);
  return std::to_string(i / shape.columns + 1) + "_" + std::to_string(i % shape.columns + 1);
}

/// The elements of a state by the coordinates that they belong to; where it has another shape by the block's name, as
/// far as there is one: "W", "W.3", "3".
std::vector<std::string> state_element_names(const StateVariable& state, program::Shape shape,
                                             const FunctionSpec& function) {
  std::size_t size = 0;
  for (const PointBlock& block : state.blocks) size += block.size();
  const program::Shape of_x = state.block.empty() ? program::Shape{static_cast<std::uint32_t>(size)}
                                                  : experiment::shape_of(state.blocks.front());
  std::vector<std::string> names;
  if (shape == of_x) {
    for (const PointBlock& block : state.blocks)
      for (std::size_t i = 0; i < block.size(); ++i) names.push_back(function.coordinate(block.offset + i));
    return names;
  }
  if (shape.scalar()) return {state.block.empty() ? "1" : state.block};
  const std::string prefix = state.block.empty() ? "" : state.block + ".";
  for (std::uint32_t i = 0; i < shape.size(); ++i) names.push_back(prefix + element_name(shape, i));
  return names;
}

}  // namespace

void ColumnScope::offer(const std::string& name, NodeId node) {
  scope_.set(name, node);
  if (step_.graph().shape(node) == program::Shape{step_.objective().dim()})
    per_coordinate_[name] = [node] { return node; };
}

/// By the use's name they are those of one rule. By their own alone, of several rules with that name, the first one's
/// of each group.
void ColumnScope::add_states() {
  std::map<std::pair<std::string, std::string>, std::vector<const StateVariable*>> by_use;
  std::map<std::string, std::vector<const StateVariable*>> by_name;
  std::map<std::pair<std::string, std::size_t>, std::string> first_use;
  for (const StateVariable& state : step_.states) {
    by_use[{state.use, state.name}].push_back(&state);
    if (first_use.try_emplace({state.name, state.group}, state.use).first->second == state.use)
      by_name[state.name].push_back(&state);
  }
  for (const auto& [name, parts] : by_use) add_state("state." + name.first + "." + name.second, parts);
  for (const auto& [name, parts] : by_name) add_state("state." + name, parts);
}

void ColumnScope::add_state(const std::string& name, const std::vector<const StateVariable*>& parts) {
  program::Graph& graph = step_.graph();
  const FunctionSpec& function = step_.objective().spec();
  std::vector<NodeId> values;
  for (const StateVariable* part : parts) {
    values.push_back(part->now);
    if (!part->block.empty()) {
      offer(name + "." + part->block, part->now);
      continue;
    }
    // Of several blocks in one vector.
    std::uint32_t begin = 0, size = 0;
    for (const PointBlock& block : part->blocks) size += static_cast<std::uint32_t>(block.size());
    if (graph.shape(part->now) != program::Shape{size} || function.entry.definition.tree().of_numbers()) continue;
    for (const PointBlock& block : part->blocks) {
      const auto length = static_cast<std::uint32_t>(block.size());
      offer(name + "." + block.name, graph.reshape(graph.slice(part->now, begin, length), experiment::shape_of(block)));
      begin += length;
    }
  }
  if (parts.size() == 1 && parts.front()->block.empty() && graph.shape(parts.front()->now).scalar())
    return offer(name, parts.front()->now);
  const bool one_matrix = parts.size() == 1 && graph.shape(parts.front()->now).matrix();
  const NodeId all = one_matrix ? parts.front()->now : graph.concat(values);
  element_names_[all] = [&graph, &function, parts] {
    std::vector<std::string> names;
    for (const StateVariable* part : parts)
      for (std::string& element : state_element_names(*part, graph.shape(part->now), function))
        names.push_back(std::move(element));
    return names;
  };
  offer(name, all);
}

void ColumnScope::add_hyperparameters() {
  const std::vector<experiment::Hyperparameter>& table = step_.hyperparameters();
  for (std::size_t k = table.size(); k-- > 0;) {
    const std::string& use = step_.use_name(table[k].use);
    for (const std::string& name : dotted("hp", use, table[k].parameter)) offer(name, step_.hyperparameter_nodes[k]);
    for (const std::string& name : dotted("d", use, table[k].parameter))
      scope_.names[name] = [this, k] { return hypergradients_.of_value(k); };
    for (const std::string& name : dotted("dx", use, table[k].parameter))
      per_coordinate_[name] = scope_.names[name] = [this, k] { return hypergradients_.of_point(k); };
  }
}

program::Scope::Make ColumnScope::element_of(const program::Scope::Make& vector, std::size_t i) {
  return [this, vector, i] { return step_.graph().element(vector(), static_cast<std::uint32_t>(i)); };
}

/// g.W, point_prev.W and dx.lr.W: what is behind the last point is a block's name.
program::Scope::Make ColumnScope::block_of(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  const FunctionSpec& function = step_.objective().spec();
  if (dot == std::string::npos || scope_.names.contains(name) || function.entry.definition.tree().of_numbers())
    return {};
  for (const PointBlock& block : function.blocks()) {
    if (std::string_view(name).substr(dot + 1) != block.name) continue;
    const std::string owner = name.substr(0, dot);
    const auto vector = per_coordinate_.find(owner);
    const bool whole = owner == "g" || owner == "point_prev";
    if (!whole && vector == per_coordinate_.end()) return {};
    const program::Scope::Make make = whole ? scope_.names.at(owner) : vector->second;
    return [this, block, make] { return View(block).of(step_.graph(), make()); };
  }
  return {};
}

/// x1, g.x1 and state.m.x1 are as many as there are coordinates: they are found when asked for.
void ColumnScope::add_coordinates() {
  const FunctionSpec& function = step_.objective().spec();
  const auto find = [this, &function](const std::string& name) -> program::Scope::Make {
    const std::size_t dot = name.rfind('.');
    if (program::Scope::Make block = block_of(name)) return block;
    const auto i = function.find_coordinate(std::string_view(name).substr(dot == std::string::npos ? 0 : dot + 1));
    if (!i) return {};
    if (dot == std::string::npos) return element_of([this] { return step_.point; }, *i);
    const std::string owner = name.substr(0, dot);
    if (owner == "g") return element_of([this] { return step_.objective().as_typed(step_.gradient()); }, *i);
    const auto vector = per_coordinate_.find(owner);
    if (vector == per_coordinate_.end() || scope_.names.contains(name)) return {};
    return element_of(vector->second, *i);
  };
  const auto list = [this, &function](std::vector<std::string>& names) {
    for (std::size_t i = 0; i < std::min(function.dim, most_suggested); ++i) {
      const std::string coordinate = function.coordinate(i);
      names.push_back(coordinate);
      names.push_back("g." + coordinate);
      for (const auto& [owner, node] : per_coordinate_) names.push_back(owner + "." + coordinate);
    }
  };
  scope_.families.push_back({find, list});
}

void ColumnScope::forget_steps() {
  std::vector<std::string> names = {"t", "steps", "point_prev"};
  for (const Diagnostic& diagnostic : diagnostics())
    if (diagnostic.of_steps) names.emplace_back(diagnostic.name);
  for (const std::string& name : names) {
    scope_.names.erase(name);
    scope_.unavailable[name] = "a grid has points and no steps";
  }
}

bool ColumnScope::lacks_names_of(const Formula& formula) const {
  return language::any_name(*formula.tree().root,
                            [this](const std::string& name) { return !scope_.find(name) && vocabulary_.has(name); });
}

std::optional<Cell> ColumnScope::choice_cell(const std::string& name) const {
  for (const experiment::Hyperparameter& each : step_.hyperparameters()) {
    const std::vector<std::string> names = dotted("hp", step_.use_name(each.use), each.parameter);
    if (std::ranges::find(names, name) == names.end()) continue;
    const auto* choice = std::get_if<Choice>(each.setting);
    if (choice == nullptr) return std::nullopt;
    return Cell{name, Cell::Source::choice, program::no_node, choice->name};
  }
  return std::nullopt;
}

std::vector<Cell> ColumnScope::cells(const ColumnSpec& spec, const std::string& place) {
  const bool built_in = spec.expression.empty();
  if (built_in) {
    for (const auto& [name, source] : special)
      if (name == spec.name && !scope_.find(name)) return {{name, source, program::no_node}};
    if (const auto cell = choice_cell(spec.name)) return {*cell};
  }
  return text::with_place(place, [&]() -> std::vector<Cell> {
    const Formula formula = built_in ? Formula::read(spec.name) : spec.expression;
    if (lacks_names_of(formula)) return {};
    const NodeId node = program::build(step_.graph(), formula.tree(), scope_);
    if (step_.graph().shape(node).scalar()) return {{spec.name, Cell::Source::node, node}};
    return vector_cells(spec, node);
  });
}

std::vector<Cell> ColumnScope::vector_cells(const ColumnSpec& spec, NodeId node) {
  const FunctionSpec& function = step_.objective().spec();
  const program::Shape shape = step_.graph().shape(node);
  const std::uint32_t length = shape.length;
  const bool per_coordinate = length == function.dim && shape.vector();
  const bool point = spec.expression.empty() && node == step_.point;
  const auto named = element_names_.find(node);
  // Elements of a block are called what the coordinates are: W_1_2, state.m.W_1_2.
  const std::string last = spec.name.substr(spec.name.rfind('.') + 1);
  const bool of_block = spec.expression.empty() && function.blocks().size() + (shape.matrix() ? 1 : 0) > 1 &&
                        std::ranges::any_of(function.blocks(), [&](const PointBlock& block) {
                          return block.name == last && experiment::shape_of(block) == shape;
                        });
  const std::vector<std::string> names =
      named == element_names_.end() || of_block ? std::vector<std::string>() : named->second();
  std::vector<Cell> cells;
  for (std::uint32_t i = 0; i < length; ++i) {
    const std::string suffix = !names.empty()                ? names[i]
                               : per_coordinate && !of_block ? function.coordinate(i)
                                                             : element_name(shape, i);
    const std::string name = point ? suffix : spec.name + (of_block ? "_" : ".") + suffix;
    cells.push_back({name, Cell::Source::node, step_.graph().element(node, i)});
  }
  return cells;
}

NodeId ColumnScope::condition(const Formula& formula, const std::string& what, const std::string& place) {
  return text::with_place(place, [&] {
    if (lacks_names_of(formula))
      throw InputError("a name in '" + formula.text() + "' doesn't exist for every function and optimizer");
    return program::build_scalar(step_.graph(), formula.tree(), scope_, what);
  });
}

}  // namespace optexplore::study
