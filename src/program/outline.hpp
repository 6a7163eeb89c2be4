#pragma once

#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "program/graph.hpp"

namespace optexplore::program {

/// A part of a graph that is to become a body: what a loop repeats, or a branch may skip. It is built like all else, in
/// the graph around it and on inputs of its own where values change from time to time; then it is taken out.
struct Part {
  NodeId begin = 0;              ///< nodes before it stay outside
  bool repeats = false;          ///< of a loop: what its own inputs don't change is computed once, outside
  std::vector<NodeId> own = {};  ///< its own inputs
  /// Nodes that were made for bodies that are closed, from the first to before the second of each pair, ascending. They
  /// are nowhere but there, and may be in this one too.
  std::vector<std::pair<NodeId, NodeId>> elsewhere = {};
  std::vector<NodeId> outside = {};  ///< nodes that stay outside although the others say that they don't
};

/// Whether the node would be in the body.
bool inside(const Graph& graph, const Part& part, NodeId node);

/// A body that is yet to say which of its nodes are what.
struct Outline {
  std::shared_ptr<Body> body;  ///< its captured inputs are set
  std::vector<NodeId> own;     ///< the part's own inputs, in the body
  std::vector<NodeId> results;
};

struct Outlines {
  std::vector<Outline> outlines;  ///< one for each list of results
  std::vector<NodeId> captured;   ///< in the graph; the same for all
};

/// Takes out what computes some results, which are nodes of the graph, in or outside of the part.
Outlines take_out(const Graph& graph, const Part& part, std::span<const std::vector<NodeId>> results);

}  // namespace optexplore::program
