#pragma once

#include <vector>

#include "backend/interpreter/tiles.hpp"

namespace optexplore::backend {

/// Joins pairs of elementwise instructions where the second is the only one to read what the first computes, as in
/// b*m + (1-b)*g: the value stays in a register. Copies of such a value are written where they are wanted in the first
/// place. The arithmetic, and so every bit, stays the same.
/// @param is_live  of a memory that instruction end-1 is the last known to read
void fuse(std::vector<Bound>& code, const IsLive& is_live, const KernelTable& kernels);

}  // namespace optexplore::backend
