#include <optexplore/experiment.hpp>

#include "language/ops.hpp"

namespace optexplore {
namespace {

// Base 10, so that {"log": [0.01, 1, 3]} has the 0.1 that people expect and not 0.10000000000000002.
double power_of_ten(double v) {
  const double args[] = {10, v};
  return language::evaluate(language::Op::pow, args);
}
double log_ten(double v) { return language::evaluate(language::Op::log10, &v); }

}  // namespace

double spaced(double low, double high, std::uint64_t i, std::uint64_t n) {
  if (i == 0 || n < 2) return low;
  if (i == n - 1) return high;
  return low + (high - low) * (static_cast<double>(i) / static_cast<double>(n - 1));
}

double Variation::at(std::uint64_t i) const {
  if (kind == Kind::list) return formulas.empty() ? values[i] : static_cast<double>(i);
  if (kind == Kind::linear) return spaced(low, high, i, size);
  if (i == 0 || size < 2) return low;
  if (i == size - 1) return high;
  return power_of_ten(spaced(log_ten(low), log_ten(high), i, size));
}

double Variation::at_quantile(double u) const {
  if (kind == Kind::uniform) return low + (high - low) * u;
  return power_of_ten(log_ten(low) + (log_ten(high) - log_ten(low)) * u);
}

}  // namespace optexplore
