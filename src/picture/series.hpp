#pragma once

#include <optexplore/run.hpp>
#include <string>
#include <vector>

#include "picture/gnuplot/palette.hpp"

namespace optexplore::picture {

/// The trajectories that look alike and share a line of the legend: those of one optimizer with one setting.
struct Series {
  std::string label;          ///< "Adam", "Adam, lr = 0.1"
  std::size_t optimizer = 0;  ///< its number in the experiment
  Style style;
};

/// Sorts trajectories into series.
class SeriesBook {
 public:
  /// `experiment` must outlive the book.
  explicit SeriesBook(const Experiment& experiment);

  /// The number of the trajectory's series, which is made when it is new.
  std::size_t of(const Group& trajectory);
  [[nodiscard]] const std::vector<Series>& all() const { return series_; }

 private:
  const Experiment* experiment_;
  bool by_setting_ = true;  ///< else there are too many settings to tell them apart: one series per optimizer
  std::vector<Series> series_;
};

}  // namespace optexplore::picture
