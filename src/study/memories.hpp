#pragma once

#include <vector>

#include "program/graph.hpp"

namespace optexplore::study {

/// What a column remembers from one step to the next.
struct Memory {
  program::NodeId now = program::no_node;    ///< an input
  program::NodeId next = program::no_node;   ///< its value after the step
  double initial = 0;                        ///< in every element
  program::NodeId start = program::no_node;  ///< what it is at first in terms of start and hyperparameters, instead
};

/// All that columns remember.
class Memories {
 public:
  explicit Memories(program::Graph& graph) : graph_(graph) {}

  /// Another one. The reference is good until the next is added.
  Memory& add(program::Shape shape, double initial) {
    const program::NodeId now = graph_.input(shape);
    all_.push_back({now, now, initial, program::no_node});
    return all_.back();
  }
  [[nodiscard]] const std::vector<Memory>& all() const { return all_; }
  [[nodiscard]] Memory& operator[](std::size_t k) { return all_[k]; }

 private:
  program::Graph& graph_;
  std::vector<Memory> all_;
};

}  // namespace optexplore::study
