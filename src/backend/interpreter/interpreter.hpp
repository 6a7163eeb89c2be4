#pragma once

#include "backend/backend.hpp"
#include "backend/interpreter/kernels.hpp"
#include "backend/interpreter/tiles.hpp"

namespace optexplore::backend {

/// Runs a program instruction by instruction with precompiled kernels.
std::shared_ptr<const Executable> interpret(const std::shared_ptr<const compile::Program>& program,
                                            const KernelTable& kernels, const Tiling& tiling = {});

}  // namespace optexplore::backend
