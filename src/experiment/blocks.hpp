#pragma once

#include <optexplore/experiment.hpp>
#include <vector>

#include "json/cursor.hpp"
#include "program/graph.hpp"

// The blocks of points, and optimizers with different rules for different blocks.
namespace optexplore::experiment {

program::Shape shape_of(const PointBlock& block);

/// The blocks of a function that a rule is applied to: all, or those of its group.
std::vector<PointBlock> blocks_of(const RuleUse& use, const FunctionSpec& function);

/// Whether two rules stand in the same "groups", and in the same group there. Those of no group do neither.
bool side_by_side(const RuleUse& a, const RuleUse& b);
bool same_group(const RuleUse& a, const RuleUse& b);

/// Throws InputError where a pattern is that of no block of some function, a block is in no group, or groups before
/// have all of a group's blocks in every function.
void check_groups(const Experiment& experiment, const json::Places& places);

}  // namespace optexplore::experiment
