#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "backend/backend.hpp"
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
  std::vector<Fault>& faults;
  std::uint32_t iteration = 0;                 ///< of the loops around: another number for each round
  std::span<const unsigned char> active = {};  ///< the lanes that run; none: all

  [[nodiscard]] LaneView view(const compile::Location& location) const {
    const bool per_lane = location.space == compile::Location::Space::lanes;
    return {bases.at(location), location.rows, bases.width(location), per_lane ? 1U : 0U};
  }
  /// Notes a fault, unless the lane has one already.
  void fault(std::size_t lane, const compile::Instruction& instruction, std::string message, Fault::Kind kind) const;
};

/// Executes an instruction that has no kernel: draws, linear algebra, gathering and scattering. Loops are the
/// interpreter's.
void execute_special(const compile::Instruction& instruction, const Context& context);

/// Those of them that move elements: repeat, transpose, index, take, place, put.
void execute_movement(const compile::Instruction& instruction, const Context& context, const LaneView& out,
                      std::size_t lanes);

/// Products, linear algebra and sequences.
void execute_algebra(const compile::Instruction& instruction, const Context& context, const LaneView& out,
                     std::size_t lanes);

}  // namespace optexplore::backend
