#include "program/series.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace optexplore::program {
namespace {

using language::Op;
using Term = Series::Term;

/// Terms that are kept: for a derivative of second order with poles of order two five are enough.
constexpr std::size_t most_terms = 12;
/// Coefficients of Taylor series.
constexpr std::size_t order = 12;
/// A sum that is smaller by this than its terms is their rounding.
constexpr double cancelled = 1e-13;
/// Powers that are closer are the same: (x^(1/3))^3.
constexpr double same_power = 1e-9;

using Taylor = std::array<double, order>;

bool same(double a, double b) { return std::fabs(a - b) < same_power; }

/// Whether a term of ε^a ℓ^m weighs more than one of ε^b ℓ^n.
bool heavier(const Term& a, const Term& b) {
  return same(a.power, b.power) ? a.logarithm > b.logarithm : a.power < b.power;
}

bool same_weight(const Term& a, const Term& b) { return same(a.power, b.power) && same(a.logarithm, b.logarithm); }

bool number(const Term& term) { return same(term.power, 0) && same(term.logarithm, 0); }

bool grows(const Term& term) { return same(term.power, 0) ? term.logarithm > same_power : term.power < 0; }

double value_of(Op op, double x) { return language::evaluate(op, &x); }

/// The coefficients of v^p from those of v, v[0] ≠ 0: v·w' = p·v'·w.
Taylor power_of(const Taylor& v, double p, double first) {
  Taylor w{};
  w[0] = first;
  for (std::size_t k = 1; k < order; ++k) {
    double sum = 0;
    for (std::size_t j = 1; j <= k; ++j)
      sum += (p * static_cast<double>(j) - static_cast<double>(k - j)) * v[j] * w[k - j];
    w[k] = sum / (static_cast<double>(k) * v[0]);
  }
  return w;
}

/// The coefficients of a function from those of its derivative.
Taylor integral(const Taylor& slope, double first) {
  Taylor result{};
  result[0] = first;
  for (std::size_t k = 1; k < order; ++k) result[k] = slope[k - 1] / static_cast<double>(k);
  return result;
}

/// y' = a + b·y + c·y².
Taylor riccati(double first, double a, double b, double c) {
  Taylor y{};
  y[0] = first;
  for (std::size_t k = 0; k + 1 < order; ++k) {
    double square = 0;
    for (std::size_t j = 0; j <= k; ++j) square += y[j] * y[k - j];
    y[k + 1] = ((k == 0 ? a : 0.0) + b * y[k] + c * square) / static_cast<double>(k + 1);
  }
  return y;
}

/// y'' = s·y.
Taylor oscillation(double first, double second, double s) {
  Taylor y{};
  y[0] = first;
  y[1] = second;
  for (std::size_t k = 2; k < order; ++k) y[k] = s * y[k - 2] / static_cast<double>(k * (k - 1));
  return y;
}

Taylor taylor(Op op, double x) {
  const double first = value_of(op, x);
  switch (op) {
    case Op::exp: return riccati(first, 0, 1, 0);
    case Op::expm1: return riccati(first, 1, 1, 0);
    case Op::log1p: return integral(power_of({1 + x, 1}, -1, 1 / (1 + x)), first);
    case Op::sin: return oscillation(first, value_of(Op::cos, x), -1);
    case Op::cos: return oscillation(first, -value_of(Op::sin, x), -1);
    case Op::sinh: return oscillation(first, value_of(Op::cosh, x), 1);
    case Op::cosh: return oscillation(first, value_of(Op::sinh, x), 1);
    case Op::tan: return riccati(first, 1, 0, 1);
    case Op::tanh: return riccati(first, 1, 0, -1);
    case Op::sigmoid: return riccati(first, 0, 1, -1);
    case Op::softplus: return integral(taylor(Op::sigmoid, x), first);
    case Op::atan: return integral(power_of({1 + x * x, 2 * x, 1}, -1, 1 / (1 + x * x)), first);
    case Op::asin:
    case Op::acos: {
      const double under = (1 - x) * (1 + x);
      Taylor slope = power_of({under, -2 * x, -1}, -0.5, 1 / std::sqrt(under));
      if (op == Op::acos)
        for (double& c : slope) c = -c;
      return integral(slope, first);
    }
    case Op::erf: {  // y' = -2(x + δ)·y
      Taylor slope{};
      slope[0] = 2 * std::numbers::inv_sqrtpi * value_of(Op::exp, -x * x);
      for (std::size_t k = 0; k + 1 < order; ++k)
        slope[k + 1] = -2 * (x * slope[k] + (k == 0 ? 0.0 : slope[k - 1])) / static_cast<double>(k + 1);
      return integral(slope, first);
    }
    default: return {first};
  }
}

}  // namespace

/// Terms being added up: those of one weight become one, and such as only rounding has left become none. A number
/// without ε is never dropped, so that it is what the program computes.
struct Series::Sum {
  struct Entry {
    Term term;
    double size;
  };
  std::vector<Entry> entries;

  void add(const Term& term) { entries.push_back({term, std::fabs(term.coefficient)}); }

  Series total() {
    std::ranges::stable_sort(entries, [](const Entry& a, const Entry& b) { return heavier(a.term, b.term); });
    Series result;
    for (std::size_t i = 0; i < entries.size();) {
      Entry sum = entries[i];
      for (++i; i < entries.size() && same_weight(entries[i].term, sum.term); ++i) {
        sum.term.coefficient += entries[i].term.coefficient;
        sum.size += entries[i].size;
      }
      const double least = number(sum.term) ? 0 : cancelled * sum.size;
      if (std::isnan(sum.term.coefficient)) return nan();
      if (std::isinf(sum.term.coefficient) && result.terms_.empty()) return infinite(sum.term.coefficient);
      if (std::fabs(sum.term.coefficient) > least && result.terms_.size() < most_terms)
        result.terms_.push_back(sum.term);
    }
    return result;
  }
};

struct Series::Parts {
  double value = 0;
  Series big;
  Series small;
};

Series::Series(double value) {
  if (std::isnan(value))
    *this = nan();
  else if (std::isinf(value))
    *this = infinite(value);
  else if (value != 0)
    terms_.push_back({value, 0, 0});
}

Series Series::variable(double value, double slope) {
  Series result(value);
  result.terms_.push_back({slope, 1, 0});
  return result;
}

Series Series::nan() {
  Series result;
  result.kind_ = Kind::nan;
  return result;
}

Series Series::infinite(double sign) {
  Series result;
  result.kind_ = Kind::infinite;
  result.terms_.push_back({sign > 0 ? 1.0 : -1.0, 0, 0});
  return result;
}

int Series::sign() const {
  if (is_nan() || terms_.empty()) return 0;
  return terms_.front().coefficient > 0 ? 1 : -1;
}

double Series::limit() const {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (is_nan()) return std::nan("");
  if (kind_ == Kind::infinite) return sign() * infinity;
  if (terms_.empty()) return 0;
  const Term& first = terms_.front();
  if (grows(first)) return sign() * infinity;
  return number(first) ? first.coefficient : 0;
}

bool Series::constant() const {
  return kind_ == Kind::finite && (terms_.empty() || (terms_.size() == 1 && number(terms_.front())));
}

Series::Parts Series::parts() const {
  Parts result;
  for (const Term& term : terms_) {
    if (number(term))
      result.value = term.coefficient;
    else
      (grows(term) ? result.big : result.small).terms_.push_back(term);
  }
  return result;
}

Series operator-(const Series& a) {
  Series result = a;
  for (Series::Term& term : result.terms_) term.coefficient = -term.coefficient;
  return result;
}

Series operator+(const Series& a, const Series& b) {
  using Kind = Series::Kind;
  if (a.is_nan() || b.is_nan()) return Series::nan();
  if (a.kind_ == Kind::infinite && b.kind_ == Kind::infinite) return a.sign() == b.sign() ? a : Series::nan();
  if (a.kind_ == Kind::infinite) return a;
  if (b.kind_ == Kind::infinite) return b;
  Series::Sum sum;
  for (const Term& term : a.terms_) sum.add(term);
  for (const Term& term : b.terms_) sum.add(term);
  return sum.total();
}

Series operator*(const Series& a, const Series& b) {
  using Kind = Series::Kind;
  if (a.is_zero() || b.is_zero()) return {};
  if (a.is_nan() || b.is_nan()) return Series::nan();
  if (a.kind_ == Kind::infinite || b.kind_ == Kind::infinite) return Series::infinite(a.sign() * b.sign());
  Series::Sum sum;
  for (const Term& s : a.terms_)
    for (const Term& t : b.terms_)
      sum.add({s.coefficient * t.coefficient, s.power + t.power, s.logarithm + t.logarithm});
  return sum.total();
}

Series operator/(const Series& a, const Series& b) {
  using Kind = Series::Kind;
  if (a.is_zero()) return {};
  if (a.is_nan() || b.is_nan()) return Series::nan();
  if (b.is_zero()) return Series::infinite(a.sign());
  if (b.kind_ == Kind::infinite) return a.kind_ == Kind::infinite ? Series::nan() : Series();
  if (b.constant() && a.kind_ == Kind::finite) {  // rounds as the program does
    Series result = a;
    for (Series::Term& term : result.terms_) term.coefficient /= b.terms_.front().coefficient;
    return result;
  }
  return a * b.power(-1);
}

/// Σ coefficients[k]·small^k.
Series Series::compose(std::span<const double> coefficients, const Series& small) {
  Series result(coefficients.back());
  for (std::size_t k = coefficients.size() - 1; k-- > 0;) result = Series(coefficients[k]) + small * result;
  return result;
}

/// With its leading term l: (l(1 + δ))^p = l^p·Σ binomial(p, k)·δ^k.
Series Series::power(double exponent) const {
  if (is_nan()) return nan();
  if (exponent == 0) return 1.0;
  if (is_zero()) return exponent > 0 ? Series() : infinite(1);
  const bool whole = exponent == std::nearbyint(exponent);
  const bool odd = whole && std::fmod(exponent, 2) != 0;
  if (sign() < 0 && !whole) return nan();
  const double sign_of_power = sign() < 0 && odd ? -1 : 1;
  if (kind_ == Kind::infinite) return exponent > 0 ? infinite(sign_of_power) : Series();
  const Term& lead = terms_.front();
  const std::array<double, 2> base = {std::fabs(lead.coefficient), exponent};
  const double coefficient = exponent == -1        ? 1 / base[0]
                             : exponent == 0.5     ? std::sqrt(base[0])
                             : exponent == 1.0 / 3 ? value_of(Op::cbrt, base[0])
                                                   : language::evaluate(Op::pow, base.data());
  if (coefficient == 0) return {};
  Series small;
  for (std::size_t i = 1; i < terms_.size(); ++i)
    small.terms_.push_back(
        {terms_[i].coefficient / lead.coefficient, terms_[i].power - lead.power, terms_[i].logarithm - lead.logarithm});
  Series front;
  front.terms_.push_back({sign_of_power * coefficient, lead.power * exponent, lead.logarithm * exponent});
  if (std::isinf(coefficient)) return infinite(sign_of_power);
  return front * compose(power_of({1, 1}, exponent, 1), small);
}

Series Series::integer_power(std::int32_t exponent) const {
  if (exponent < 0) return Series(1.0) / integer_power(-exponent);
  if (exponent == 0) return 1.0;
  const Series half = integer_power(exponent / 2);
  return exponent % 2 == 0 ? half * half : half * half * *this;
}

Series Series::exponential(const Series& a) {
  if (a.kind_ == Kind::infinite) return a.sign() > 0 ? a : Series();
  const Parts p = a.parts();
  Series front(1.0);
  if (!p.big.is_zero()) {
    const Term& lead = p.big.terms_.front();
    const bool power_of_epsilon = same(lead.power, 0) && same(lead.logarithm, 1);  // exp(c·ℓ) = ε^-c
    if (!power_of_epsilon) {
      if (same(lead.power, 0) && lead.logarithm < 1) return nan();  // between all powers: has no term
      return lead.coefficient > 0 ? infinite(1) : Series();
    }
    if (p.big.terms_.size() > 1) return nan();
    front.terms_.front().power = -lead.coefficient;
  }
  const Taylor coefficients = taylor(Op::exp, p.value);
  if (std::isinf(coefficients[0])) return infinite(1);
  return front * compose(coefficients, p.small);
}

Series Series::logarithm(const Series& a) {
  if (a.is_zero()) return infinite(-1);
  if (a.sign() < 0) return nan();
  if (a.kind_ == Kind::infinite) return a;
  const Term& lead = a.terms_.front();
  if (!same(lead.logarithm, 0)) return nan();  // log(ℓ) has no term
  Series result(value_of(Op::log, lead.coefficient));
  if (!same(lead.power, 0)) {
    Series grown;
    grown.terms_.push_back({-lead.power, 0, 1});
    result = result + grown;
  }
  Series small;
  for (std::size_t i = 1; i < a.terms_.size(); ++i)
    small.terms_.push_back({a.terms_[i].coefficient / lead.coefficient, a.terms_[i].power - lead.power,
                            a.terms_[i].logarithm - lead.logarithm});
  return result + compose(taylor(Op::log1p, 0), small);
}

/// asin and acos, whose slope is infinite at ±1: asin(a) = π/2 - 2·asin(√((1 - a)/2)).
Series Series::arc(Op op, const Series& a) {
  const Parts p = a.parts();
  if (!p.big.is_zero() || std::fabs(p.value) > 1) return nan();
  if (std::fabs(p.value) < 1) return compose(taylor(op, p.value), p.small);
  const bool right = p.value > 0;
  const Series gap = right ? Series(1.0) - a : Series(1.0) + a;
  if (gap.sign() < 0) return nan();
  const Series half = Series(2.0) * arc(Op::asin, (gap / Series(2.0)).power(0.5));
  constexpr double pi = std::numbers::pi;
  if (op == Op::acos) return right ? half : Series(pi) - half;
  return right ? Series(pi / 2) - half : half - Series(pi / 2);
}

/// Where the argument grows over all bounds.
Series Series::beyond(Op op, const Series& a) {
  const Series one(1.0), two(2.0);
  const bool positive = a.sign() > 0;
  switch (op) {
    case Op::expm1: return exponential(a) - one;
    case Op::log1p: return logarithm(one + a);
    case Op::sinh: return (exponential(a) - exponential(-a)) / two;
    case Op::cosh: return (exponential(a) + exponential(-a)) / two;
    case Op::tanh:
      return positive ? one - two / (exponential(two * a) + one) : two / (exponential(-(two * a)) + one) - one;
    case Op::sigmoid: return one / (one + exponential(-a));
    case Op::softplus: return positive ? a + logarithm(one + exponential(-a)) : logarithm(one + exponential(a));
    case Op::atan: return Series(positive ? std::numbers::pi / 2 : -std::numbers::pi / 2) - unary(Op::atan, one / a);
    case Op::erf: return positive ? 1.0 : -1.0;
    default: return nan();
  }
}

/// floor, ceil and round: at a jump what stands on this side of it.
Series Series::rounded(Op op) const {
  if (kind_ == Kind::infinite || is_zero()) return *this;
  const Parts p = parts();
  if (!p.big.is_zero()) return p.big;
  const double nearest = value_of(op, p.value);
  const int side = p.small.sign();
  if (op == Op::floor) return nearest == p.value && side < 0 ? nearest - 1 : nearest;
  if (op == Op::ceil) return nearest == p.value && side > 0 ? nearest + 1 : nearest;
  const double below = std::floor(p.value);
  if (p.value - below != 0.5 || side == 0) return nearest;
  return side > 0 ? below + 1 : below;
}

Series Series::unary(Op op, const Series& a) {
  if (a.is_nan()) return nan();
  switch (op) {
    case Op::neg: return -a;
    case Op::abs: return a.sign() < 0 ? -a : a;
    case Op::sign: return static_cast<double>(a.sign());
    case Op::logical_not: return a.is_zero() ? 1.0 : 0.0;
    case Op::sqrt: return a.power(0.5);
    case Op::cbrt: return a.sign() < 0 ? -((-a).power(1.0 / 3)) : a.power(1.0 / 3);
    case Op::exp: return exponential(a);
    case Op::log: return logarithm(a);
    case Op::log2: return logarithm(a) / Series(std::numbers::ln2);
    case Op::log10: return logarithm(a) / Series(std::numbers::ln10);
    case Op::floor:
    case Op::ceil:
    case Op::round: return a.rounded(op);
    case Op::asin:
    case Op::acos: return a.kind_ == Kind::infinite ? nan() : arc(op, a);
    default: break;
  }
  if (a.kind_ == Kind::infinite) return beyond(op, a);
  const Parts p = a.parts();
  if (!p.big.is_zero()) return beyond(op, a);
  if (op == Op::log1p && p.value <= -1) return logarithm(Series(1.0) + a);
  const Taylor coefficients = taylor(op, p.value);
  if (std::isinf(coefficients[0])) return infinite(coefficients[0]);
  return compose(coefficients, p.small);
}

Series Series::angle(const Series& y, const Series& x) {
  if (y.is_nan() || x.is_nan()) return nan();
  constexpr double pi = std::numbers::pi;
  if (x.is_zero() && y.is_zero()) return {};
  const Series over = unary(Op::abs, x) - unary(Op::abs, y);
  if (over.sign() < 0) return Series(y.sign() * pi / 2) - unary(Op::atan, x / y);
  const Series slope = unary(Op::atan, y / x);
  return x.sign() > 0 ? slope : slope + Series(y.sign() < 0 ? -pi : pi);
}

Series Series::apply(Op op, std::span<const Series> arguments, std::int32_t exponent) {
  const Series& a = arguments[0];
  if (op == Op::powi) return a.is_nan() ? nan() : a.integer_power(exponent);
  if (arguments.size() == 1) return unary(op, a);
  const Series& b = arguments[1];
  switch (op) {
    case Op::add: return a + b;
    case Op::sub: return a - b;
    case Op::mul: return a * b;
    case Op::div: return a / b;
    default: break;
  }
  if (a.is_nan() || b.is_nan()) return nan();
  const auto truth = [](bool holds) { return Series(holds ? 1.0 : 0.0); };
  switch (op) {
    case Op::pow:
      if (b.constant()) return a.power(b.limit());
      if (a.is_zero()) return b.sign() > 0 ? Series() : nan();
      return exponential(b * logarithm(a));
    case Op::atan2: return angle(a, b);
    case Op::hypot: return (a * a + b * b).power(0.5);
    case Op::min: return (b - a).sign() < 0 ? b : a;
    case Op::max: return (b - a).sign() > 0 ? b : a;
    case Op::mod: return a - b * (a / b).rounded(Op::floor);
    case Op::lt: return truth((a - b).sign() < 0);
    case Op::le: return truth((a - b).sign() <= 0);
    case Op::gt: return truth((a - b).sign() > 0);
    case Op::ge: return truth((a - b).sign() >= 0);
    case Op::eq: return truth((a - b).sign() == 0);
    case Op::ne: return truth((a - b).sign() != 0);
    case Op::logical_and: return truth(!a.is_zero() && !b.is_zero());
    case Op::logical_or: return truth(!a.is_zero() || !b.is_zero());
    default: return nan();
  }
}

}  // namespace optexplore::program
