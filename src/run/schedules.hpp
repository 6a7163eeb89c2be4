#pragma once

#include "expr/build.hpp"
#include "expr/graph.hpp"

namespace optexplore::run {

/// Adds the catalogue's schedules as functions: cosine_decay(0.1) is a node that depends on t. A schedule is only
/// read when it is called.
/// @param t      number of the update, from 1
/// @param steps  number of updates of the run
void add_schedules(expr::Scope& scope, expr::Graph& graph, expr::NodeId t, expr::NodeId steps);

}  // namespace optexplore::run
