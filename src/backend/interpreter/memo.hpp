#pragma once

#include "backend/interpreter/kernels.hpp"

namespace optexplore::backend {

/// One power, remembered: the kernel for beta^t and its like, which every block of runs asks for again in the same
/// step. A thread keeps its last few thousand; the bits are those of the kernel without a memory.
void remembered_power(double* out, const double* a, const double* b, const double* c, std::size_t count,
                      std::int32_t aux);

}  // namespace optexplore::backend
