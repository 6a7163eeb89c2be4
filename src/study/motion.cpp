#include "study/motion.hpp"

#include <algorithm>
#include <vector>

namespace optexplore::study {
namespace {

using language::Op;
using program::Graph;
using program::Node;
using program::NodeId;

/// What is known of a value.
enum class Kind : unsigned char { other, zero, point };

Kind kind_of(const Graph& graph, NodeId id, const std::vector<Kind>& kinds) {
  const Node& node = graph[id];
  const auto arg = [&](std::size_t k) { return kinds[node.args[k]]; };
  const auto all = [&](Kind kind) {
    return std::ranges::all_of(node.args, [&](NodeId a) { return kinds[a] == kind; });
  };
  switch (node.op) {
    case Op::constant:
      for (std::uint32_t i = 0; i < node.shape.size(); ++i)
        if (graph.constant_element(id, i) != 0) return Kind::other;
      return Kind::zero;
    case Op::add:
      if (arg(0) == Kind::zero) return arg(1);
      return arg(1) == Kind::zero ? arg(0) : Kind::other;
    case Op::sub:
      if (node.args[0] == node.args[1] || (arg(0) != Kind::other && arg(0) == arg(1))) return Kind::zero;
      return arg(1) == Kind::zero ? arg(0) : Kind::other;
    case Op::mul: return arg(0) == Kind::zero || arg(1) == Kind::zero ? Kind::zero : Kind::other;
    case Op::div: return arg(0) == Kind::zero ? Kind::zero : Kind::other;
    case Op::dot: return arg(0) == Kind::zero || arg(1) == Kind::zero ? Kind::zero : Kind::other;
    case Op::powi: return arg(0) == Kind::zero && static_cast<std::int32_t>(node.aux) > 0 ? Kind::zero : Kind::other;
    case Op::where: return arg(1) == arg(2) ? arg(1) : Kind::other;
    case Op::min:
    case Op::max: return arg(0) == arg(1) ? arg(0) : Kind::other;
    case Op::neg:
    case Op::abs:
    case Op::sqrt:
    case Op::cbrt:
    case Op::sin:
    case Op::tanh:
    case Op::sign:
    case Op::floor:
    case Op::ceil:
    case Op::round:
    case Op::sum:
    case Op::norm:
    case Op::elem:
    case Op::slice:
    case Op::gather:
    case Op::scatter:
    case Op::fill:
    case Op::concat: return all(Kind::zero) ? Kind::zero : Kind::other;
    default: return Kind::other;
  }
}

}  // namespace

bool stands_still(const Graph& graph, NodeId point, NodeId next_point, std::span<const StateVariable> states,
                  const std::set<NodeId>& gradients) {
  std::vector<Kind> kinds(graph.size(), Kind::other);
  kinds[point] = Kind::point;
  // What a state is at first, it is taken to stay, until its update says otherwise.
  for (NodeId id = 0; id < graph.size(); ++id)
    if (graph[id].op != Op::input) kinds[id] = kind_of(graph, id, kinds);
  std::vector<Kind> assumed;
  for (const StateVariable& state : states) assumed.push_back(kinds[state.initial]);
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t k = 0; k < states.size(); ++k) kinds[states[k].now] = assumed[k];
    for (NodeId id = 0; id < graph.size(); ++id)
      if (graph[id].op != Op::input) kinds[id] = kind_of(graph, id, kinds);
    for (std::size_t k = 0; k < states.size(); ++k) {
      if (assumed[k] == Kind::other || kinds[states[k].next] == assumed[k]) continue;
      assumed[k] = Kind::other;
      changed = true;
    }
  }
  const auto vanishes = [&](NodeId gradient) { return kinds[gradient] == Kind::zero; };
  return kinds[next_point] == Kind::point && std::ranges::none_of(gradients, vanishes);
}

}  // namespace optexplore::study
