#include "analysis/gradient_check.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "program/random.hpp"
#include "study/draw_sites.hpp"

namespace optexplore::analysis {
namespace {

constexpr std::size_t random_points = 8;
constexpr std::size_t max_coordinates = 20;

std::vector<std::vector<double>> points(const FunctionSpec& spec, const std::vector<std::vector<double>>& starts) {
  std::vector<double> start = spec.start();
  start.resize(spec.dim, 0.0);
  std::vector<std::vector<double>> result = starts;
  result.push_back(start);
  for (std::size_t k = 0; k < random_points; ++k) {
    std::vector<double> point(spec.dim);
    for (std::size_t i = 0; i < spec.dim; ++i) {
      const Interval side = spec.interval(i).value_or(Interval{start[i] - 1, start[i] + 1});
      const double u = program::draw(language::Draw::uniform, {0, k}, 0, study::gradient_check_site, i);
      point[i] = side.low + (side.high - side.low) * (0.05 + 0.9 * u);  // not on the rim
    }
    result.push_back(std::move(point));
  }
  return result;
}

double central(const Function& function, std::vector<double> x, std::size_t i, double h) {
  const double at = x[i];
  x[i] = at + h;
  const double high = x[i];
  const double above = function.value(x);
  x[i] = at - h;
  return (above - function.value(x)) / (high - x[i]);  // the step as it was really taken
}

/// The slope of one side (h < 0: the left one), with an error of order h³.
double one_sided(const Function& function, const std::vector<double>& x, std::size_t i, double h) {
  const double here = function.value(x);
  const auto difference = [&](double step) {
    std::vector<double> moved = x;
    moved[i] = x[i] + step;
    return (function.value(moved) - here) / (moved[i] - x[i]);
  };
  const double coarse = difference(h), middle = difference(h / 2), fine = difference(h / 4);
  return (4 * (2 * fine - middle) - (2 * middle - coarse)) / 3;
}

/// Too large an h misses what the function does in between, too small a one drowns in rounding; of several, the one on
/// which two neighbours agree best is taken.
template <class Estimate>
double best_of(const std::vector<double>& x, std::size_t i, const Estimate& estimate_with) {
  double before = 0;
  double best = 0;
  double least = HUGE_VAL;
  for (const double step : {3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 3e-6, 1e-6, 3e-7, 1e-7, 3e-8}) {
    const double h = step * std::max(1.0, std::fabs(x[i]) / 10);
    const double estimate = estimate_with(h);
    if (step < 3e-2 && std::fabs(estimate - before) < least) {
      least = std::fabs(estimate - before);
      best = estimate;
    }
    before = estimate;
  }
  return std::isfinite(least) ? best : std::nan("");
}

/// Error of order h⁴: two central differences with their h² terms cancelled.
double extrapolated(const Function& function, const std::vector<double>& x, std::size_t i) {
  return best_of(x, i, [&](double h) { return (4 * central(function, x, i, h / 2) - central(function, x, i, h)) / 3; });
}

/// Whether the function jumps at x: the difference to a neighbour stays, however near that is.
bool jumps(const Function& function, const std::vector<double>& x, std::size_t i, double direction) {
  const double here = function.value(x), unit = std::max(1.0, std::fabs(x[i]));
  const auto gap = [&](double h) {
    std::vector<double> moved = x;
    moved[i] = x[i] + direction * h * unit;
    return std::fabs(function.value(moved) - here);
  };
  const double near = gap(1e-12);
  return near > 1e-7 * std::max(1.0, std::fabs(here)) && near > 0.5 * gap(1e-9);
}

/// The values that a partial derivative may have.
struct Slopes {
  double low = 0, high = 0;
};

/// Nothing where there is none to be compared with.
std::optional<Slopes> slopes(const Function& function, const std::vector<double>& x, std::size_t i, double scale) {
  if (jumps(function, x, i, 1) || jumps(function, x, i, -1)) return std::nullopt;
  const double right = best_of(x, i, [&](double h) { return one_sided(function, x, i, h); });
  const double left = best_of(x, i, [&](double h) { return one_sided(function, x, i, -h); });
  if (!std::isfinite(left) && !std::isfinite(right)) return std::nullopt;
  if (!std::isfinite(left)) return Slopes{right, right};
  if (!std::isfinite(right)) return Slopes{left, left};
  if (std::fabs(right - left) > gradient_tolerance * std::max({scale, std::fabs(left), std::fabs(right)}))
    return Slopes{std::min(left, right), std::max(left, right)};
  const double both = extrapolated(function, x, i);
  return Slopes{both, both};
}

/// An infinite slope is one that no step is short enough for.
bool is_vertical(const Function& function, const std::vector<double>& x, std::size_t i, double slope) {
  for (const double h : {1e-13, -1e-13}) {
    std::vector<double> moved = x;
    moved[i] += h * std::max(1.0, std::fabs(x[i]));
    const double steep = (function.value(moved) - function.value(x)) / (moved[i] - x[i]);
    if (std::fabs(steep) > 1e3 && std::signbit(steep) == std::signbit(slope)) return true;
  }
  return false;
}

/// Where an exact derivative isn't finite although the function has a slope, that is an error without bound.
void compare_with_differences(const Function& function, const std::vector<double>& x, const std::vector<double>& slope,
                              GradientCheck& worst) {
  double scale = 1;
  for (const double v : slope)
    if (std::isfinite(v)) scale = std::max(scale, std::fabs(v));
  const std::size_t stride = std::max<std::size_t>(1, (x.size() + max_coordinates - 1) / max_coordinates);
  for (std::size_t i = 0; i < x.size(); i += stride) {
    if (std::isinf(slope[i]) && is_vertical(function, x, i, slope[i])) continue;
    const std::optional<Slopes> expected = slopes(function, x, i, scale);
    if (!expected) continue;
    const double nearest =
        std::isfinite(slope[i]) ? std::clamp(slope[i], expected->low, expected->high) : expected->low;
    const double error =
        std::isfinite(slope[i]) ? std::fabs(slope[i] - nearest) / std::max(scale, std::fabs(nearest)) : HUGE_VAL;
    if (error > worst.error || worst.point.empty()) worst = {error, i, slope[i], nearest, x};
  }
}

/// What is given against the exact derivative, and at a kink against the slopes of both sides.
void compare_with_exact(const Function& function, const std::vector<double>& x, const std::vector<double>& slope,
                        const std::vector<double>& exact, GradientCheck& worst) {
  double scale = 1;
  for (const double v : slope)
    if (std::isfinite(v)) scale = std::max(scale, std::fabs(v));
  const std::size_t stride = std::max<std::size_t>(1, (x.size() + max_coordinates - 1) / max_coordinates);
  for (std::size_t i = 0; i < x.size(); i += stride) {
    if (!std::isfinite(exact[i])) continue;
    const auto error_to = [&](double expected) {
      return std::isfinite(slope[i]) ? std::fabs(slope[i] - expected) / std::max(scale, std::fabs(expected)) : HUGE_VAL;
    };
    double nearest = exact[i];
    if (error_to(nearest) > gradient_tolerance)
      if (const auto sides = slopes(function, x, i, scale); sides && sides->low < sides->high)
        nearest = std::clamp(std::isfinite(slope[i]) ? slope[i] : nearest, sides->low, sides->high);
    const double error = error_to(nearest);
    if (error > worst.error || worst.point.empty()) worst = {error, i, slope[i], nearest, x};
  }
}

}  // namespace

GradientCheck check_exact_gradient(const Function& function, const std::vector<std::vector<double>>& starts) {
  GradientCheck worst;
  for (const std::vector<double>& x : points(function.spec(), starts)) {
    if (!std::isfinite(function.value(x))) continue;
    compare_with_differences(function, x, function.gradient(x), worst);
  }
  return worst;
}

GradientCheck check_given_gradient(const Function& function, const std::vector<std::vector<double>>& starts) {
  GradientCheck worst;
  for (const std::vector<double>& x : points(function.spec(), starts)) {
    if (!std::isfinite(function.value(x))) continue;
    compare_with_exact(function, x, function.given_gradient(x), function.gradient(x), worst);
  }
  return worst;
}

}  // namespace optexplore::analysis
