#include "backend/interpreter/specials.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "backend/backend.hpp"
#include "backend/eigenvalues.hpp"
#include "program/limit.hpp"

namespace optexplore::backend {
namespace {

using compile::Instruction;
using compile::Location;
using language::Op;

/// Normal draws are made of whole rows by the kernels, whose bits are those of program::draw().
void normal_row(const Context& context, std::uint64_t site, std::size_t row, std::size_t begin, std::size_t count,
                double* to) {
  constexpr std::size_t piece = 64;
  double angle[piece];
  for (std::size_t l = 0; l < count; ++l) {
    const program::NormalParts parts = program::normal_parts(context.keys[begin + l], context.step, site, row);
    to[l] = parts.radius;
    angle[l] = parts.angle;
  }
  const auto apply = [&](Op op, double* values, const double* second, unsigned splat) {
    context.kernels.many[static_cast<std::size_t>(op)][splat](values, values, second, nullptr, count, 0);
  };
  const double minus_two = -2;
  apply(Op::log, to, nullptr, 0);
  apply(Op::mul, to, &minus_two, 2);
  apply(Op::sqrt, to, nullptr, 0);
  apply(Op::cos, angle, nullptr, 0);
  apply(Op::mul, to, angle, 0);
}

void random(const Instruction& instruction, const Context& context, const LaneView& out, std::size_t lanes) {
  const auto kind = static_cast<language::Draw>(instruction.aux2);
  const std::uint64_t site = static_cast<std::uint32_t>(instruction.aux) | std::uint64_t{context.iteration} << 32U;
  constexpr std::size_t piece = 64;
  for (std::size_t r = 0; r < out.rows; ++r)
    for (std::size_t begin = 0; begin < lanes; begin += piece) {
      const std::size_t count = std::min(piece, lanes - begin);
      double* const to = &out.at(r, begin);
      if (kind == language::Draw::normal && count > 1) {
        normal_row(context, site, r, begin, count, to);
        continue;
      }
      for (std::size_t l = 0; l < count; ++l)
        to[l] = program::draw(kind, context.keys[begin + l], context.step, site, r);
    }
}

void eigenvalues(const Instruction& instruction, const Context& context, const LaneView& out, std::size_t lanes) {
  const bool dense = instruction.op == Op::eigen;
  const LaneView arg = context.view(instruction.args[0]);
  const auto n = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(arg.rows))));
  std::vector<double> a(arg.rows), off(dense ? 0 : arg.rows);
  for (std::size_t l = 0; l < lanes; ++l) {
    for (std::size_t r = 0; r < arg.rows; ++r) a[r] = arg.at(r, l);
    for (std::size_t r = 0; r < off.size(); ++r) off[r] = context.view(instruction.args[1]).at(r, l);
    const Extremes found =
        dense ? extreme_eigenvalues(a.data(), n) : tridiagonal_eigenvalues(a.data(), off.data(), arg.rows);
    out.at(0, l) = found.lowest;
    out.at(1, l) = found.highest;
    out.at(2, l) = found.lowest_end;
    out.at(3, l) = found.highest_end;
  }
}

/// Copies a row; whether all of its numbers are finite. Without branches, so that the compiler makes vectors of it.
bool copy_finite(const double* from, double* to, std::size_t count) {
  std::uint64_t all = 0;
  for (std::size_t l = 0; l < count; ++l) {
    all |= std::bit_cast<std::uint64_t>(from[l] * 0) << 1U;  // zero of some sign, or NaN
    to[l] = from[l];
  }
  return all == 0;
}

/// Nearly always all numbers are finite, and only copied.
void limit(const Instruction& instruction, const Context& context, const LaneView& out, std::size_t lanes) {
  const LaneView derivative = context.view(instruction.args[0]);
  const std::size_t missing = derivative.rows;  // the row after the derivative's
  std::fill_n(&out.at(missing, 0), lanes, 0.0);
  std::vector<bool> hard;
  for (std::size_t r = 0; r < derivative.rows; ++r) {
    bool finite = true;
    if (derivative.lane_stride == out.lane_stride || lanes == 1) {
      finite = copy_finite(&derivative.at(r, 0), &out.at(r, 0), lanes);
    } else {
      std::fill_n(&out.at(r, 0), lanes, derivative.at(r, 0));
      finite = std::isfinite(derivative.at(r, 0));
    }
    if (finite) continue;
    hard.resize(lanes);
    for (std::size_t l = 0; l < lanes; ++l) hard[l] = hard[l] || !std::isfinite(derivative.at(r, l));
  }
  for (std::size_t l = 0; l < hard.size(); ++l) {
    if (!hard[l]) continue;
    const auto values = [l](const LaneView& from) {
      std::vector<double> lane(from.rows);
      for (std::size_t r = 0; r < from.rows; ++r) lane[r] = from.at(r, l);
      return lane;
    };
    std::vector<std::vector<double>> captured;
    for (std::size_t k = 1; k < instruction.arity; ++k) captured.push_back(values(context.view(instruction.args[k])));
    const std::vector<std::span<const double>> spans(captured.begin(), captured.end());
    std::vector<double> lane = values(derivative);
    out.at(missing, l) = program::take_limits(*instruction.limited, spans, lane);
    for (std::size_t r = 0; r < lane.size(); ++r) out.at(r, l) = lane[r];
  }
}

void gather(const Instruction& instruction, const Context& context, const LaneView& out, std::size_t lanes) {
  const std::vector<double>& indices = *instruction.data;
  const LaneView arg = context.view(instruction.args[0]);
  for (std::size_t r = 0; r < out.rows; ++r) {
    const auto from = static_cast<std::size_t>(indices[r]);
    if (arg.lane_stride == 1)
      std::copy_n(&arg.at(from, 0), lanes, &out.at(r, 0));
    else
      std::fill_n(&out.at(r, 0), lanes, arg.at(from, 0));
  }
}

void scatter(const Instruction& instruction, const Context& context, const LaneView& out, std::size_t lanes) {
  const std::vector<double>& indices = *instruction.data;
  const LaneView arg = context.view(instruction.args[0]);
  for (std::size_t r = 0; r < out.rows; ++r)
    for (std::size_t l = 0; l < lanes; ++l) out.at(r, l) = 0;
  for (std::size_t r = 0; r < arg.rows; ++r)
    for (std::size_t l = 0; l < lanes; ++l) out.at(static_cast<std::size_t>(indices[r]), l) += arg.at(r, l);
}

}  // namespace

void Context::fault(std::size_t lane, const compile::Instruction& instruction, std::string message,
                    Fault::Kind kind) const {
  if (!active.empty() && active[lane] == 0) return;
  if (bases.width(instruction.out) == 1) lane = Fault::every_lane;
  add(faults, {lane, instruction.site, std::move(message), kind});
}

void execute_special(const Instruction& instruction, const Context& context) {
  const LaneView out = context.view(instruction.out);
  const std::size_t lanes = context.bases.width(instruction.out);
  switch (instruction.op) {
    case Op::random: return random(instruction, context, out, lanes);
    case Op::eigen:
    case Op::tridiag: return eigenvalues(instruction, context, out, lanes);
    case Op::limit: return limit(instruction, context, out, lanes);
    case Op::gather: return gather(instruction, context, out, lanes);
    case Op::scatter: return scatter(instruction, context, out, lanes);
    case Op::repeat:
    case Op::transpose:
    case Op::index:
    case Op::take:
    case Op::place:
    case Op::put: return execute_movement(instruction, context, out, lanes);
    default: return execute_algebra(instruction, context, out, lanes);
  }
}

}  // namespace optexplore::backend
