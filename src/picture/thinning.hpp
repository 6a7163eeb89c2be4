#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace optexplore::picture {

/// Thins a path while it streams by: a row is left out only when the lines between the rows that stay pass within
/// `tolerance` pixels of it (Ramer–Douglas–Peucker, in windows of some thousand rows); the first and the last row and
/// those marked as needed always stay. When more than `most` rows would remain, the tolerance doubles, and what is left
/// out lies within twice the final one.
class PathThinner {
 public:
  /// @param scale  pixels per unit of the two coordinates
  /// @param width  numbers in a row; numbers 1 and 2 are the coordinates
  PathThinner(std::array<double, 2> scale, double tolerance, std::size_t width, std::size_t most);

  void add(std::span<const double> row, bool needed = false);
  /// What stays, row after row. The thinner is empty afterwards.
  [[nodiscard]] std::vector<double> finish();
  /// The tolerance that was needed in the end.
  [[nodiscard]] double tolerance() const { return tolerance_; }

 private:
  struct Rows {
    std::vector<double> values;
    std::vector<bool> needed;
  };
  [[nodiscard]] Rows thinned(const Rows& rows) const;
  void compress();

  std::array<double, 2> scale_;
  double tolerance_;
  std::size_t width_;
  std::size_t most_;
  Rows kept_;
  Rows window_;
};

/// Thins a curve over the step while it streams by: of each of some hundred intervals of steps it keeps the first, the
/// last, the least and the greatest value, so the drawn curve covers the same pixels.
class CurveThinner {
 public:
  explicit CurveThinner(std::size_t intervals) : intervals_(intervals) {}

  /// Steps rise. Values that are not finite are left out.
  void add(double step, double value);
  [[nodiscard]] std::vector<std::array<double, 2>> points() const;

 private:
  using Point = std::array<double, 2>;
  struct Interval {
    Point first, last, least, greatest;
  };
  static void merge(Interval& into, const Interval& later);

  std::size_t intervals_;
  double width_ = 1;  ///< in steps
  std::map<std::uint64_t, Interval> points_;
};

}  // namespace optexplore::picture
