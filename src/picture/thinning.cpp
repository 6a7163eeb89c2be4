#include "picture/thinning.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace optexplore::picture {
namespace {

constexpr std::size_t window_rows = 4096;
/// Beyond this many pixels a place is as good as another, and squares don't overflow.
constexpr double far_pixels = 1e7;

struct Pixel {
  double x, y;
};

double squared_distance(const Pixel& p, const Pixel& a, const Pixel& b) {
  const double dx = b.x - a.x, dy = b.y - a.y;
  const double length = dx * dx + dy * dy;
  const double along = length > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0.0, 1.0) : 0.0;
  const double ex = p.x - a.x - along * dx, ey = p.y - a.y - along * dy;
  return ex * ex + ey * ey;
}

/// Marks which of the pixels between `first` and `last` must stay.
void mark(const std::vector<Pixel>& pixels, std::size_t first, std::size_t last, double tolerance,
          std::vector<bool>& stays) {
  std::vector<std::pair<std::size_t, std::size_t>> open = {{first, last}};
  while (!open.empty()) {
    const auto [a, b] = open.back();
    open.pop_back();
    double most = tolerance * tolerance;
    std::size_t farthest = 0;
    for (std::size_t i = a + 1; i < b; ++i) {
      const double d = squared_distance(pixels[i], pixels[a], pixels[b]);
      if (d <= most) continue;
      most = d;
      farthest = i;
    }
    if (farthest == 0) continue;
    stays[farthest] = true;
    open.emplace_back(a, farthest);
    open.emplace_back(farthest, b);
  }
}

}  // namespace

PathThinner::PathThinner(std::array<double, 2> scale, double tolerance, std::size_t width, std::size_t most)
    : scale_(scale), tolerance_(tolerance), width_(width), most_(most) {}

void PathThinner::add(std::span<const double> row, bool needed) {
  window_.values.insert(window_.values.end(), row.begin(), row.end());
  window_.needed.push_back(needed);
  if (window_.needed.size() == window_rows) compress();
}

PathThinner::Rows PathThinner::thinned(const Rows& rows) const {
  const std::size_t n = rows.needed.size();
  if (n == 0) return {};
  std::vector<Pixel> pixels(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double* row = rows.values.data() + i * width_;
    pixels[i] = {std::clamp(row[1] * scale_[0], -far_pixels, far_pixels),
                 std::clamp(row[2] * scale_[1], -far_pixels, far_pixels)};
  }
  std::vector<bool> stays = rows.needed;
  stays.front() = stays.back() = true;
  std::size_t first = 0;
  for (std::size_t i = 1; i < n; ++i) {
    if (i + 1 < n && !rows.needed[i]) continue;
    mark(pixels, first, i, tolerance_, stays);
    first = i;
  }
  Rows result;
  for (std::size_t i = 0; i < n; ++i) {
    if (!stays[i]) continue;
    const auto row = rows.values.begin() + static_cast<std::ptrdiff_t>(i * width_);
    result.values.insert(result.values.end(), row, row + static_cast<std::ptrdiff_t>(width_));
    result.needed.push_back(rows.needed[i]);
  }
  return result;
}

/// The window's last row stays in it, as the first of the next one.
void PathThinner::compress() {
  Rows rows = thinned(window_);
  const std::size_t whole = rows.needed.size() - 1;
  const auto last = rows.values.begin() + static_cast<std::ptrdiff_t>(whole * width_);
  kept_.values.insert(kept_.values.end(), rows.values.begin(), last);
  kept_.needed.insert(kept_.needed.end(), rows.needed.begin(), rows.needed.end() - 1);
  window_.values.assign(last, rows.values.end());
  window_.needed.assign(1, rows.needed.back());
  while (kept_.needed.size() > most_ &&
         static_cast<std::size_t>(std::count(kept_.needed.begin(), kept_.needed.end(), true)) < most_ / 2) {
    tolerance_ *= 2;
    kept_ = thinned(kept_);
  }
}

std::vector<double> PathThinner::finish() {
  if (!window_.needed.empty()) {
    compress();
    kept_.values.insert(kept_.values.end(), window_.values.begin(), window_.values.end());
  }
  window_ = {};
  return std::exchange(kept_, {}).values;
}

void CurveThinner::merge(Interval& into, const Interval& later) {
  into.last = later.last;
  if (later.least[1] < into.least[1]) into.least = later.least;
  if (later.greatest[1] > into.greatest[1]) into.greatest = later.greatest;
}

void CurveThinner::add(double step, double value) {
  if (!std::isfinite(value)) return;
  const Point point = {step, value};
  const Interval one = {point, point, point, point};
  const auto [at, fresh] = points_.try_emplace(static_cast<std::uint64_t>(step / width_), one);
  if (!fresh) merge(at->second, one);
  while (points_.size() > intervals_) {  // intervals of twice the width
    width_ *= 2;
    std::map<std::uint64_t, Interval> wider;
    for (const auto& [index, interval] : points_) {
      const auto [into, first] = wider.try_emplace(index / 2, interval);
      if (!first) merge(into->second, interval);
    }
    points_ = std::move(wider);
  }
}

std::vector<std::array<double, 2>> CurveThinner::points() const {
  std::vector<Point> result;
  for (const auto& [index, interval] : points_) {
    std::array<Point, 4> four = {interval.first, interval.least, interval.greatest, interval.last};
    std::sort(four.begin(), four.end());
    for (const Point& point : four)
      if (result.empty() || result.back()[0] < point[0]) result.push_back(point);
  }
  return result;
}

}  // namespace optexplore::picture
