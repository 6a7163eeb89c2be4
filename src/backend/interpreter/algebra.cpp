#include <algorithm>
#include <cmath>
#include <vector>

#include "backend/interpreter/specials.hpp"
#include "backend/product.hpp"
#include "program/evaluate.hpp"
#include "program/linear_solve.hpp"

namespace optexplore::backend {
namespace {

using compile::Instruction;
using language::Op;
using Values = std::vector<double>;

/// The elements of one lane, beside each other.
Values lane_of(const LaneView& from, std::size_t lane) {
  Values values(from.rows);
  for (std::size_t r = 0; r < from.rows; ++r) values[r] = from.at(r, lane);
  return values;
}

bool finite(const Values& values) {
  return std::ranges::all_of(values, [](double v) { return std::isfinite(v); });
}

/// Whether the operation has no result for its arguments, which are numbers.
bool fails(Op op, const Values& result) {
  return (op == Op::solve || op == Op::cholesky) && std::ranges::any_of(result, [](double v) { return std::isnan(v); });
}

const char* failure(Op op) {
  return op == Op::cholesky ? "the matrix is not positive definite" : "the matrix is singular";
}

/// One lane after another.
void plain(const Instruction& instruction, const Context& context, const LaneView& out, std::size_t lanes) {
  program::Node node;
  node.op = instruction.op;
  node.shape = instruction.shape;
  node.aux = static_cast<std::uint32_t>(instruction.aux);
  node.aux2 = instruction.aux2;
  for (std::size_t l = 0; l < lanes; ++l) {
    std::vector<Values> values;
    for (std::size_t k = 0; k < instruction.arity; ++k) values.push_back(lane_of(context.view(instruction.args[k]), l));
    std::vector<program::Argument> args;
    for (std::size_t k = 0; k < instruction.arity; ++k) args.push_back({instruction.arg_shapes[k], values[k]});
    const Values result = program::evaluate(node, args);
    for (std::size_t r = 0; r < out.rows; ++r) out.at(r, l) = result[r];
    if (instruction.site != nullptr && fails(instruction.op, result) && std::ranges::all_of(values, finite))
      context.fault(l, instruction, failure(instruction.op), Fault::Kind::no_number);
  }
}

/// A system with one right side, all lanes together.
void solve(const Instruction& instruction, const Context& context, const LaneView& out, std::size_t lanes) {
  const auto spread = [&](const compile::Location& location) {
    const LaneView from = context.view(location);
    Values values(from.rows * lanes);
    for (std::size_t r = 0; r < from.rows; ++r)
      for (std::size_t l = 0; l < lanes; ++l) values[r * lanes + l] = from.at(r, l);
    return values;
  };
  const Values a = spread(instruction.args[0]);
  const Values b = spread(instruction.args[1]);
  Values z = b;
  program::linear_solve(a.data(), z.data(), out.rows, lanes);
  std::ranges::copy(z, out.data);
  for (std::size_t l = 0; l < lanes && instruction.site != nullptr; ++l)
    if (std::isnan(z[l]) && finite(lane_of(context.view(instruction.args[0]), l)) &&
        finite(lane_of(context.view(instruction.args[1]), l)))
      context.fault(l, instruction, failure(Op::solve), Fault::Kind::no_number);
}

ProductShape product_shape(const Instruction& instruction) {
  const program::Shape a = instruction.arg_shapes[0], b = instruction.arg_shapes[1];
  const bool ta = (instruction.aux & 1) != 0, tb = (instruction.aux & 2) != 0;
  ProductShape shape;
  shape.a_transposed = ta;
  shape.b_transposed = tb;
  shape.m = a.vector() ? 1 : ta ? a.columns : a.rows();
  shape.k = a.vector() ? a.length : ta ? a.rows() : a.columns;
  shape.n = b.vector() ? 1 : tb ? b.rows() : b.columns;
  return shape;
}

void multiply(const Instruction& instruction, const Context& context, const LaneView& out, std::size_t lanes) {
  const LaneView a = context.view(instruction.args[0]), b = context.view(instruction.args[1]);
  const ProductShape shape = product_shape(instruction);
  if (lanes == 1) return product(shape, a.data, b.data, out.data, context.kernels, workers());
  product_of_lanes(shape, a.data, a.lane_stride != 0, b.data, b.lane_stride != 0, out.data, lanes, context.kernels);
}

}  // namespace

void execute_algebra(const Instruction& instruction, const Context& context, const LaneView& out, std::size_t lanes) {
  if (instruction.op == Op::product) return multiply(instruction, context, out, lanes);
  if (instruction.op == Op::solve && instruction.shape.vector()) return solve(instruction, context, out, lanes);
  plain(instruction, context, out, lanes);
}

}  // namespace optexplore::backend
