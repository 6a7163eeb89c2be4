#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "program/graph.hpp"

namespace optexplore::program {

/// Numbers for what nodes compute. Nodes of any graphs that have one number compute the same bits from inputs that mean
/// the same; the order of arguments that may be swapped doesn't count.
class Meanings {
 public:
  using Meaning = std::uint64_t;
  using Inputs = std::map<NodeId, Meaning>;

  /// The number of whatever `key` stands for; the same key, the same number.
  Meaning of(std::vector<std::uint64_t> key);

  /// @param inputs  what the inputs mean that `root` depends on
  /// @throws std::out_of_range when one is missing
  Meaning of(const Graph& graph, NodeId root, const Inputs& inputs);

 private:
  Meaning of_node(const Node& node, const std::vector<Meaning>& meanings);
  Meaning of_body(const Body& body);

  std::map<std::vector<std::uint64_t>, Meaning> numbers_;
};

}  // namespace optexplore::program
