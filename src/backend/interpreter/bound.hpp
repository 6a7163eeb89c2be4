#pragma once

#include <cstddef>
#include <cstdint>

#include "backend/interpreter/kernels.hpp"
#include "compile/program.hpp"

namespace optexplore::backend {

/// Where the spaces of a program lie for one block of lanes.
struct Bases {
  double* constant = nullptr;
  double* uniform = nullptr;
  double* lanes = nullptr;
  std::size_t count = 1;  ///< lanes

  [[nodiscard]] double* at(const compile::Location& location) const {
    switch (location.space) {
      case compile::Location::Space::constant: return constant + location.offset;
      case compile::Location::Space::uniform: return uniform + location.offset;
      default: return lanes + location.offset * count;
    }
  }
  /// How many doubles a row has.
  [[nodiscard]] std::size_t width(const compile::Location& location) const {
    return location.space == compile::Location::Space::lanes ? count : 1;
  }
};

/// An instruction bound to memory: a kernel with its pointers.
struct Bound {
  const compile::Instruction* source = nullptr;
  Kernel kernel = nullptr;  ///< none: one of the few that are not kernels
  double* out = nullptr;
  const double* args[3] = {};
  std::size_t count = 0;
  std::int32_t aux = 0;
  std::uint32_t rows = 1;  ///< repetitions, advancing by the strides
  std::size_t out_stride = 0;
  std::size_t strides[3] = {};
  std::uint8_t arity = 0;
  std::uint8_t splat = 0;  ///< arguments of which only the first element is used: 1 for a, 2 for b, 4 for c
  bool elementwise = false;
};

/// Chooses the kernel for an instruction and looks up its places.
Bound bind(const compile::Instruction& instruction, const Bases& bases, const KernelTable& kernels);

/// Executes an instruction that has a kernel.
inline void execute(const Bound& bound) {
  if (bound.rows == 1) {
    bound.kernel(bound.out, bound.args[0], bound.args[1], bound.args[2], bound.count, bound.aux);
    return;
  }
  for (std::size_t r = 0; r < bound.rows; ++r)
    bound.kernel(bound.out + r * bound.out_stride, bound.args[0] + r * bound.strides[0],
                 bound.args[1] + r * bound.strides[1], bound.args[2] + r * bound.strides[2], bound.count, bound.aux);
}

}  // namespace optexplore::backend
