#include "study/rule_scope.hpp"

#include <algorithm>
#include <array>
#include <optexplore/error.hpp>
#include <utility>

#include "program/functions.hpp"
#include "program/shapes.hpp"
#include "study/coordinatewise.hpp"
#include "study/schedules.hpp"

namespace optexplore::study {
namespace {

using program::no_node;
using program::NodeId;
using program::Shape;

constexpr std::uint32_t max_matrix_dim = 64;

/// A function's argument that is to be a point, or a part of one.
NodeId of_shape(program::Graph& graph, NodeId value, Shape shape) {
  const Shape found = graph.shape(value);
  if (found.scalar() && shape.length == 1) return graph.fill(value, shape);
  if (found == shape || (shape.vector() && found.length == shape.length)) return value;
  const std::string expected =
      shape.vector() ? "a vector of " + std::to_string(shape.length) + " elements" : program::describe(shape);
  throw InputError("expected " + expected + ", found " +
                   (found.vector() && shape.vector() ? std::to_string(found.length) : program::describe(found)));
}

NodeId flat(program::Graph& graph, NodeId value) { return graph.concat(std::span(&value, 1)); }

/// f of a point, or of every row of a matrix of points.
NodeId at_points(program::Graph& graph, NodeId argument, std::uint32_t dim, const std::function<NodeId(NodeId)>& f) {
  const Shape shape = graph.shape(argument);
  if (!shape.matrix() || shape.columns != dim) return f(argument);
  std::vector<NodeId> values;
  for (std::uint32_t row = 0; row < shape.rows(); ++row) values.push_back(f(graph.slice(argument, row * dim, dim)));
  return graph.concat(values);
}

/// The ends of the function's domain, coordinate by coordinate.
NodeId domain_ends(const RuleSurroundings& around, double Interval::*end) {
  const FunctionSpec& function = around.objective.spec();
  std::vector<double> ends;
  for (std::size_t i = 0; i < function.dim; ++i) {
    const auto interval = function.interval(i);
    if (!interval) throw InputError("no domain of " + function.entry.name + " is known");
    ends.push_back((*interval).*end);
  }
  return around.graph.constant(std::move(ends));
}

constexpr std::array ends = {std::pair("domain_lo", &Interval::low), std::pair("domain_hi", &Interval::high)};

}  // namespace

RuleScope::RuleScope(const RuleSurroundings& around, const View& view, const View& whole, Position& before)
    : x(view.of(around.graph, before.x)), around_(around), view_(view), whole_(whole), before_(before) {
  given_.insert(x);
}

program::Scope RuleScope::words(const RuleSurroundings& around) {
  program::Graph& graph = around.graph;
  const program::InFormat exact(graph, std::nullopt);  // counts are no results of operations
  program::Scope scope;
  const NodeId steps = graph.constant(static_cast<double>(around.steps));
  scope.set("t", around.t);
  scope.set("steps", steps);
  scope.set("n", graph.constant(around.objective.dim()));
  add_schedules(scope, graph, around.t, steps);
  for (const auto& [name, end] : ends) scope.names[name] = [&around, end = end] { return domain_ends(around, end); };
  return scope;
}

program::Scope RuleScope::own_words() {
  program::Scope scope = words(around_);
  const Shape shape = view_.shape();
  const auto size = [&](const char* name, std::uint32_t value) {
    scope.names[name] = [this, value] {
      tells_views_apart_ = true;
      const program::InFormat exact(around_.graph, std::nullopt);
      return around_.graph.constant(value);
    };
  };
  size("n", shape.size());
  size("rank", view_.rank());
  size("rows", shape.rows());
  size("cols", shape.matrix() ? shape.columns : 1);
  scope.set("blocks", around_.graph.constant(static_cast<double>(around_.blocks)));
  for (const auto& [name, end] : ends)
    scope.names[name] = [this, end = end] { return part_of(domain_ends(around_, end)); };
  add_draws(scope);
  return scope;
}

NodeId RuleScope::part_of(NodeId values) {
  if (around_.graph.shape(values).scalar()) return values;
  const NodeId part = view_.of(around_.graph, values);
  given_.insert(part);
  return part;
}

void RuleScope::add_start(program::Scope& scope, Frames& frames) {
  add_functions(scope, around_.point, around_.point, frames);
  scope.names["x"] = [this] { return part_of(around_.point); };
}

void RuleScope::add_position(program::Scope& scope) {
  add_functions(scope, x, before_.x, around_.frames);
  const auto gradient = [this] {
    if (before_.g == no_node) before_.g = around_.ask_g();
    return before_.g;
  };
  scope.names["x"] = [this] { return x; };
  scope.names["g"] = [this, gradient] {
    if (g == no_node) {
      g = part_of(gradient());
      around_.frames.keep_outside(g);
    }
    return g;
  };
  scope.names["x_prev"] = [this] { return part_of(around_.point); };
  // Of all blocks that the rule is for, as they are before it.
  scope.names["point.x"] = [this, before = before_.x] {
    tells_views_apart_ = true;
    return whole_.of(around_.graph, before);
  };
  scope.names["point.g"] = [this, gradient] {
    tells_views_apart_ = true;
    const NodeId all = whole_.of(around_.graph, gradient());
    around_.frames.keep_outside(all);
    return all;
  };
  scope.refusals.push_back(
      {[this](const std::string& name) { return around_.objective.spec().find_coordinate(name).has_value(); },
       "a rule knows no particular function; write x[1] for the first coordinate"});
  scope.refusals.push_back({[this](const std::string& name) {
                              const std::vector<PointBlock> blocks = around_.objective.spec().blocks();
                              return std::ranges::find(blocks, name, &PointBlock::name) != blocks.end();
                            },
                            "a rule sees a block as x, whatever its name"});
}

void RuleScope::store(const std::string& name, NodeId value) {
  program::Graph& graph = around_.graph;
  value = graph.fill(value, view_.shape());
  if (graph.shape(value) != view_.shape())
    throw InputError("'" + name + "' is " + program::describe(view_.shape()) + ", this is " +
                     program::describe(graph.shape(value)));
  (name == "x" ? x : g) = value;
  (name == "x" ? sets_x : sets_g) = true;
}

bool RuleScope::coordinatewise(std::vector<NodeId> results, std::set<NodeId> known) const {
  if (sets_x) results.push_back(x);
  if (sets_g) results.push_back(g);
  known.insert(given_.begin(), given_.end());
  return study::coordinatewise(around_.graph, results, known);
}

void RuleScope::add_functions(program::Scope& scope, const NodeId& at, const NodeId& rest, Frames& frames) {
  program::Graph& graph = around_.graph;
  Objective& objective = around_.objective;
  const auto whole = [this, &graph](NodeId v, NodeId elsewhere) {
    const std::pair<const View*, NodeId> part = {&view_, of_shape(graph, v, view_.shape())};
    return View::replaced(graph, elsewhere, {&part, 1});
  };
  // What f is at the point itself it is for all blocks.
  const auto answer = [this, &frames, &rest](Question question, NodeId result, NodeId point) {
    evaluates_ = evaluates_ || point != rest;
    if (point == rest) given_.insert(result);
    frames.ask(question, result);
    if (question != Question::value) around_.used_gradients.insert(result);
    return result;
  };
  const auto nowhere = [&graph, &objective] { return graph.fill(graph.constant(0.0), {objective.dim()}); };
  scope.functions["f"] = {[=, this, &rest, &graph, &objective](auto args) {
    const auto value = [&](NodeId v) {
      const NodeId point = whole(v, rest);
      return answer(Question::value, objective.value(point), point);
    };
    return view_.shape().vector() ? at_points(graph, args[0], view_.shape().length, value) : value(args[0]);
  }};
  scope.functions["grad"] = {[=, this, &rest, &graph, &objective](auto args) {
    const NodeId point = whole(args[0], rest);
    return view_.of(graph, answer(Question::gradient, objective.gradient(point), point));
  }};
  scope.functions["hvp"] = {[=, this, &rest, &graph, &objective](auto args) {
    const NodeId product = objective.hessian_product(whole(args[0], rest), whole(args[1], nowhere()));
    evaluates_ = true;
    return view_.of(graph, answer(Question::gradient, product, no_node));
  }};
  // hess() is the Hessian at x, eye() the identity of as many rows.
  scope.functions["hess"] = {[=, this, &at, &rest, &frames, &graph, &objective](auto) {
    const std::uint32_t n = view_.shape().size();
    if (n > max_matrix_dim)
      throw InputError("hess() needs n² numbers; expected at most " + std::to_string(max_matrix_dim) +
                       " dimensions, found " + std::to_string(n) + "; use hvp(v,u)");
    std::vector<NodeId> rows;
    for (std::uint32_t i = 0; i < n; ++i) {
      std::vector<double> unit(n, 0.0);
      unit[i] = 1;
      const NodeId direction = graph.reshape(graph.constant(std::move(unit)), view_.shape());
      const NodeId product = objective.hessian_product(whole(at, rest), whole(direction, nowhere()));
      around_.used_gradients.insert(product);
      rows.push_back(flat(graph, view_.of(graph, product)));
    }
    const NodeId hessian = graph.reshape(graph.concat(rows), program::matrix_shape(n, n));
    evaluates_ = true;
    frames.ask(Question::hessian, hessian);
    return hessian;
  }};
  scope.functions["eye"] = {[this, &graph](auto args) {
    tells_views_apart_ = true;
    const NodeId rows = args.empty() ? graph.constant(view_.shape().size()) : args[0];
    return program::build_function(graph, {"eye", std::array{rows}, no_node, nullptr});
  }};
}

void RuleScope::add_draws(program::Scope& scope) {
  const auto draw = [this](language::Draw kind) {
    return program::Scope::Function{[this, kind](const program::CallArguments& args) {
      program::Graph& graph = around_.graph;
      program::Shape shape = view_.shape();
      if (!args.empty()) shape = graph.shape(program::build_function(graph, {"zeros", args, no_node, nullptr}));
      return graph.reshape(graph.random(kind, {shape.size()}), shape);
    }};
  };
  scope.functions["rand"] = draw(language::Draw::uniform);
  scope.functions["randn"] = draw(language::Draw::normal);
  scope.functions["rademacher"] = draw(language::Draw::rademacher);
}

void add_point_functions(program::Scope& scope, program::Graph& graph, Objective& objective,
                         const std::function<NodeId(NodeId)>& turned) {
  const auto whole = [&graph, &objective](NodeId v) { return flat(graph, of_shape(graph, v, {objective.dim()})); };
  scope.functions["f"] = {[=, &graph, &objective](auto args) {
    return at_points(graph, args[0], objective.dim(), [&](NodeId v) { return turned(objective.value(whole(v))); });
  }};
  scope.functions["grad"] = {[=, &objective](auto args) { return turned(objective.gradient(whole(args[0]))); }};
  scope.functions["hvp"] = {
      [=, &objective](auto args) { return turned(objective.hessian_product(whole(args[0]), whole(args[1]))); }};
}

}  // namespace optexplore::study
