#pragma once

#include <cstddef>
#include <cstdint>

#include "backend/interpreter/product_kernels.hpp"
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

/// The operations that come in pairs, and their numbers among them.
enum FusedOp : int { fused_neg, fused_sqrt, fused_square, fused_add, fused_sub, fused_mul, fused_div, fused_ops };

/// The number of an operation for which compile::is_fusible() holds.
FusedOp fused_op(language::Op op);

/// The kernels for one instruction set. Every table computes the same bits.
struct KernelTable {
  const char* name;
  Kernel many[kernel_ops][8];  ///< [op][splat bits: 1 for a, 2 for b, 4 for c]; fill is a copy
  Kernel one[kernel_ops];      ///< count = 1, elementwise only
  /// [inner][outer][which operand of outer it is][splat bits]: outer(inner(a, b), c) or outer(c, inner(a, b)); operands
  /// that an operation doesn't have are not touched. nullptr: there is none
  Kernel fused[fused_ops][fused_ops][2][8];
  ProductKernels product;
};

/// For any architecture.
const KernelTable& portable_kernels();

/// What every CPU of this architecture has.
const KernelTable& baseline_kernels();

/// The AVX2 kernels, or nullptr when this CPU or build has none.
const KernelTable* avx2_kernels();

/// The fastest table for this CPU. OPTEXPLORE_KERNELS=baseline or portable in the environment asks for one of the
/// others.
const KernelTable& best_kernels();

}  // namespace optexplore::backend
