#include "analysis/gradient_check.hpp"

#include <algorithm>
#include <cmath>

#include "program/random.hpp"
#include "study/draw_sites.hpp"

namespace optexplore::analysis {
namespace {

constexpr std::size_t random_points = 8;
constexpr std::size_t max_coordinates = 20;

std::vector<std::vector<double>> points(const FunctionSpec& spec) {
  std::vector<double> start = spec.start();
  start.resize(spec.dim, 0.0);
  std::vector<std::vector<double>> result{start};
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

/// Error of order h⁴: two central differences with their h² terms cancelled. Too large an h misses what the
/// function does in between, too small a one drowns in rounding; of several, the one on which two neighbours
/// agree best is taken.
double extrapolated(const Function& function, const std::vector<double>& x, std::size_t i) {
  double before = 0;
  double best = 0;
  double least = HUGE_VAL;
  for (const double step : {3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 3e-6, 1e-6, 3e-7, 1e-7, 3e-8}) {
    const double h = step * std::max(1.0, std::fabs(x[i]) / 10);
    const double estimate = (4 * central(function, x, i, h / 2) - central(function, x, i, h)) / 3;
    if (step < 3e-2 && std::fabs(estimate - before) < least) {
      least = std::fabs(estimate - before);
      best = estimate;
    }
    before = estimate;
  }
  return std::isfinite(least) ? best : std::nan("");
}

template <class Reference>
void compare(const std::vector<double>& x, const std::vector<double>& slope, Reference reference,
             GradientCheck& worst) {
  double scale = 1;
  for (const double v : slope) scale = std::max(scale, std::fabs(v));
  const std::size_t stride = std::max<std::size_t>(1, (x.size() + max_coordinates - 1) / max_coordinates);
  for (std::size_t i = 0; i < x.size(); i += stride) {
    const double expected = reference(i);
    if (!std::isfinite(expected)) continue;
    const double error =
        std::isfinite(slope[i]) ? std::fabs(slope[i] - expected) / std::max(scale, std::fabs(expected)) : HUGE_VAL;
    if (error > worst.error || worst.point.empty()) worst = {error, i, slope[i], expected, x};
  }
}

}  // namespace

GradientCheck check_exact_gradient(const Function& function) {
  GradientCheck worst;
  for (const std::vector<double>& x : points(function.spec())) {
    if (!std::isfinite(function.value(x))) continue;
    compare(
        x, function.gradient(x), [&](std::size_t i) { return extrapolated(function, x, i); }, worst);
  }
  return worst;
}

GradientCheck check_given_gradient(const Function& function) {
  GradientCheck worst;
  for (const std::vector<double>& x : points(function.spec())) {
    if (!std::isfinite(function.value(x))) continue;
    const std::vector<double> exact = function.gradient(x);
    compare(
        x, function.given_gradient(x), [&](std::size_t i) { return exact[i]; }, worst);
  }
  return worst;
}

}  // namespace optexplore::analysis
