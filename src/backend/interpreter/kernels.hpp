#pragma once

#include <cstddef>
#include <cstdint>

#include "language/ops.hpp"

namespace optexplore::backend {

/// One operation over a run of doubles.
///
/// Elementwise: out[i] = op(a[i], b[i], c[i]) for i < count, where an operand whose splat bit is set in the
/// table's mode stands for its first element; aux is powi's exponent. `out` may equal an operand.
/// Reductions: out[l] for l < count lanes over aux rows; an operand's rows are `count` apart, or, with its
/// splat bit set, one apart and the same for every lane. b only for dot.
using Kernel = void (*)(double* out, const double* a, const double* b, const double* c, std::size_t count,
                        std::int32_t aux);

inline constexpr std::size_t kernel_ops = static_cast<std::size_t>(language::Op::fill) + 1;

/// The operations that come in pairs, and their number among them; -1 for all others.
inline constexpr int joint_ops = 7;
constexpr int joint_op(language::Op op, std::int32_t aux) {
  switch (op) {
    case language::Op::neg: return 0;
    case language::Op::sqrt: return 1;
    case language::Op::powi: return aux == 2 ? 2 : -1;
    case language::Op::add: return 3;
    case language::Op::sub: return 4;
    case language::Op::mul: return 5;
    case language::Op::div: return 6;
    default: return -1;
  }
}

/// What a block of runs is asked in every step, for `count` lanes; see run/summary.cpp.
struct Watches {
  /// best = min(best, f), and best_step = step where it's new. Whether all of f is finite.
  bool (*best)(const double* f, std::size_t count, double step, double* best, double* best_step);
  /// Whether all values are finite.
  bool (*finite)(const double* values, std::size_t count);
  /// first = min(first, step) where the condition is neither 0 nor NaN.
  void (*first)(const double* condition, std::size_t count, double step, double* first);
  /// Whether a value is not zero.
  bool (*any)(const double* values, std::size_t count);
};

/// The kernels for one instruction set. Every table computes the same bits.
struct KernelTable {
  const char* name;
  Kernel many[kernel_ops][8];  ///< [op][splat bits: 1 for a, 2 for b, 4 for c]; fill is a copy
  Kernel one[kernel_ops];      ///< count = 1, elementwise only
  /// [inner][outer][which operand of outer it is][splat bits]: outer(inner(a, b), c) or outer(c, inner(a, b)); operands
  /// that an operation doesn't have are not touched. nullptr: there is none
  Kernel joint[joint_ops][joint_ops][2][8];
  Watches watches;
};

const KernelTable& baseline_kernels();

/// The AVX2 kernels, or nullptr when this CPU or build has none.
const KernelTable* avx2_kernels();

/// The fastest table for this CPU. OPTEXPLORE_KERNELS=baseline in the environment asks for the portable one.
const KernelTable& best_kernels();

}  // namespace optexplore::backend
