#include "program/tangent.hpp"

#include <algorithm>
#include <memory>
#include <optexplore/error.hpp>

#include "program/derive.hpp"

namespace optexplore::program {

using language::Op;

namespace {

/// Elementwise operations whose derivatives have poles.
bool may_be_steep(Op op) {
  switch (op) {
    case Op::sqrt:
    case Op::cbrt:
    case Op::log:
    case Op::log1p:
    case Op::log2:
    case Op::log10:
    case Op::tan:
    case Op::asin:
    case Op::acos:
    case Op::powi:
    case Op::div:
    case Op::pow:
    case Op::atan2: return true;
    default: return false;
  }
}

/// Whether a result moves with its argument k: not with what only chooses.
bool passes(const Node& node, std::size_t k) {
  switch (node.op) {
    case Op::branch:
    case Op::where: return k != 0;
    case Op::take:
    case Op::place:
    case Op::limit: return k == 0;
    case Op::put: return k != 1;
    case Op::argmin:  // places, which jump
    case Op::argmax:
    case Op::argsort:
    case Op::index: return false;
    default: return true;
  }
}

}  // namespace

Tangents::Tangents(Graph& graph, const std::vector<std::pair<NodeId, NodeId>>& inputs)
    : g_(graph), known_(inputs.begin(), inputs.end()) {}

NodeId Tangents::of(NodeId root) {
  std::vector<NodeId> pending{root};
  while (!pending.empty()) {
    const NodeId id = pending.back();
    if (known_.contains(id)) {
      pending.pop_back();
      continue;
    }
    const Node& node = g_[id];
    const std::size_t before = pending.size();
    bool moves = false;
    for (std::size_t k = 0; k < node.args.size(); ++k) {
      if (!passes(node, k)) continue;
      const auto found = known_.find(node.args[k]);
      if (found == known_.end()) pending.push_back(node.args[k]);
      moves = moves || (found != known_.end() && found->second != no_node);
    }
    if (pending.size() != before) continue;
    NodeId tangent = no_node;
    if (moves) tangent = node.op == Op::loop ? of_loop(id) : node.op == Op::branch ? of_branch(id) : of_operation(id);
    known_[id] = tangent == no_node || is_zero(tangent) ? no_node : tangent;
  }
  return known(root);
}

NodeId Tangents::known(NodeId id) const { return known_.at(id); }

bool Tangents::is_zero(NodeId id) const {
  const NodeId value = g_[id].op == Op::fill ? g_[id].args[0] : id;
  if (!g_.is_constant(value)) return false;
  for (std::uint32_t i = 0; i < g_.shape(value).size(); ++i)
    if (g_.constant_element(value, i) != 0) return false;
  return true;
}

NodeId Tangents::zeros(Shape shape) { return g_.fill(g_.constant(0.0), shape); }

/// The reverse mode gives w·J for a weight w, which is linear in w: its gradient in the direction of the argument's
/// tangent is J times that. All of it on inputs of its own, as arguments may depend on each other.
NodeId Tangents::of_operation(NodeId id) {
  const Node node = g_[id];
  const auto inner = [this](NodeId a, NodeId b) { return g_.apply(g_.shape(a).scalar() ? Op::mul : Op::dot, {a, b}); };
  std::vector<NodeId> locals;
  for (std::size_t k = 0; k < node.args.size(); ++k) {
    const NodeId arg = node.args[k];
    const bool moves = passes(node, k) && known(arg) != no_node;
    locals.push_back(moves ? g_.input(g_.shape(arg)) : arg);
  }
  const NodeId weight = g_.input(node.shape);
  const NodeId value = g_.adopt(node, locals);
  std::vector<std::pair<NodeId, NodeId>> back = {{value, id}};
  NodeId sum = no_node;
  for (std::size_t k = 0; k < locals.size(); ++k) {
    if (locals[k] == node.args[k]) continue;
    back.emplace_back(locals[k], node.args[k]);
    const NodeId weighted = gradient(g_, inner(value, weight), locals[k]);
    const NodeId direction = known(node.args[k]);
    NodeId tangent = gradient(g_, inner(weighted, direction), weight);
    if (may_be_steep(node.op))  // what doesn't move stays, also where the slope is infinite
      tangent = g_.where(g_.apply(Op::eq, {direction, g_.constant(0.0)}), g_.constant(0.0), tangent);
    sum = sum == no_node ? tangent : g_.add(sum, tangent);
  }
  return g_.substitute(sum, back);
}

Tangents::Captured Tangents::capture(Body& body, std::span<const NodeId> args) const {
  Captured result;
  for (std::size_t k = 0; k < args.size(); ++k) {
    if (known(args[k]) == no_node) continue;
    const NodeId tangent = body.graph.input(body.graph.shape(body.captured[k]));
    result.outside.push_back(known(args[k]));
    result.inside.emplace_back(body.captured[k], tangent);
  }
  return result;
}

/// The loop again, which carries the tangents of what it carries.
NodeId Tangents::of_loop(NodeId id) {
  const Node node = g_[id];
  const Body& old = *node.body;
  if (!old.stacked.empty()) throw InputError("the numbers that a loop stacks have no tangents");
  const std::span<const NodeId> args(node.args);
  const std::span<const NodeId> captured = args.first(old.captured.size()), carried = args.subspan(captured.size());
  std::vector<bool> moves;
  for (const NodeId arg : carried) moves.push_back(known(arg) != no_node);
  std::shared_ptr<Body> body;
  Captured more;
  std::vector<NodeId> now, next;
  for (bool all = false; !all;) {  // until nothing that stands still begins to move
    all = true;
    body = std::make_shared<Body>(old);
    more = capture(*body, captured);
    std::vector<std::pair<NodeId, NodeId>> inputs = more.inside;
    now.assign(carried.size(), no_node);
    for (std::size_t k = 0; k < carried.size(); ++k) {
      if (!moves[k]) continue;
      now[k] = body->graph.input(body->graph.shape(old.carried[k]));
      inputs.emplace_back(old.carried[k], now[k]);
    }
    // What is an input and doesn't move is known not to.
    Tangents inner(body->graph, inputs);
    next.clear();
    for (std::size_t k = 0; k < carried.size(); ++k) {
      next.push_back(inner.of(old.next[k]));
      if (next[k] == no_node || moves[k]) continue;
      moves[k] = true;
      all = false;
    }
  }
  std::vector<NodeId> outer_captured(captured.begin(), captured.end());
  outer_captured.insert(outer_captured.end(), more.outside.begin(), more.outside.end());
  for (const auto& [value, tangent] : more.inside) body->captured.push_back(tangent);
  std::vector<NodeId> outer_carried(carried.begin(), carried.end());
  std::uint32_t offset = 0;
  for (const NodeId arg : old.carried) offset += old.graph.shape(arg).size();
  std::vector<NodeId> parts;
  std::vector<std::uint32_t> offsets;
  for (std::size_t k = 0; k < carried.size(); ++k) {
    if (!moves[k]) continue;
    const Shape shape = old.graph.shape(old.carried[k]);
    body->carried.push_back(now[k]);
    body->next.push_back(next[k] != no_node ? next[k] : body->graph.fill(body->graph.constant(0.0), shape));
    outer_carried.push_back(known(carried[k]) != no_node ? known(carried[k]) : zeros(shape));
    offsets.push_back(offset);
    offset += shape.size();
  }
  if (offsets.empty()) return no_node;
  const NodeId both = g_.loop(body, node.aux, outer_captured, outer_carried);
  std::size_t at = 0;
  for (std::size_t k = 0; k < carried.size(); ++k) {
    const std::uint32_t size = old.graph.shape(old.carried[k]).size();
    if (!moves[k])
      parts.push_back(zeros({size}));
    else
      parts.push_back(g_.slice(both, offsets[at++], size));
  }
  if (old.test != no_node) parts.push_back(g_.constant(0.0));  // the number of rounds
  return g_.concat(parts);
}

/// The branch again, for the tangents alone.
NodeId Tangents::of_branch(NodeId id) {
  const Node node = g_[id];
  const std::span<const NodeId> captured = std::span(node.args).subspan(1);
  std::shared_ptr<Body> bodies[] = {std::make_shared<Body>(*node.body), std::make_shared<Body>(*node.otherwise)};
  Captured more;
  std::vector<NodeId> tangents[2];
  for (const std::size_t side : {0U, 1U}) {
    Body& body = *bodies[side];
    more = capture(body, captured);
    Tangents inner(body.graph, more.inside);
    for (const NodeId result : body.next) tangents[side].push_back(inner.of(result));
    for (const auto& [value, tangent] : more.inside) body.captured.push_back(tangent);
    body.next.clear();
  }
  const std::size_t results = tangents[0].size();
  for (std::size_t k = 0; k < results; ++k)
    for (const std::size_t side : {0U, 1U}) {
      if (tangents[0][k] == no_node && tangents[1][k] == no_node) continue;
      Graph& graph = bodies[side]->graph;
      const Shape shape =
          (side == 0 ? node.body : node.otherwise)->graph.shape((side == 0 ? node.body : node.otherwise)->next[k]);
      const NodeId tangent = tangents[side][k];
      bodies[side]->next.push_back(tangent != no_node ? tangent : graph.fill(graph.constant(0.0), shape));
    }
  if (bodies[0]->next.empty()) return no_node;
  std::vector<NodeId> outer_captured(captured.begin(), captured.end());
  outer_captured.insert(outer_captured.end(), more.outside.begin(), more.outside.end());
  const NodeId moved = g_.branch(node.args[0], bodies[0], bodies[1], outer_captured);
  std::vector<NodeId> parts;
  std::uint32_t offset = 0;
  for (std::size_t k = 0; k < results; ++k) {
    const std::uint32_t size = node.body->graph.shape(node.body->next[k]).size();
    const bool moves = tangents[0][k] != no_node || tangents[1][k] != no_node;
    if (moves) offset += size;
    parts.push_back(moves ? g_.slice(moved, offset - size, size) : zeros({size}));
  }
  return g_.concat(parts);
}

}  // namespace optexplore::program
