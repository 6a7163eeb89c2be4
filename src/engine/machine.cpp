#include "engine/machine.hpp"

#include <algorithm>
#include <cmath>

#include "engine/eigen.hpp"
#include "engine/linear_solve.hpp"

namespace optexplore::engine {
namespace {

using expr::Op;

double* allocate(std::size_t count) {
  auto* memory =
      static_cast<double*>(::operator new[](std::max<std::size_t>(count, 1) * sizeof(double), std::align_val_t(64)));
  std::fill_n(memory, count, 0.0);
  return memory;
}

}  // namespace

Machine::Machine(const Program& program, std::size_t lanes, const KernelTable& kernels)
    : program_(&program),
      kernels_(&kernels),
      lanes_(lanes),
      lane_memory_(allocate(program.lane_rows * lanes)),
      uniform_memory_(allocate(program.uniform_rows)),
      keys_(lanes) {
  for (const auto& [location, value] : program.constants) *view(location).data = value;
  for (const auto& [location, values] : program.constant_vectors)
    std::copy(values->begin(), values->end(), view(location).data);
  const auto bind_all = [this](const std::vector<Instruction>& code, std::vector<Bound>& out) {
    out.reserve(code.size());
    for (const Instruction& instruction : code) out.push_back(bind(instruction));
  };
  bind_all(program.prologue, prologue_);
  bind_all(program.observe, observe_);
  bind_all(program.record, record_);
  bind_all(program.update, update_);
}

LaneView Machine::view(const Location& location) const {
  if (location.space == Location::Space::lanes)
    return {lane_memory_.get() + location.offset * lanes_, location.rows, lanes_, 1};
  return {uniform_memory_.get() + location.offset, location.rows, 1, 0};
}

Machine::Bound Machine::bind(const Instruction& instruction) const {
  Bound bound;
  bound.source = &instruction;
  bound.aux = instruction.aux;
  bound.out = view(instruction.out).data;
  for (std::size_t k = 0; k < instruction.arity; ++k) bound.args[k] = view(instruction.args[k]).data;
  if (expr::is_elementwise(instruction.op) || instruction.op == Op::fill)
    bind_elementwise(instruction, bound);
  else if (expr::is_reduction(instruction.op))
    bind_reduction(instruction, bound);
  return bound;
}

/// One call over all rows and lanes when every operand either has the result's very layout or is one number;
/// otherwise one call per row.
void Machine::bind_elementwise(const Instruction& instruction, Bound& bound) const {
  const LaneView out = view(instruction.out);
  const std::size_t lanes = out.lane_stride == 0 ? 1 : lanes_;
  unsigned flat = 0;
  unsigned by_row = 0;
  bool can_flatten = true;
  for (std::size_t k = 0; k < instruction.arity; ++k) {
    const LaneView arg = view(instruction.args[k]);
    const bool wide = lanes == 1 || arg.lane_stride != 0;  // has a value for every lane of the result
    const bool tall = out.rows == 1 || arg.rows == out.rows;
    if (!(wide && tall)) {
      flat |= 1U << k;
      // One number for everything? A tall or wide operand that is not both must be walked row by row.
      const bool single = arg.rows == 1 && (arg.lane_stride == 0 || lanes_ == 1);
      can_flatten = can_flatten && single;
    }
    if (!wide) by_row |= 1U << k;
    bound.strides[k] = arg.rows == 1 ? 0 : arg.row_stride;
  }
  const auto op = static_cast<std::size_t>(instruction.op);
  if (can_flatten) {
    bound.count = out.rows * lanes;
    bound.kernel = bound.count == 1 ? kernels_->one[op] : kernels_->many[op][flat];
    return;
  }
  bound.count = lanes;
  bound.rows = static_cast<std::uint32_t>(out.rows);
  bound.out_stride = out.row_stride;
  bound.kernel = kernels_->many[op][by_row];
}

void Machine::bind_reduction(const Instruction& instruction, Bound& bound) const {
  const std::size_t lanes = view(instruction.out).lane_stride == 0 ? 1 : lanes_;
  unsigned mode = 0;
  for (std::size_t k = 0; k < instruction.arity; ++k)
    if (lanes > 1 && view(instruction.args[k]).lane_stride == 0) mode |= 1U << k;
  bound.count = lanes;
  bound.kernel = kernels_->many[static_cast<std::size_t>(instruction.op)][mode];
}

void Machine::execute(const std::vector<Bound>& code) const {
  for (const Bound& bound : code) {
    if (bound.kernel == nullptr) {
      execute_special(bound);
      continue;
    }
    if (bound.rows == 1) {
      bound.kernel(bound.out, bound.args[0], bound.args[1], bound.args[2], bound.count, bound.aux);
      continue;
    }
    for (std::size_t r = 0; r < bound.rows; ++r)
      bound.kernel(bound.out + r * bound.out_stride, bound.args[0] + r * bound.strides[0],
                   bound.args[1] + r * bound.strides[1], bound.args[2] + r * bound.strides[2], bound.count, bound.aux);
  }
}

void Machine::execute_special(const Bound& bound) const {
  const Instruction& source = *bound.source;
  const LaneView out = view(source.out);
  const std::size_t lanes = out.lane_stride == 0 ? 1 : lanes_;
  if (source.op == Op::random) {
    for (std::size_t r = 0; r < out.rows; ++r)
      for (std::size_t l = 0; l < lanes; ++l)
        out.at(r, l) =
            draw(static_cast<expr::Draw>(source.aux2), keys_[l], step_, static_cast<std::uint32_t>(source.aux), r);
    return;
  }
  const LaneView arg = view(source.args[0]);
  if (source.op == Op::solve) {
    const LaneView right = view(source.args[1]);
    std::vector<double> a(arg.rows * lanes);
    std::vector<double> b(right.rows * lanes);
    for (std::size_t r = 0; r < arg.rows; ++r)
      for (std::size_t l = 0; l < lanes; ++l) a[r * lanes + l] = arg.at(r, l);
    for (std::size_t r = 0; r < right.rows; ++r)
      for (std::size_t l = 0; l < lanes; ++l) b[r * lanes + l] = right.at(r, l);
    linear_solve(a.data(), b.data(), right.rows, lanes);
    for (std::size_t r = 0; r < right.rows; ++r)
      for (std::size_t l = 0; l < lanes; ++l) out.at(r, l) = b[r * lanes + l];
    return;
  }
  if (source.op == Op::eigen || source.op == Op::tridiag) {
    const bool dense = source.op == Op::eigen;
    const auto n = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(arg.rows))));
    std::vector<double> a(arg.rows), off(dense ? 0 : arg.rows);
    for (std::size_t l = 0; l < lanes; ++l) {
      for (std::size_t r = 0; r < arg.rows; ++r) a[r] = arg.at(r, l);
      for (std::size_t r = 0; r < off.size(); ++r) off[r] = view(source.args[1]).at(r, l);
      const Extremes found =
          dense ? extreme_eigenvalues(a.data(), n) : tridiagonal_eigenvalues(a.data(), off.data(), arg.rows);
      out.at(0, l) = found.lowest;
      out.at(1, l) = found.highest;
      out.at(2, l) = found.lowest_end;
      out.at(3, l) = found.highest_end;
    }
    return;
  }
  const std::vector<double>& indices = *source.data;
  if (source.op == Op::gather) {
    for (std::size_t r = 0; r < out.rows; ++r)
      for (std::size_t l = 0; l < lanes; ++l) out.at(r, l) = arg.at(static_cast<std::size_t>(indices[r]), l);
    return;
  }
  for (std::size_t r = 0; r < out.rows; ++r)  // scatter
    for (std::size_t l = 0; l < lanes; ++l) out.at(r, l) = 0;
  for (std::size_t r = 0; r < arg.rows; ++r)
    for (std::size_t l = 0; l < lanes; ++l) out.at(static_cast<std::size_t>(indices[r]), l) += arg.at(r, l);
}

}  // namespace optexplore::engine
