#pragma once

#include <cstdint>
#include <span>

#include "program/graph.hpp"

namespace optexplore::program {

/// A derivative and where it has none.
struct Limited {
  NodeId derivative = no_node;
  /// The number, from 1, of its first element that isn't finite although the function is, else 0; no_node: there is no
  /// such place.
  NodeId missing = no_node;
};

/// A derivative whose elements are numbers wherever the function has a derivative, also where the chain rule multiplies
/// a zero by an infinite slope: sqrt(x^4) at 0. Element i of `derivative` belongs to coordinate i of `point`; where it
/// is not finite although the function is, it becomes what it tends to along that coordinate:
///  * the mean of its limits from both sides: 0 for ∛|x|³ = |x| at 0, which is in the subdifferential;
///  * the limit from the one side where the other has none or lies outside the domain: ∞ for √x at 0;
///  * 0 where one is ∞ and the other -∞ (the cusp of √|x|), and ∞ where both are (the slope of ∛x).
/// where() differentiates the branch that it takes at the point, and the other one counts for nothing.
///
/// @param function  whose derivative it is, of whichever order
/// @param others    inputs besides the point that they depend on: a direction; one at most
/// The result is `derivative` itself when it is finite wherever the function is (a polynomial's), or made of operations
/// that have no limits (draws, loops).
Limited with_limits(Graph& graph, NodeId derivative, NodeId function, NodeId point,
                    std::span<const NodeId> others = {});

/// Puts limits in the place of the elements of `derivative` that are not finite. Those for which there is none, or for
/// which it would take too long (very many at once), stay. Returns the number of the first that stays, from 1, else 0.
/// @param body      as Graph::limit()
/// @param captured  values of its inputs
std::uint32_t take_limits(const Body& body, std::span<const std::span<const double>> captured,
                          std::span<double> derivative);

}  // namespace optexplore::program
