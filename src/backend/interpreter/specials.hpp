#pragma once

#include <cstdint>
#include <span>

#include "backend/interpreter/bound.hpp"
#include "backend/interpreter/kernels.hpp"
#include "program/random.hpp"

namespace optexplore::backend {

/// What the instructions that are no kernels may ask for.
struct Context {
  const Bases& bases;
  const KernelTable& kernels;
  std::span<const program::RandomKey> keys;  ///< one per lane
  std::uint64_t step = 0;
};

/// Executes an instruction that has no kernel: draws, linear algebra, gathering and scattering. Loops are the
/// interpreter's.
void execute_special(const compile::Instruction& instruction, const Context& context);

}  // namespace optexplore::backend
