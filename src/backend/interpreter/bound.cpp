#include "backend/interpreter/bound.hpp"

#include "language/ops.hpp"

namespace optexplore::backend {
namespace {

using compile::Instruction;
using language::Op;

std::size_t number(Op op) { return static_cast<std::size_t>(op); }

/// One call over all rows and lanes when every operand either has the result's very layout or is one number;
/// otherwise one call per row.
void bind_elementwise(const Instruction& instruction, const Bases& bases, const KernelTable& kernels, Bound& bound) {
  const std::size_t lanes = bases.width(instruction.out);
  const std::uint32_t rows = instruction.out.rows;
  unsigned flat = 0;
  unsigned by_row = 0;
  bool can_flatten = true;
  for (std::size_t k = 0; k < instruction.arity; ++k) {
    const compile::Location& arg = instruction.args[k];
    const std::size_t width = bases.width(arg);
    const bool wide = lanes == 1 || width != 1;  // has a value for every lane of the result
    const bool tall = rows == 1 || arg.rows == rows;
    if (!(wide && tall)) {
      flat |= 1U << k;
      // One number for everything? A tall or wide operand that is not both must be walked row by row.
      can_flatten = can_flatten && arg.rows == 1 && width == 1;
    }
    if (!wide) by_row |= 1U << k;
    bound.strides[k] = arg.rows == 1 ? 0 : width;
  }
  bound.elementwise = true;
  if (can_flatten) {
    bound.count = rows * lanes;
    bound.splat = static_cast<std::uint8_t>(flat);
    bound.kernel = bound.count > 1 ? kernels.many[number(instruction.op)][flat] : kernels.one[number(instruction.op)];
    return;
  }
  bound.count = lanes;
  bound.rows = rows;
  bound.out_stride = lanes;
  bound.kernel = kernels.many[number(instruction.op)][by_row];
}

/// Two operations in one pass: all operands have the result's layout or are one number, see compile/fuse.cpp. Operands
/// that an operation doesn't have are stood in for by the first.
void bind_fused(const Instruction& instruction, const Bases& bases, const KernelTable& kernels, Bound& bound) {
  const std::size_t lanes = bases.width(instruction.out);
  bound.elementwise = true;
  bound.count = instruction.out.rows * lanes;
  bound.arity = 3;
  bound.aux = 0;
  const std::size_t source[] = {0, instruction.arity == 2 ? 1U : 0U, instruction.outer_arity == 2 ? 2U : 0U};
  for (std::size_t k = 0; k < 3; ++k) {
    const compile::Location& arg = instruction.args[source[k]];
    bound.args[k] = bases.at(arg);
    if (arg.rows * bases.width(arg) != bound.count) bound.splat = static_cast<std::uint8_t>(bound.splat | 1U << k);
  }
  // An operand that isn't there doesn't count.
  unsigned mode = bound.splat;
  if (instruction.arity == 1) mode &= ~2U;
  if (instruction.outer_arity == 1) mode &= ~4U;
  bound.kernel = kernels.fused[fused_op(instruction.op)][fused_op(*instruction.outer)][instruction.inner_side][mode];
}

void bind_reduction(const Instruction& instruction, const Bases& bases, const KernelTable& kernels, Bound& bound) {
  const std::size_t lanes = bases.width(instruction.out);
  const std::size_t columns = instruction.arg_shapes[0].columns;
  unsigned mode = 0;
  for (std::size_t k = 0; k < instruction.arity; ++k)
    if (lanes > 1 && bases.width(instruction.args[k]) == 1) mode |= 1U << k;
  bound.count = lanes;
  if (instruction.aux2 == 1) bound.count *= columns;  // the columns are like lanes
  if (instruction.aux2 == 2) {
    bound.rows = instruction.out.rows;
    bound.out_stride = lanes;
    bound.strides[0] = columns * lanes;
  }
  bound.splat = static_cast<std::uint8_t>(mode);
  bound.kernel = kernels.many[number(instruction.op)][mode];
}

/// Rows are copies; columns are where one lane alone has them beside each other.
void bind_repeat(const Instruction& instruction, const Bases& bases, const KernelTable& kernels, Bound& bound) {
  const std::size_t lanes = bases.width(instruction.out);
  const bool columns = instruction.aux == 2;
  if (columns && lanes > 1) return;
  bound.count = instruction.shape.columns * lanes;
  bound.rows = instruction.shape.rows();
  bound.out_stride = bound.count;
  bound.strides[0] = columns ? 1 : 0;
  bound.kernel = kernels.many[number(Op::fill)][columns ? 1 : 0];
}

}  // namespace

Bound bind(const Instruction& instruction, const Bases& bases, const KernelTable& kernels) {
  Bound bound;
  bound.source = &instruction;
  bound.arity = instruction.arity;
  bound.aux = instruction.aux;
  bound.out = bases.at(instruction.out);
  for (std::size_t k = 0; k < instruction.arity; ++k) bound.args[k] = bases.at(instruction.args[k]);
  if (instruction.outer) {
    bind_fused(instruction, bases, kernels, bound);
  } else if (instruction.op == Op::sum && instruction.aux == 1) {  // of one term: a copy
    Instruction copy = instruction;
    copy.op = Op::fill;
    bind_elementwise(copy, bases, kernels, bound);
  } else if (language::is_elementwise(instruction.op) || instruction.op == Op::fill) {
    bind_elementwise(instruction, bases, kernels, bound);
  } else if (language::is_reduction(instruction.op)) {
    bind_reduction(instruction, bases, kernels, bound);
  } else if (instruction.op == Op::repeat) {
    bind_repeat(instruction, bases, kernels, bound);
  }
  return bound;
}

}  // namespace optexplore::backend
