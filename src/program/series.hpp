#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "language/ops.hpp"

namespace optexplore::program {

/// A number beside a point: Σ c·ε^q·ℓ^m, where ε > 0 is smaller than every positive number and ℓ = log(1/ε); the terms
/// that weigh most come first, those of high order are cut off. Calculating with x + ε instead of x gives what an
/// expression tends to from the right: sin(ε)/ε = 1 - ε²/6 + …, and ∛ε³ = ε has the slope 1. The powers of ε alone are
/// the Levi-Civita field (Shamseddine & Berz 1996, "Exception handling in derivative computation with nonarchimedean
/// calculus"); ℓ adds logarithms.
///
/// A zero is exact, as in a branch that is not taken: its product with anything, also with what is not a number, is
/// zero. What is tiny but not zero has a term.
class Series {
 public:
  struct Term {
    double coefficient;
    double power;      ///< of ε
    double logarithm;  ///< the power of ℓ
  };

  /// Zero.
  Series() = default;
  /// A number, an infinity or NaN.
  Series(double value);  // NOLINT: implicit

  /// value + slope·ε.
  static Series variable(double value, double slope);

  [[nodiscard]] bool is_zero() const { return kind_ == Kind::finite && terms_.empty(); }
  [[nodiscard]] bool is_nan() const { return kind_ == Kind::nan; }
  /// 1 or -1 for what is above or below zero, 0 for zero and for NaN.
  [[nodiscard]] int sign() const;
  /// What it tends to as ε goes to 0: a number, an infinity or NaN.
  [[nodiscard]] double limit() const;

  friend Series operator+(const Series& a, const Series& b);
  friend Series operator-(const Series& a);
  friend Series operator-(const Series& a, const Series& b) { return a + -b; }
  friend Series operator*(const Series& a, const Series& b);
  friend Series operator/(const Series& a, const Series& b);

  /// An elementwise operation of the language, except where(). Comparisons compare beside the point, so that ε > 0.
  static Series apply(language::Op op, std::span<const Series> arguments, std::int32_t exponent = 0);

 private:
  enum class Kind : std::uint8_t {
    finite,    ///< terms_
    infinite,  ///< more than every power of ε: exp(1/ε); its sign is that of terms_[0]
    nan,
  };
  struct Sum;
  /// value + big + small: its term without ε and ℓ, the terms that grow, and those that vanish.
  struct Parts;

  static Series nan();
  static Series infinite(double sign);
  [[nodiscard]] Parts parts() const;
  [[nodiscard]] bool constant() const;
  [[nodiscard]] Series power(double exponent) const;
  [[nodiscard]] Series integer_power(std::int32_t exponent) const;
  [[nodiscard]] Series rounded(language::Op op) const;
  static Series unary(language::Op op, const Series& a);
  static Series exponential(const Series& a);
  static Series logarithm(const Series& a);
  static Series arc(language::Op op, const Series& a);
  static Series beyond(language::Op op, const Series& a);
  static Series angle(const Series& y, const Series& x);
  static Series compose(std::span<const double> coefficients, const Series& small);

  Kind kind_ = Kind::finite;
  std::vector<Term> terms_;
};

}  // namespace optexplore::program
