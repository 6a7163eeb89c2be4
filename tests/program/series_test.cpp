#include "program/series.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

using namespace optexplore::program;
using optexplore::language::Op;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();
const Series epsilon = Series::variable(0, 1);

Series call(Op op, const Series& a) {
  const std::array<Series, 1> arguments = {a};
  return Series::apply(op, arguments);
}

Series call(Op op, const Series& a, const Series& b) {
  const std::array<Series, 2> arguments = {a, b};
  return Series::apply(op, arguments);
}

/// The coefficient of ε^k, by taking away what stands before it.
double coefficient(Series series, int k) {
  for (int i = 0; i < k; ++i) series = (series - Series(series.limit())) / epsilon;
  return series.limit();
}

}  // namespace

TEST_CASE("sums and products of series are those of polynomials, and a quotient undoes a product") {
  const Series a = Series(2.0) + epsilon, b = Series(3.0) - epsilon * epsilon;
  CHECK(coefficient(a * b, 0) == 6);
  CHECK(coefficient(a * b, 1) == 3);
  CHECK(coefficient(a * b, 2) == -2);
  CHECK(coefficient(a * b, 3) == -1);
  for (int k = 0; k < 6; ++k) CHECK(coefficient(a * b / b, k) == doctest::Approx(coefficient(a, k)).epsilon(1e-14));
  CHECK((epsilon - epsilon).is_zero());
  CHECK((Series(1.0) / epsilon).limit() == inf);
  CHECK((Series(-1.0) / epsilon).limit() == -inf);
}

TEST_CASE("Taylor coefficients are the textbook's") {
  struct Row {
    Op op;
    double at;
    std::vector<double> expected;  // f, f', f''/2, f'''/6
  };
  const double e = std::exp(0.5), s = 1 / (1 + std::exp(-0.5));
  const Row rows[] = {
      {Op::exp, 0.5, {e, e, e / 2, e / 6}},
      {Op::expm1, 0.5, {e - 1, e, e / 2, e / 6}},
      {Op::log, 2, {std::log(2), 0.5, -0.125, 1.0 / 24}},
      {Op::log1p, 1, {std::log(2), 0.5, -0.125, 1.0 / 24}},
      {Op::log2, 1, {0, 1 / std::numbers::ln2, -0.5 / std::numbers::ln2, 1 / (3 * std::numbers::ln2)}},
      {Op::log10, 1, {0, 1 / std::numbers::ln10, -0.5 / std::numbers::ln10, 1 / (3 * std::numbers::ln10)}},
      {Op::sin, 1, {std::sin(1), std::cos(1), -std::sin(1) / 2, -std::cos(1) / 6}},
      {Op::cos, 1, {std::cos(1), -std::sin(1), -std::cos(1) / 2, std::sin(1) / 6}},
      {Op::tan, 0, {0, 1, 0, 1.0 / 3}},
      {Op::sinh, 0, {0, 1, 0, 1.0 / 6}},
      {Op::cosh, 0, {1, 0, 0.5, 0}},
      {Op::tanh, 0, {0, 1, 0, -1.0 / 3}},
      {Op::asin, 0, {0, 1, 0, 1.0 / 6}},
      {Op::acos, 0, {std::numbers::pi / 2, -1, 0, -1.0 / 6}},
      {Op::atan, 0, {0, 1, 0, -1.0 / 3}},
      {Op::atan, 1, {std::numbers::pi / 4, 0.5, -0.25, 1.0 / 12}},
      {Op::erf, 0, {0, 2 * std::numbers::inv_sqrtpi, 0, -2 * std::numbers::inv_sqrtpi / 3}},
      {Op::sqrt, 4, {2, 0.25, -1.0 / 64, 1.0 / 512}},
      {Op::cbrt, -8, {-2, 1.0 / 12, 1.0 / 288, 5.0 / 20736}},
      {Op::sigmoid, 0.5, {s, s * (1 - s), s * (1 - s) * (1 - 2 * s) / 2, s * (1 - s) * (1 - 6 * s + 6 * s * s) / 6}},
      {Op::softplus, 0, {std::log(2), 0.5, 0.125, 0}},
  };
  for (const Row& row : rows) {
    const Series value = call(row.op, Series::variable(row.at, 1));
    for (int k = 0; k < 4; ++k) {
      INFO(static_cast<int>(row.op), " at ", row.at, ", coefficient ", k);
      CHECK(coefficient(value, k) == doctest::Approx(row.expected[static_cast<std::size_t>(k)]).epsilon(1e-12));
    }
  }
}

TEST_CASE("powers and logarithms of what is tiny") {
  CHECK((call(Op::cbrt, epsilon) * call(Op::cbrt, epsilon) * call(Op::cbrt, epsilon) / epsilon).limit() == 1);
  CHECK((call(Op::exp, call(Op::log, epsilon)) / epsilon).limit() == 1);
  CHECK(call(Op::log, epsilon).limit() == -inf);
  CHECK((epsilon * call(Op::log, epsilon)).limit() == 0);  // slower than every power
  CHECK((call(Op::sqrt, epsilon) * call(Op::log, epsilon)).limit() == 0);
  CHECK(call(Op::pow, epsilon, epsilon).limit() == 1);  // x^x
  CHECK(std::isnan(call(Op::sqrt, -epsilon).limit()));
  CHECK(std::isnan(call(Op::sin, Series(1.0) / epsilon).limit()));  // swings for ever
  CHECK((call(Op::exp, Series(-1.0) / epsilon) / (epsilon * epsilon)).limit() == 0);
  CHECK(call(Op::exp, Series(1.0) / epsilon).limit() == inf);
  CHECK(call(Op::tanh, Series(1.0) / epsilon).limit() == 1);
  CHECK(call(Op::atan, Series(-1.0) / epsilon).limit() == -std::numbers::pi / 2);
  // acos(1 - ε)/√ε → √2
  CHECK((call(Op::acos, Series(1.0) - epsilon) / call(Op::sqrt, epsilon)).limit() ==
        doctest::Approx(std::sqrt(2)).epsilon(1e-14));
  CHECK(call(Op::atan2, epsilon, -epsilon).limit() == doctest::Approx(3 * std::numbers::pi / 4));
}

TEST_CASE("sides of kinks and jumps") {
  CHECK(call(Op::abs, -epsilon).sign() == 1);
  CHECK(call(Op::sign, -epsilon).limit() == -1);
  CHECK(call(Op::floor, Series(2.0) - epsilon).limit() == 1);
  CHECK(call(Op::floor, Series(2.0) + epsilon).limit() == 2);
  CHECK(call(Op::ceil, Series(2.0) + epsilon).limit() == 3);
  CHECK(call(Op::round, Series(2.5) + epsilon).limit() == 3);
  CHECK(call(Op::round, Series(2.5) - epsilon).limit() == 2);
  CHECK(call(Op::mod, -epsilon, Series(3.0)).limit() == 3);
  CHECK(call(Op::min, epsilon, Series(0.0)).is_zero());
  CHECK(call(Op::max, epsilon, epsilon * epsilon).limit() == 0);
  CHECK(call(Op::lt, -epsilon, Series(0.0)).limit() == 1);
}

TEST_CASE("a zero is stronger than what is not a number") {
  CHECK((Series(0.0) * Series(inf)).is_zero());
  CHECK((Series(std::nan("")) * Series(0.0)).is_zero());
  CHECK((Series(0.0) / Series(std::nan(""))).is_zero());
  CHECK((epsilon * Series(std::nan(""))).is_nan());
}
