#pragma once

#include <map>
#include <utility>
#include <vector>

#include "program/graph.hpp"

namespace optexplore::program {

/// Directional derivatives of a graph's nodes when some inputs move: forward mode, through loops and branches too. Each
/// operation's is that of its reverse mode, of which it is the transpose (Christianson 1992), so both agree at kinks.
class Tangents {
 public:
  /// @param inputs  which move, and their tangents: nodes of the same shapes
  Tangents(Graph& graph, const std::vector<std::pair<NodeId, NodeId>>& inputs);

  /// The tangent of a node, of its shape; no_node: it doesn't move.
  /// @throws InputError for what has no derivative
  NodeId of(NodeId node);

 private:
  NodeId of_operation(NodeId id);
  NodeId of_loop(NodeId id);
  NodeId of_branch(NodeId id);
  /// What else a body gets: the tangents of what it captures.
  struct Captured {
    std::vector<NodeId> outside;
    std::vector<std::pair<NodeId, NodeId>> inside;  ///< the body's input, and that of its tangent
  };
  Captured capture(Body& body, std::span<const NodeId> args) const;
  [[nodiscard]] NodeId known(NodeId id) const;
  [[nodiscard]] bool is_zero(NodeId id) const;
  NodeId zeros(Shape shape);

  Graph& g_;
  std::map<NodeId, NodeId> known_;
};

}  // namespace optexplore::program
