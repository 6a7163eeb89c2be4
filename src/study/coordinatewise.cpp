#include "study/coordinatewise.hpp"

#include <algorithm>
#include <vector>

namespace optexplore::study {
namespace {

using language::Op;
using program::Graph;
using program::Node;
using program::NodeId;

bool same_everywhere(const Graph& graph, NodeId constant) {
  const std::uint32_t size = graph.shape(constant).size();
  for (std::uint32_t i = 1; i < size; ++i)
    if (graph.constant_element(constant, i) != graph.constant_element(constant, 0)) return false;
  return true;
}

/// Whether an operation on arguments of which that is known is one, too.
bool keeps_coordinates(const Graph& graph, NodeId id) {
  const Node& node = graph[id];
  if (node.op == Op::constant) return same_everywhere(graph, id);
  if (node.op == Op::random || node.op == Op::fill || node.op == Op::input) return true;
  const bool of_numbers = std::ranges::all_of(node.args, [&](NodeId arg) { return graph.shape(arg).scalar(); });
  if (node.shape.scalar()) return of_numbers;
  return language::is_elementwise(node.op);
}

}  // namespace

bool coordinatewise(const Graph& graph, std::span<const NodeId> results, const std::set<NodeId>& known) {
  std::vector<bool> seen(graph.size(), false);
  std::vector<NodeId> pending(results.begin(), results.end());
  while (!pending.empty()) {
    const NodeId id = pending.back();
    pending.pop_back();
    if (seen[id] || known.contains(id)) continue;
    seen[id] = true;
    if (!keeps_coordinates(graph, id)) return false;
    pending.insert(pending.end(), graph[id].args.begin(), graph[id].args.end());
  }
  return true;
}

}  // namespace optexplore::study
