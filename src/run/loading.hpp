#pragma once

#include <cstdint>
#include <span>

#include "engine/machine.hpp"
#include "run/plan.hpp"

namespace optexplore::run {

/// Puts runs of a plan into the lanes of a machine for its program, one for each lane: keys, hyperparameters, start,
/// initial state; and runs the prologue.
void load(engine::Machine& machine, const Plan& plan, std::span<const std::uint64_t> runs);

}  // namespace optexplore::run
