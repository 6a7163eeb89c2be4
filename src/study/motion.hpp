#pragma once

#include <set>
#include <span>

#include "program/graph.hpp"
#include "study/step.hpp"

namespace optexplore::study {

/// Whether a chain of rules leaves the point where it is in every step, whatever the function: such as change only the
/// steps of rules before them, and there are none. Told from the formulas alone: x - x_prev is zero where nothing has
/// moved x, and so is what such zeros are multiplied or averaged to.
/// @param gradients  what the rules know of the function; a constant one tells nothing about them
bool stands_still(const program::Graph& graph, program::NodeId point, program::NodeId next_point,
                  std::span<const StateVariable> states, const std::set<program::NodeId>& gradients);

}  // namespace optexplore::study
