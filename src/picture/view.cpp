#include "picture/view.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace optexplore::picture {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
/// Share of its size by which far points may enlarge the view on each side.
constexpr double excursion = 0.5;
/// How much larger known minimizers may make it.
constexpr double far_minimizers = 8;
/// How much longer than needed an axis may become for equal units.
constexpr double stretch = 2.5;
/// What lies this many domains away has run away, whatever f says there (f may have no minimum at all).
constexpr double domains_away = 1;
/// The same for a function without a known domain: f has fallen by this much more than it was.
constexpr double fallen_away = 1e6;
constexpr std::size_t first_points = 5;

/// A rectangle that grows.
struct Box {
  std::array<double, 2> low = {infinity, infinity};
  std::array<double, 2> high = {-infinity, -infinity};

  void add(double x, double y) {
    const std::array<double, 2> point = {x, y};
    for (std::size_t k = 0; k < 2; ++k) {
      low[k] = std::min(low[k], point[k]);
      high[k] = std::max(high[k], point[k]);
    }
  }
  [[nodiscard]] bool empty() const { return !(low[0] <= high[0]); }
  [[nodiscard]] double size(std::size_t k) const { return empty() ? 0 : high[k] - low[k]; }
  [[nodiscard]] double larger() const { return std::max(size(0), size(1)); }
};

bool near_domain(const ViewInput& input, const Sample& point) {
  const std::array<double, 2> p = {point.x, point.y};
  for (std::size_t k = 0; k < 2; ++k) {
    const auto [low, high] = input.domain[k];
    const double more = domains_away * (high - low);
    if (p[k] < low - more || p[k] > high + more) return false;
  }
  return true;
}

/// Starts and the points where f is no greater than there.
Box useful_box(const ViewInput& input) {
  Box box;
  for (const std::vector<Sample>& path : input.paths) {
    if (path.empty()) continue;
    box.add(path.front().x, path.front().y);
    const double deepest = -fallen_away * std::max(1.0, std::fabs(path.front().f));
    for (const Sample& p : path) {
      const bool near = input.has_domain ? near_domain(input, p) : p.f >= deepest;
      if (p.f <= path.front().f && near) box.add(p.x, p.y);
    }
  }
  return box;
}

void add_minimizers(Box& box, const ViewInput& input) {
  const double most = far_minimizers * box.larger();
  Box all = box;
  for (const auto& [x, y] : input.minimizers) all.add(x, y);
  if (box.empty() || box.larger() == 0 || all.larger() <= most) {
    box = all;
    return;
  }
  for (const auto& [x, y] : input.minimizers) {  // those that are near enough, one by one
    Box larger = box;
    larger.add(x, y);
    if (larger.larger() <= most) box = larger;
  }
}

/// When there is only a point: what is known of the neighbourhood.
void widen_point(Box& box, const ViewInput& input) {
  if (box.larger() > 0) return;
  if (input.has_domain) {
    box.add(input.domain[0].low, input.domain[1].low);
    box.add(input.domain[0].high, input.domain[1].high);
    return;
  }
  for (const std::vector<Sample>& path : input.paths)
    for (std::size_t i = 0; i < std::min(path.size(), first_points); ++i) box.add(path[i].x, path[i].y);
  if (box.empty()) box.add(0, 0);
  if (box.larger() > 0) return;
  const double x = box.low[0], y = box.low[1];
  const double reach = std::max({1.0, std::fabs(x) / 2, std::fabs(y) / 2});
  box.add(x - reach, y - reach);
  box.add(x + reach, y + reach);
}

void add_excursions(Box& box, const ViewInput& input) {
  const Box core = box;
  for (const std::vector<Sample>& path : input.paths)
    for (const Sample& p : path) {
      const double more_x = excursion * core.size(0), more_y = excursion * core.size(1);
      box.add(std::clamp(p.x, core.low[0] - more_x, core.high[0] + more_x),
              std::clamp(p.y, core.low[1] - more_y, core.high[1] + more_y));
    }
}

/// An axis along which nothing moves gets a tenth of the other's length; of the value's own size when it stands alone.
void widen_flat(Box& box) {
  for (std::size_t k = 0; k < 2; ++k) {
    const double least = 0.1 * box.size(1 - k);
    // Below these only rounding moves.
    const double rounding =
        std::max(1e-9 * std::max(std::fabs(box.low[k]), std::fabs(box.high[k])), 1e-12 * box.size(1 - k));
    if (box.size(k) > rounding) continue;
    const double middle = box.low[k] / 2 + box.high[k] / 2;
    const double half = std::max({least / 2, std::fabs(middle) * 1e-6, 1e-12});
    box.low[k] = middle - half;
    box.high[k] = middle + half;
  }
}

void lengthen(Interval& range, double length) {
  const double middle = range.low / 2 + range.high / 2;
  range = {middle - length / 2, middle + length / 2};
}

}  // namespace

View fit_view(const ViewInput& input) {
  Box box = useful_box(input);
  add_minimizers(box, input);
  widen_point(box, input);
  add_excursions(box, input);
  widen_flat(box);

  constexpr double margin = 0.08;
  View view;
  for (std::size_t k = 0; k < 2; ++k) {
    const double more = margin * box.size(k);
    view.range[k] = {box.low[k] - more, box.high[k] + more};
  }
  const double width = view.range[0].high - view.range[0].low, height = view.range[1].high - view.range[1].low;
  const double needed = width / height / input.aspect;  // above 1: the height must grow
  view.equal = input.same_unit && needed <= stretch && needed >= 1 / stretch;
  if (view.equal) {
    if (needed > 1)
      lengthen(view.range[1], height * needed);
    else
      lengthen(view.range[0], width / needed);
  }
  return view;
}

bool fits_logarithm(std::vector<double> values) {
  constexpr double least_span = 50, widest_gap = 1e5;
  if (std::ranges::any_of(values, [](double v) { return v < 0; })) return false;
  std::erase_if(values, [](double v) { return !(v > 0); });
  if (values.empty()) return false;
  std::ranges::sort(values, std::greater<>());
  std::size_t last = 0;
  while (last + 1 < values.size() && values[last] / values[last + 1] < widest_gap) ++last;
  return values.front() / values[last] > least_span;
}

Interval fit_interval(std::span<const double> values, double margin) {
  double low = infinity, high = -infinity;
  for (const double v : values) {
    if (!std::isfinite(v)) continue;
    low = std::min(low, v);
    high = std::max(high, v);
  }
  if (!(low <= high)) return {0, 1};
  if (low == high) return {low - std::max(1.0, std::fabs(low) / 2), high + std::max(1.0, std::fabs(high) / 2)};
  const double more = margin * (high - low);
  return {low - more, high + more};
}

}  // namespace optexplore::picture
