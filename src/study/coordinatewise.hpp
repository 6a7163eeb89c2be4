#pragma once

#include <set>
#include <span>

#include "program/graph.hpp"

namespace optexplore::study {

/// Whether every element of the results depends on the elements of that number of what is known, and on numbers that
/// depend on no vector: then it makes no difference whether a vector is taken as a whole or in parts. Told from the
/// operations alone; what can't be told is no.
/// @param known  nodes below which nothing is looked at: the point, the gradient, states, vectors of hyperparameters
bool coordinatewise(const program::Graph& graph, std::span<const program::NodeId> results,
                    const std::set<program::NodeId>& known);

}  // namespace optexplore::study
