#include <algorithm>
#include <cmath>
#include <limits>

#include "backend/interpreter/specials.hpp"
#include "text/number.hpp"

namespace optexplore::backend {
namespace {

using compile::Instruction;
using language::Op;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

void copy_row(const LaneView& from, std::size_t from_row, const LaneView& to, std::size_t to_row, std::size_t lanes) {
  if (from.lane_stride == 1)
    std::copy_n(&from.at(from_row, 0), lanes, &to.at(to_row, 0));
  else
    std::fill_n(&to.at(to_row, 0), lanes, from.at(from_row, 0));
}

void transpose(const Instruction& instruction, const LaneView& from, const LaneView& out, std::size_t lanes) {
  constexpr std::size_t tile = 8;  // both sides stay in the cache
  const std::size_t rows = instruction.shape.rows(), columns = instruction.shape.columns;
  for (std::size_t top = 0; top < rows; top += tile)
    for (std::size_t left = 0; left < columns; left += tile)
      for (std::size_t i = top; i < std::min(rows, top + tile); ++i)
        for (std::size_t j = left; j < std::min(columns, left + tile); ++j)
          copy_row(from, j * rows + i, out, i * columns + j, lanes);
}

void repeat_columns(const Instruction& instruction, const LaneView& from, const LaneView& out, std::size_t lanes) {
  const std::size_t columns = instruction.shape.columns;
  for (std::size_t r = 0; r < out.rows; ++r) copy_row(from, r / columns, out, r, lanes);
}

void check_indices(const Instruction& instruction, const Context& context, const LaneView& from, const LaneView& out,
                   std::size_t lanes) {
  const double limit = instruction.aux;
  for (std::size_t r = 0; r < out.rows; ++r)
    for (std::size_t l = 0; l < lanes; ++l) {
      const double value = from.at(r, l);
      const bool whole = value == std::floor(value);
      const bool good = whole && value >= 1 && value <= limit;
      out.at(r, l) = good ? value : nan;
      if (good) continue;
      context.fault(l, instruction,
                    whole ? "index " + text::number_text(value) + " is outside 1…" + text::number_text(limit)
                          : "an index must be a whole number, found " + text::number_text(value),
                    Fault::Kind::error);
    }
}

/// Groups of elements by their numbers; one that is no number names none.
void by_numbers(const Instruction& instruction, const Context& context, const LaneView& out, std::size_t lanes) {
  const LaneView first = context.view(instruction.args[0]);
  const LaneView numbers = context.view(instruction.args[1]);
  const bool puts = instruction.op == Op::put;
  const LaneView given = puts ? context.view(instruction.args[2]) : first;
  const auto width = static_cast<std::size_t>(instruction.aux);
  for (std::size_t r = 0; r < out.rows; ++r) {
    if (puts)
      copy_row(first, r, out, r, lanes);
    else
      std::fill_n(&out.at(r, 0), lanes, instruction.op == Op::take ? nan : 0.0);
  }
  for (std::size_t i = 0; i < numbers.rows; ++i)
    for (std::size_t l = 0; l < lanes; ++l) {
      const double number = numbers.at(i, l);
      if (std::isnan(number)) continue;
      const std::size_t begin = (static_cast<std::size_t>(number) - 1) * width;
      for (std::size_t w = 0; w < width; ++w) {
        const std::size_t row = given.rows == 1 ? 0 : i * width + w;
        if (instruction.op == Op::take)
          out.at(i * width + w, l) = first.at(begin + w, l);
        else if (puts)
          out.at(begin + w, l) = given.at(row, l);
        else
          out.at(begin + w, l) += given.at(row, l);
      }
    }
}

}  // namespace

void execute_movement(const Instruction& instruction, const Context& context, const LaneView& out, std::size_t lanes) {
  const LaneView first = context.view(instruction.args[0]);
  switch (instruction.op) {
    case Op::repeat: return repeat_columns(instruction, first, out, lanes);
    case Op::transpose: return transpose(instruction, first, out, lanes);
    case Op::index: return check_indices(instruction, context, first, out, lanes);
    default: return by_numbers(instruction, context, out, lanes);
  }
}

}  // namespace optexplore::backend
