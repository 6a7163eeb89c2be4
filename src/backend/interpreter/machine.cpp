#include "backend/interpreter/machine.hpp"

#include <algorithm>
#include <cmath>

#include "backend/eigenvalues.hpp"
#include "backend/interpreter/fusion.hpp"
#include "backend/interpreter/memo.hpp"
#include "backend/linear_solve.hpp"

namespace optexplore::backend {
namespace {

using language::Op;

double* allocate(std::size_t count) {
  auto* memory =
      static_cast<double*>(::operator new[](std::max<std::size_t>(count, 1) * sizeof(double), std::align_val_t(64)));
  std::fill_n(memory, count, 0.0);
  return memory;
}

}  // namespace

Machine::Machine(const compile::Program& program, std::size_t lanes, const KernelTable& kernels, const Tiling& tiling)
    : program_(&program),
      kernels_(&kernels),
      lanes_(lanes),
      lane_memory_(allocate(program.lane_rows * lanes)),
      uniform_memory_(allocate(program.uniform_rows)),
      keys_(lanes) {
  for (const auto& [location, value] : program.constants) *view(location).data = value;
  for (const auto& [location, values] : program.constant_vectors)
    std::copy(values->begin(), values->end(), view(location).data);
  const auto bind_all = [this](const std::vector<compile::Instruction>& instructions, Code& code) {
    code.bounds.reserve(instructions.size());
    for (const compile::Instruction& instruction : instructions) {
      code.bounds.push_back(bind(instruction));
      code.bounds.back().source = &instruction;
    }
  };
  bind_all(program.prologue, prologue_);
  bind_all(program.observe, observe_);
  bind_all(program.record, record_);
  bind_all(program.update, update_);
  const Code* const order[] = {&prologue_, &observe_, &record_, &update_};
  for (Code* code : {&prologue_, &observe_, &record_, &update_}) {
    const auto at = static_cast<std::size_t>(std::find(order, order + 4, code) - order);
    const IsLive live = [&, at](const Span& memory, std::size_t end) { return is_live(memory, order, at, end); };
    fuse(code->bounds, live, kernels);
    code->groups = find_tile_groups(code->bounds, live, tiling);
  }
}

/// Whether `memory` is read after the instructions before `end` of order[at] and before it is overwritten: in the rest
/// of that code, then in those that follow, update being followed by the next step's observe.
bool Machine::is_live(const Span& memory, const Code* const* order, std::size_t at, std::size_t end) const {
  const auto overlaps = [&](const Span& span) {
    return span.first < memory.first + memory.size && memory.first < span.first + span.size;
  };
  const auto holds_any = [&](const std::vector<compile::Location>& locations) {
    return std::ranges::any_of(
        locations, [&](const compile::Location& location) { return location.rows > 0 && overlaps(span_of(location)); });
  };
  if (holds_any(program_->inputs)) return true;
  // What was asked for is looked at when the code that computes it is done.
  const bool observed = holds_any(program_->observed), recorded = holds_any(program_->recorded);
  const auto is_asked_after = [&](std::size_t code) {
    return (observed && (code == 1 || code == 2)) || (recorded && code == 2);
  };
  enum class Fate { unknown, read, overwritten };
  const auto walk = [&](const std::vector<Bound>& bounds, std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      for (std::size_t k = 0; k < bounds[i].arity; ++k)
        if (overlaps(bounds[i].read[k])) return Fate::read;
      const Span& out = bounds[i].written;
      if (out.first <= memory.first && memory.first + memory.size <= out.first + out.size) return Fate::overwritten;
    }
    return Fate::unknown;
  };
  const std::vector<Bound>& own = order[at]->bounds;
  Fate fate = walk(own, end, own.size());
  if (fate == Fate::unknown && is_asked_after(at)) return true;
  // prologue, observe, record, update: after the last comes the second, and record may be left out.
  for (std::size_t next = at + 1, turns = 0; fate == Fate::unknown && turns < 4; ++turns, ++next) {
    if (next == 4) next = 1;
    const Fate there = walk(order[next]->bounds, 0, order[next]->bounds.size());
    if (there == Fate::read || next != 2) fate = there;
    if (there == Fate::unknown && is_asked_after(next)) fate = Fate::read;
  }
  return fate == Fate::read;
}

Span Machine::span_of(const compile::Location& location) const {
  const LaneView at = view(location);
  return {at.data, at.rows * at.row_stride};
}

LaneView Machine::view(const compile::Location& location) const {
  if (location.space == compile::Location::Space::lanes)
    return {lane_memory_.get() + location.offset * lanes_, location.rows, lanes_, 1};
  return {uniform_memory_.get() + location.offset, location.rows, 1, 0};
}

Bound Machine::bind(const compile::Instruction& instruction) const {
  if (instruction.op == Op::sum && instruction.aux == 1) {  // of one term: a copy
    return bind({Op::fill, instruction.out, {instruction.args[0], {}, {}}, 1, 0, 0, nullptr});
  }
  Bound bound;
  bound.op = instruction.op;
  bound.arity = instruction.arity;
  bound.aux = instruction.aux;
  bound.out = view(instruction.out).data;
  bound.written = span_of(instruction.out);
  for (std::size_t k = 0; k < instruction.arity; ++k) {
    bound.args[k] = view(instruction.args[k]).data;
    bound.read[k] = span_of(instruction.args[k]);
  }
  if (language::is_elementwise(instruction.op) || instruction.op == Op::fill)
    bind_elementwise(instruction, bound);
  else if (language::is_reduction(instruction.op))
    bind_reduction(instruction, bound);
  return bound;
}

/// One call over all rows and lanes when every operand either has the result's very layout or is one number;
/// otherwise one call per row.
void Machine::bind_elementwise(const compile::Instruction& instruction, Bound& bound) const {
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
  bound.elementwise = true;
  if (can_flatten) {
    bound.count = out.rows * lanes;
    bound.splat = static_cast<std::uint8_t>(flat);
    // Blocks of runs follow one another through the same steps; a single run has no use for a memory.
    const bool remembered = instruction.op == Op::pow && lanes_ > 1;
    bound.kernel = bound.count > 1 ? kernels_->many[op][flat] : remembered ? remembered_power : kernels_->one[op];
    return;
  }
  bound.count = lanes;
  bound.rows = static_cast<std::uint32_t>(out.rows);
  bound.out_stride = out.row_stride;
  bound.kernel = kernels_->many[op][by_row];
}

void Machine::bind_reduction(const compile::Instruction& instruction, Bound& bound) const {
  const std::size_t lanes = view(instruction.out).lane_stride == 0 ? 1 : lanes_;
  unsigned mode = 0;
  for (std::size_t k = 0; k < instruction.arity; ++k)
    if (lanes > 1 && view(instruction.args[k]).lane_stride == 0) mode |= 1U << k;
  bound.count = lanes;
  bound.splat = static_cast<std::uint8_t>(mode);
  bound.kernel = kernels_->many[static_cast<std::size_t>(instruction.op)][mode];
}

void Machine::execute(const Code& code) const {
  if (code.groups.empty()) {  // short vectors: a few nanoseconds per instruction, so nothing else is asked
    for (const Bound& bound : code.bounds) {
      if (bound.kernel != nullptr && bound.rows == 1)
        bound.kernel(bound.out, bound.args[0], bound.args[1], bound.args[2], bound.count, bound.aux);
      else if (bound.kernel != nullptr)
        execute(bound);
      else
        execute_special(*bound.source);
    }
    return;
  }
  auto group = code.groups.begin();
  for (std::size_t i = 0; i < code.bounds.size(); ++i) {
    if (group != code.groups.end() && group->begin == i) {
      execute_tiles(code.bounds, *group);
      i = group->end - 1;
      ++group;
    } else if (code.bounds[i].kernel == nullptr) {
      execute_special(*code.bounds[i].source);
    } else {
      execute(code.bounds[i]);
    }
  }
}

void Machine::execute(const Bound& bound) {
  if (bound.rows == 1) {
    bound.kernel(bound.out, bound.args[0], bound.args[1], bound.args[2], bound.count, bound.aux);
    return;
  }
  for (std::size_t r = 0; r < bound.rows; ++r)
    bound.kernel(bound.out + r * bound.out_stride, bound.args[0] + r * bound.strides[0],
                 bound.args[1] + r * bound.strides[1], bound.args[2] + r * bound.strides[2], bound.count, bound.aux);
}

/// Normal draws are made of whole rows by the kernels, whose bits are those of draw().
void Machine::execute_random(const compile::Instruction& source, const LaneView& out, std::size_t lanes) const {
  const auto kind = static_cast<language::Draw>(source.aux2);
  const auto site = static_cast<std::uint32_t>(source.aux);
  constexpr std::size_t piece = 64;
  for (std::size_t r = 0; r < out.rows; ++r)
    for (std::size_t begin = 0; begin < lanes; begin += piece) {
      const std::size_t count = std::min(piece, lanes - begin);
      double* const to = &out.at(r, begin);
      if (kind != language::Draw::normal || count == 1) {
        for (std::size_t l = 0; l < count; ++l) to[l] = program::draw(kind, keys_[begin + l], step_, site, r);
        continue;
      }
      double angle[piece];
      for (std::size_t l = 0; l < count; ++l) {
        const program::NormalParts parts = program::normal_parts(keys_[begin + l], step_, site, r);
        to[l] = parts.radius;
        angle[l] = parts.angle;
      }
      const auto apply = [&](Op op, double* values, const double* second, unsigned splat) {
        kernels_->many[static_cast<std::size_t>(op)][splat](values, values, second, nullptr, count, 0);
      };
      const double minus_two = -2;
      apply(Op::log, to, nullptr, 0);
      apply(Op::mul, to, &minus_two, 2);
      apply(Op::sqrt, to, nullptr, 0);
      apply(Op::cos, angle, nullptr, 0);
      apply(Op::mul, to, angle, 0);
    }
}

void Machine::execute_special(const compile::Instruction& source) const {
  const LaneView out = view(source.out);
  const std::size_t lanes = out.lane_stride == 0 ? 1 : lanes_;
  if (source.op == Op::random) return execute_random(source, out, lanes);
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
    for (std::size_t r = 0; r < out.rows; ++r) {
      const auto from = static_cast<std::size_t>(indices[r]);
      if (arg.lane_stride == 1)
        std::copy_n(&arg.at(from, 0), lanes, &out.at(r, 0));
      else
        std::fill_n(&out.at(r, 0), lanes, arg.at(from, 0));
    }
    return;
  }
  for (std::size_t r = 0; r < out.rows; ++r)  // scatter
    for (std::size_t l = 0; l < lanes; ++l) out.at(r, l) = 0;
  for (std::size_t r = 0; r < arg.rows; ++r)
    for (std::size_t l = 0; l < lanes; ++l) out.at(static_cast<std::size_t>(indices[r]), l) += arg.at(r, l);
}

}  // namespace optexplore::backend
