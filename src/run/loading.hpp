#pragma once

#include <cstdint>

#include "engine/machine.hpp"
#include "run/plan.hpp"

namespace optexplore::run {

/// Puts the runs first … first + machine.lanes() - 1 of a plan into the lanes of a machine for its program: keys,
/// hyperparameters, start, initial state; and runs the prologue. Lanes beyond the last run repeat it.
void load(engine::Machine& machine, const Plan& plan, std::uint64_t first);

}  // namespace optexplore::run
