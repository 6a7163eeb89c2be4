#pragma once

#include <optexplore/error.hpp>
#include <string>
#include <vector>

#include "program/graph.hpp"

namespace optexplore::program {

/// Values whose shapes don't go together.
class ShapeMismatch : public InputError {
  using InputError::InputError;
};

/// "a number", "a vector of 3", "a matrix of 2×3".
std::string describe(Shape shape);

/// A shape with so many elements.
/// @throws InputError when it is empty or has more than max_vector_length
Shape checked_shape(std::uint64_t rows, std::uint64_t columns);

/// Gives all values the shape that they have together, as NumPy does: a vector goes with every row of a matrix, a
/// matrix of one row or one column with all of another's. Numbers stay numbers.
/// @throws ShapeMismatch naming two shapes that don't go together
void broadcast(Graph& graph, std::vector<NodeId>& values);

/// The value in that shape, if broadcasting makes it so; else no_node.
NodeId broadcast_to(Graph& graph, NodeId value, Shape shape);

}  // namespace optexplore::program
