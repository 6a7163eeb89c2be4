#pragma once

#include <span>
#include <vector>

#include "program/graph.hpp"

namespace optexplore::program {

/// An argument's value, row by row.
struct Argument {
  Shape shape;
  std::span<const double> values;
  [[nodiscard]] double at(std::size_t i) const { return values[shape.scalar() ? 0 : i]; }
};

/// Whether evaluate() knows the operation: all but what comes from outside, has a body, or may fault.
bool has_plain_value(language::Op op);

/// What a node makes of its arguments: plain and slow, what every backend must give bit for bit. Linear algebra without
/// a result, such as the solution of a singular system, gives NaN.
std::vector<double> evaluate(const Node& node, std::span<const Argument> args);

/// The element of its argument that element `i` of the node is a copy of, where all are such copies (elem, slice,
/// gather, reshape, transpose, repeat, fill).
std::uint32_t source_of(const Node& node, Shape argument, std::uint32_t i);
/// Whether each of its elements is a copy of one of its argument's.
bool is_copy(language::Op op);

}  // namespace optexplore::program
