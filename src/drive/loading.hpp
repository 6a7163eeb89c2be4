#pragma once

#include <cstdint>
#include <span>

#include "backend/backend.hpp"
#include "study/plan.hpp"

namespace optexplore::drive {

/// Puts runs of a plan into the lanes of a machine for its program, one for each lane: keys, hyperparameters, start,
/// initial state; and runs the prologue.
void load(backend::Machine& machine, const study::Plan& plan, std::span<const std::uint64_t> runs);

}  // namespace optexplore::drive
