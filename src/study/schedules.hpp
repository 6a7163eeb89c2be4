#pragma once

#include <cstdint>
#include <optexplore/parsed.hpp>
#include <vector>

#include "program/build.hpp"
#include "program/graph.hpp"

namespace optexplore::study {

/// Adds the catalogue's schedules as functions: cosine_decay(0.1) is a node that depends on t. A schedule is only
/// read when it is called.
/// @param t      number of the update, from 1
/// @param steps  number of updates of the run
void add_schedules(program::Scope& scope, program::Graph& graph, program::NodeId t, program::NodeId steps);

/// The values of an expression of t and steps at the updates 1 … steps. Throws InputError when it isn't one.
std::vector<double> schedule_values(const Formula& schedule, std::uint64_t steps);

}  // namespace optexplore::study
