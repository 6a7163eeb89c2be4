#pragma once

#include "program/graph.hpp"

namespace optexplore::program {

/// The gradient of the scalar `output` with respect to node `wrt`, by reverse mode, as nodes of the same
/// graph; so it can be differentiated again. Same shape as `wrt`. Random draws and nodes that don't depend
/// on `wrt` are constants.
///
/// At kinks: abs and sign give 0 at 0; min and max share equally among equal arguments; clip passes the
/// gradient at its bounds; floor, ceil, round and comparisons have derivative 0; norm and hypot give 0 at
/// the origin; a^b has derivative 0 in b at a = 0; where() differentiates the branch that it takes.
NodeId gradient(Graph& graph, NodeId output, NodeId wrt);

}  // namespace optexplore::program
