#pragma once

#include <functional>

#include "program/graph.hpp"

namespace optexplore::program {

/// The reverse mode of products, linear algebra and sequences: what flows back to the arguments of `node`, which is
/// node `id`, when `adjoint`, of its shape, has flowed to it. After Giles, "Collected matrix derivative results for
/// forward and reverse mode algorithmic differentiation" (2008), and Murray, "Differentiation of the Cholesky
/// decomposition" (2016).
/// @throws InputError for what has no derivative
void algebra(Graph& graph, const Node& node, NodeId id, NodeId adjoint,
             const std::function<void(NodeId to, NodeId value)>& flow);

}  // namespace optexplore::program
