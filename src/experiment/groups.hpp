#pragma once

#include <optexplore/experiment.hpp>
#include <vector>

#include "json/cursor.hpp"

// Optimizers with different rules for different blocks.
namespace optexplore::experiment {

/// The blocks of a function that a rule is applied to: those of its group that no group before has.
std::vector<PointBlock> blocks_of(const RuleUse& use, const OptimizerSpec& optimizer, const FunctionSpec& function);

/// Throws InputError where a group has no block of some function, or a block is in no group.
void check_groups(const Experiment& experiment, const json::Places& places);

}  // namespace optexplore::experiment
