#pragma once

#include <cstdint>
#include <string_view>

namespace optexplore::language {

/// Operations of the typed graph. The elementwise ones are also functions of the language.
enum class Op : std::uint8_t {
  // Leaves.
  constant,  ///< value, or a constant vector (data)
  input,     ///< filled in from outside (aux: its number)
  random,    ///< a draw from the counter-based generator (kind in aux2, draw site in aux)
  // Elementwise, one argument.
  neg,
  abs,
  sqrt,
  cbrt,
  exp,
  expm1,
  log,
  log1p,
  log2,
  log10,
  sin,
  cos,
  tan,
  asin,
  acos,
  atan,
  sinh,
  cosh,
  tanh,
  erf,
  sigmoid,   ///< 1/(1 + exp(-x))
  softplus,  ///< log(1 + exp(x))
  f32,       ///< rounded to the nearest number of another format, at ties to the even one
  f16,
  bf16,
  floor,
  ceil,
  round,
  sign,
  logical_not,
  powi,  ///< integer power by repeated multiplication (aux: the exponent, an int32)
  // Elementwise, two arguments.
  add,
  sub,
  mul,
  div,
  pow,
  atan2,
  hypot,
  min,
  max,
  mod,
  lt,
  le,
  gt,
  ge,
  eq,
  ne,
  logical_and,
  logical_or,
  // Elementwise, three arguments.
  where,
  // Reductions: all elements to a number (aux2 = 0), or those of a matrix along its first index (1: a number per
  // column)
  // or its second one (2: a number per row).
  sum,
  dot,
  norm,
  reduce_min,
  reduce_max,
  argmin,  ///< the place of the first least element, from 1
  argmax,
  // Linear algebra.
  product,   ///< of two matrices, or a vector and a matrix; aux: 1: the first is transposed, 2: the second is
  solve,     ///< the solution z of A·z = args[1], a vector or a matrix
  cholesky,  ///< the lower triangular L with L·Lᵀ = args[0]
  qr_q,      ///< the orthonormal columns of args[0]
  det,       ///< determinant
  eigvals,   ///< eigenvalues of a symmetric matrix, ascending
  eigvecs,   ///< its eigenvectors, as columns in that order
  eigen,     ///< extreme eigenvalues of a symmetric matrix, see backend/eigenvalues.hpp: a vector of 4
  tridiag,   ///< the same of a tridiagonal one: args[0] is its diagonal, args[1] what stands beside it
  // Sequences: along the last index.
  cumsum,   ///< sums of the elements up to each one; aux = 1: from each one on
  argsort,  ///< places from 1, in the order of the elements
  // Structure: elements are numbered row by row.
  limit,      ///< a derivative, its elements that are not finite by their limits, see program/limit.hpp
  loop,       ///< a body repeated, at most aux times, see program::Graph::loop
  branch,     ///< one of two bodies, see program::Graph::branch
  elem,       ///< element aux of args[0]
  slice,      ///< elements aux … aux+length-1 of args[0]
  gather,     ///< elements data[i] of args[0]
  scatter,    ///< zeros of the node's length with args[0][i] added at data[i]
  concat,     ///< the arguments one after another
  reshape,    ///< the same elements in another shape
  transpose,  ///< rows become columns
  repeat,     ///< a matrix whose rows (aux = 1) or columns (2) all are args[0]
  index,      ///< args[0] where it is a whole number in 1 … aux; a fault elsewhere
  take,       ///< groups of aux elements of args[0], of the numbers args[1], from 1
  place,      ///< zeros with the groups of aux elements of args[0] added as the groups of the numbers args[1]
  put,        ///< args[0] with groups of aux elements of the numbers args[1] replaced by those of args[2]
  fill,       ///< a scalar repeated
};

/// Kinds of random draws: Op::random's aux2.
enum class Draw : std::uint32_t { uniform, normal, rademacher };

struct OpInfo {
  Op op;
  std::string_view name;    ///< in the language; empty when it has no function form
  std::string_view symbol;  ///< as an operator; empty: printed as a call
  int arity;
  int precedence;  ///< of the operator, see Precedence
};

/// Binding strengths, loosest first.
enum Precedence : int {
  prec_or = 1,
  prec_and,
  prec_not,
  prec_compare,
  prec_sum,
  prec_product,
  prec_unary,
  prec_power,
  prec_primary,
};

/// The row of `op`; throws nothing, every op has one.
const OpInfo& info(Op op);

/// The elementwise operation with that name and number of arguments, or nullptr.
const OpInfo* find_elementwise(std::string_view name, std::size_t arguments);

/// Operators that can't be called by name: `add(a,b)` is not in the language.
bool operator_only(Op op);

constexpr bool is_elementwise(Op op) { return op >= Op::neg && op <= Op::where; }
constexpr bool is_reduction(Op op) { return op >= Op::sum && op <= Op::argmax; }

/// Whether a number as a condition is true: it is one, and not 0.
constexpr bool holds(double condition) { return condition == condition && condition != 0; }

/// Whether the result may need more digits than the arguments have.
bool rounds(Op op);

/// Value of an elementwise operation on scalars: exactly what the backends compute.
/// @param exponent  powi's exponent; ignored by the others
double evaluate(Op op, const double* arguments, std::int32_t exponent = 0);

/// x^exponent by binary powering, lowest bit first; negative exponents through 1/x^|exponent|.
double integer_power(double x, std::int32_t exponent);

/// Sum and other reductions in the order that every backend uses: eight interleaved partial sums, combined in
/// a fixed tree, then the remainder; below eight elements from left to right. An empty sum is 0.
double ordered_sum(const double* values, std::size_t count);

}  // namespace optexplore::language
