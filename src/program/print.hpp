#pragma once

#include <map>
#include <string>

#include "program/graph.hpp"

namespace optexplore::program {

/// A node as text in the language.
/// @param names   what to call nodes: inputs and their elements, at least
/// @param limit   longest text worth returning, in bytes; longer ones (shared parts are written out each time)
///                give an empty string, as do operations that have no text form (scatter)
std::string to_text(const Graph& graph, NodeId node, const std::map<NodeId, std::string>& names,
                    std::size_t limit = 4000);

}  // namespace optexplore::program
