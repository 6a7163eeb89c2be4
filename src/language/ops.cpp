#include "language/ops.hpp"

#include <sleef.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace optexplore::language {
namespace {

constexpr std::array table = {
    OpInfo{Op::constant, "", "", 0, prec_primary},
    OpInfo{Op::input, "", "", 0, prec_primary},
    OpInfo{Op::random, "", "", 0, prec_primary},
    OpInfo{Op::neg, "neg", "-", 1, prec_unary},
    OpInfo{Op::abs, "abs", "", 1, prec_primary},
    OpInfo{Op::sqrt, "sqrt", "", 1, prec_primary},
    OpInfo{Op::cbrt, "cbrt", "", 1, prec_primary},
    OpInfo{Op::exp, "exp", "", 1, prec_primary},
    OpInfo{Op::expm1, "expm1", "", 1, prec_primary},
    OpInfo{Op::log, "log", "", 1, prec_primary},
    OpInfo{Op::log1p, "log1p", "", 1, prec_primary},
    OpInfo{Op::log2, "log2", "", 1, prec_primary},
    OpInfo{Op::log10, "log10", "", 1, prec_primary},
    OpInfo{Op::sin, "sin", "", 1, prec_primary},
    OpInfo{Op::cos, "cos", "", 1, prec_primary},
    OpInfo{Op::tan, "tan", "", 1, prec_primary},
    OpInfo{Op::asin, "asin", "", 1, prec_primary},
    OpInfo{Op::acos, "acos", "", 1, prec_primary},
    OpInfo{Op::atan, "atan", "", 1, prec_primary},
    OpInfo{Op::sinh, "sinh", "", 1, prec_primary},
    OpInfo{Op::cosh, "cosh", "", 1, prec_primary},
    OpInfo{Op::tanh, "tanh", "", 1, prec_primary},
    OpInfo{Op::erf, "erf", "", 1, prec_primary},
    OpInfo{Op::sigmoid, "sigmoid", "", 1, prec_primary},
    OpInfo{Op::softplus, "softplus", "", 1, prec_primary},
    OpInfo{Op::f32, "f32", "", 1, prec_primary},
    OpInfo{Op::f16, "f16", "", 1, prec_primary},
    OpInfo{Op::bf16, "bf16", "", 1, prec_primary},
    OpInfo{Op::floor, "floor", "", 1, prec_primary},
    OpInfo{Op::ceil, "ceil", "", 1, prec_primary},
    OpInfo{Op::round, "round", "", 1, prec_primary},
    OpInfo{Op::sign, "sign", "", 1, prec_primary},
    OpInfo{Op::logical_not, "not", "not ", 1, prec_not},
    OpInfo{Op::powi, "", "^", 1, prec_power},
    OpInfo{Op::add, "add", " + ", 2, prec_sum},
    OpInfo{Op::sub, "sub", " - ", 2, prec_sum},
    OpInfo{Op::mul, "mul", "*", 2, prec_product},
    OpInfo{Op::div, "div", "/", 2, prec_product},
    OpInfo{Op::pow, "pow", "^", 2, prec_power},
    OpInfo{Op::atan2, "atan2", "", 2, prec_primary},
    OpInfo{Op::hypot, "hypot", "", 2, prec_primary},
    OpInfo{Op::min, "min", "", 2, prec_primary},
    OpInfo{Op::max, "max", "", 2, prec_primary},
    OpInfo{Op::mod, "mod", "", 2, prec_primary},
    OpInfo{Op::lt, "lt", " < ", 2, prec_compare},
    OpInfo{Op::le, "le", " <= ", 2, prec_compare},
    OpInfo{Op::gt, "gt", " > ", 2, prec_compare},
    OpInfo{Op::ge, "ge", " >= ", 2, prec_compare},
    OpInfo{Op::eq, "eq", " == ", 2, prec_compare},
    OpInfo{Op::ne, "ne", " != ", 2, prec_compare},
    OpInfo{Op::logical_and, "and", " and ", 2, prec_and},
    OpInfo{Op::logical_or, "or", " or ", 2, prec_or},
    OpInfo{Op::where, "where", "", 3, prec_primary},
    OpInfo{Op::sum, "sum", "", 1, prec_primary},
    OpInfo{Op::dot, "dot", "", 2, prec_primary},
    OpInfo{Op::norm, "norm", "", 1, prec_primary},
    OpInfo{Op::reduce_min, "min", "", 1, prec_primary},
    OpInfo{Op::reduce_max, "max", "", 1, prec_primary},
    OpInfo{Op::argmin, "argmin", "", 1, prec_primary},
    OpInfo{Op::argmax, "argmax", "", 1, prec_primary},
    OpInfo{Op::product, "", " @ ", 2, prec_product},
    OpInfo{Op::solve, "solve", "", 2, prec_primary},
    OpInfo{Op::cholesky, "cholesky", "", 1, prec_primary},
    OpInfo{Op::qr_q, "qr_q", "", 1, prec_primary},
    OpInfo{Op::det, "det", "", 1, prec_primary},
    OpInfo{Op::eigvals, "eigvals", "", 1, prec_primary},
    OpInfo{Op::eigvecs, "eigvecs", "", 1, prec_primary},
    OpInfo{Op::eigen, "eigen", "", 1, prec_primary},
    OpInfo{Op::tridiag, "tridiag", "", 2, prec_primary},
    OpInfo{Op::cumsum, "cumsum", "", 1, prec_primary},
    OpInfo{Op::argsort, "argsort", "", 1, prec_primary},
    OpInfo{Op::limit, "limit", "", -1, prec_primary},
    OpInfo{Op::loop, "loop", "", -1, prec_primary},
    OpInfo{Op::branch, "branch", "", -1, prec_primary},
    OpInfo{Op::elem, "", "", 1, prec_primary},
    OpInfo{Op::slice, "", "", 1, prec_primary},
    OpInfo{Op::gather, "", "", 1, prec_primary},
    OpInfo{Op::scatter, "", "", 1, prec_primary},
    OpInfo{Op::concat, "", "", -1, prec_primary},
    OpInfo{Op::reshape, "", "", 1, prec_primary},
    OpInfo{Op::transpose, "transpose", "", 1, prec_primary},
    OpInfo{Op::repeat, "", "", 1, prec_primary},
    OpInfo{Op::index, "", "", 1, prec_primary},
    OpInfo{Op::take, "", "", 2, prec_primary},
    OpInfo{Op::place, "", "", 2, prec_primary},
    OpInfo{Op::put, "", "", 3, prec_primary},
    OpInfo{Op::fill, "", "", 1, prec_primary},
};

constexpr bool table_is_in_enum_order() {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (static_cast<std::size_t>(table[i].op) != i) return false;
  return true;
}
static_assert(table_is_in_enum_order() && table.size() == static_cast<std::size_t>(Op::fill) + 1);

double truth(bool b) { return b ? 1.0 : 0.0; }

/// 1/(1 + e^-x) without overflow: of e^-|x|.
double sigmoid(double x) {
  const double e = Sleef_cinz_expd1_u10purec(-std::fabs(x));
  return (x < 0 ? e : 1.0) / (1.0 + e);
}

/// log(1 + e^x) = max(x, 0) + log(1 + e^-|x|).
double softplus(double x) {
  return (x > 0 || x != x ? x : 0.0) + Sleef_cinz_log1pd1_u10purec(Sleef_cinz_expd1_u10purec(-std::fabs(x)));
}

/// Python's %: exact remainder with the sign of the divisor.
/// To the nearest number with so many binary places behind the first one, at ties to the even one; below 2^lowest the
/// places are those of 2^lowest, from 2^(highest + 1) on there is nothing but infinity.
double rounded(double x, int places, int lowest, int highest) {
  if (std::isnan(x)) return x;
  const int dropped = 52 - places;
  std::uint64_t bits = std::bit_cast<std::uint64_t>(x);
  bits += (std::uint64_t{1} << (dropped - 1)) - 1 + ((bits >> dropped) & 1U);
  double result = std::bit_cast<double>(bits >> dropped << dropped);
  if (std::fabs(x) < std::ldexp(1, lowest)) {
    const double anchor = std::ldexp(1.5, 52 + lowest - places);
    result = std::copysign((std::fabs(x) + anchor) - anchor, x);
  }
  return std::fabs(result) < std::ldexp(1, highest + 1) ? result : std::copysign(HUGE_VAL, x);
}

double floored_mod(double a, double b) {
  const double r = std::fmod(a, b);
  if (r != 0 && (r < 0) != (b < 0)) return r + b;
  return r == 0 ? std::copysign(0.0, b) : r;
}

}  // namespace

const OpInfo& info(Op op) { return table[static_cast<std::size_t>(op)]; }

const OpInfo* find_elementwise(std::string_view name, std::size_t arguments) {
  for (const OpInfo& row : table)
    if (is_elementwise(row.op) && row.name == name && row.arity == static_cast<int>(arguments)) return &row;
  return nullptr;
}

bool operator_only(Op op) {
  switch (op) {
    case Op::neg:
    case Op::add:
    case Op::sub:
    case Op::mul:
    case Op::div:
    case Op::lt:
    case Op::le:
    case Op::gt:
    case Op::ge:
    case Op::eq:
    case Op::ne:
    case Op::logical_and:
    case Op::logical_or:
    case Op::logical_not: return true;
    default: return false;
  }
}

double integer_power(double x, std::int32_t exponent) {
  std::uint32_t k = exponent < 0 ? 0U - static_cast<std::uint32_t>(exponent) : static_cast<std::uint32_t>(exponent);
  double result = 1;
  bool started = false;
  for (double square = x; k != 0; k >>= 1U) {
    if ((k & 1U) != 0) {
      result = started ? result * square : square;
      started = true;
    }
    if (k > 1) square = square * square;
  }
  return exponent < 0 ? 1 / result : result;
}

double ordered_sum(const double* values, std::size_t count) {
  if (count == 0) return 0;
  std::size_t i = 1;
  double total = values[0];
  if (count >= 8) {
    std::array<double, 8> partial{};
    std::copy_n(values, 8, partial.begin());
    for (i = 8; i + 8 <= count; i += 8)
      for (std::size_t j = 0; j < 8; ++j) partial[j] += values[i + j];
    total = ((partial[0] + partial[1]) + (partial[2] + partial[3])) +
            ((partial[4] + partial[5]) + (partial[6] + partial[7]));
  }
  for (; i < count; ++i) total += values[i];
  return total;
}

bool rounds(Op op) {
  switch (op) {
    case Op::neg:
    case Op::abs:
    case Op::f32:
    case Op::f16:
    case Op::bf16:
    case Op::floor:
    case Op::ceil:
    case Op::round:
    case Op::sign:
    case Op::logical_not:
    case Op::min:
    case Op::max:
    case Op::where: return false;
    case Op::sum:
    case Op::dot:
    case Op::norm:
    case Op::random:
    case Op::cumsum:
    case Op::limit:
    case Op::scatter:
    case Op::place: return true;
    default: break;
  }
  const bool is_truth = op >= Op::lt && op <= Op::logical_or;
  return (is_elementwise(op) && !is_truth) || (op >= Op::product && op <= Op::tridiag);
}

double evaluate(Op op, const double* v, std::int32_t exponent) {
  const double a = v[0];
  switch (op) {
    case Op::neg: return -a;
    case Op::abs: return std::fabs(a);
    case Op::sqrt: return std::sqrt(a);
    case Op::cbrt: return Sleef_cinz_cbrtd1_u10purec(a);
    case Op::exp: return Sleef_cinz_expd1_u10purec(a);
    case Op::expm1: return Sleef_cinz_expm1d1_u10purec(a);
    case Op::log: return Sleef_cinz_logd1_u10purec(a);
    case Op::log1p: return Sleef_cinz_log1pd1_u10purec(a);
    case Op::log2: return Sleef_cinz_log2d1_u10purec(a);
    case Op::log10: return Sleef_cinz_log10d1_u10purec(a);
    case Op::sin: return Sleef_cinz_sind1_u10purec(a);
    case Op::cos: return Sleef_cinz_cosd1_u10purec(a);
    case Op::tan: return Sleef_cinz_tand1_u10purec(a);
    case Op::asin: return Sleef_cinz_asind1_u10purec(a);
    case Op::acos: return Sleef_cinz_acosd1_u10purec(a);
    case Op::atan: return Sleef_cinz_atand1_u10purec(a);
    case Op::sinh: return Sleef_cinz_sinhd1_u10purec(a);
    case Op::cosh: return Sleef_cinz_coshd1_u10purec(a);
    case Op::tanh: return Sleef_cinz_tanhd1_u10purec(a);
    case Op::erf: return Sleef_cinz_erfd1_u10purec(a);
    case Op::sigmoid: return sigmoid(a);
    case Op::softplus: return softplus(a);
    case Op::f32: return static_cast<float>(a);
    case Op::f16: return rounded(a, 10, -14, 15);
    case Op::bf16: return rounded(a, 7, -126, 127);
    case Op::floor: return std::floor(a);
    case Op::ceil: return std::ceil(a);
    case Op::round: return std::nearbyint(a);
    case Op::sign: return a > 0 ? 1.0 : a < 0 ? -1.0 : a;
    case Op::logical_not: return truth(a == 0);
    case Op::powi: return integer_power(a, exponent);
    case Op::add: return a + v[1];
    case Op::sub: return a - v[1];
    case Op::mul: return a * v[1];
    case Op::div: return a / v[1];
    case Op::pow: return Sleef_cinz_powd1_u10purec(a, v[1]);
    case Op::atan2: return Sleef_cinz_atan2d1_u10purec(a, v[1]);
    case Op::hypot: return Sleef_cinz_hypotd1_u05purec(a, v[1]);
    case Op::min: return a < v[1] || a != a ? a : v[1];
    case Op::max: return a > v[1] || a != a ? a : v[1];
    case Op::mod: return floored_mod(a, v[1]);
    case Op::lt: return truth(a < v[1]);
    case Op::le: return truth(a <= v[1]);
    case Op::gt: return truth(a > v[1]);
    case Op::ge: return truth(a >= v[1]);
    case Op::eq: return truth(a == v[1]);
    case Op::ne: return truth(a != v[1]);
    case Op::logical_and: return truth(a != 0 && v[1] != 0);
    case Op::logical_or: return truth(a != 0 || v[1] != 0);
    case Op::where: return a != 0 ? v[1] : v[2];
    default: return std::nan("");
  }
}

}  // namespace optexplore::language
