#pragma once

#include <optexplore/experiment.hpp>
#include <vector>

#include "json/cursor.hpp"
#include "program/graph.hpp"

// The blocks of points, and optimizers with different rules for different blocks.
namespace optexplore::experiment {

program::Shape shape_of(const PointBlock& block);

/// The blocks of a function that a rule is applied to: those of its group that no group before has.
std::vector<PointBlock> blocks_of(const RuleUse& use, const OptimizerSpec& optimizer, const FunctionSpec& function);

/// Throws InputError where a group has no block of some function, or a block is in no group.
void check_groups(const Experiment& experiment, const json::Places& places);

}  // namespace optexplore::experiment
