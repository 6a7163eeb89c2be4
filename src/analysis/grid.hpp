#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optexplore/experiment.hpp>
#include <optexplore/run.hpp>
#include <optional>
#include <string>
#include <vector>

#include "backend/backend.hpp"

namespace optexplore::analysis {

/// A regular grid over two coordinates; the others keep the value that `at` has for them.
struct GridSpec {
  std::array<std::size_t, 2> axes = {0, 1};  ///< coordinates, from 0
  std::array<Interval, 2> ranges;
  std::array<std::size_t, 2> counts = {101, 101};  ///< at least 2
  std::vector<double> at;                          ///< dim elements
  std::vector<ColumnSpec> columns;                 ///< beside the two coordinates
  std::optional<double> log_above = {};            ///< one more column, log_f = log10(f - this), -inf below it
};

/// A function on a grid, compiled. Lines of constant second coordinate, from the lowest; in a line the first
/// coordinate grows. Immutable; lines may be computed on several threads at once.
class Grid {
 public:
  /// Throws InputError for a column that can't be built or that needs steps.
  Grid(const FunctionSpec& function, GridSpec spec);

  /// The two coordinates by their names, then the columns that were asked for.
  [[nodiscard]] const Schema& schema() const { return schema_; }
  [[nodiscard]] std::size_t line_length() const { return spec_.counts[0]; }
  [[nodiscard]] std::size_t lines() const { return spec_.counts[1]; }

  /// The rows of `count` lines from line `first` (from 0) on.
  [[nodiscard]] Block compute(std::size_t first, std::size_t count) const;

 private:
  [[nodiscard]] double coordinate(std::size_t axis, std::size_t index) const;

  GridSpec spec_;
  std::shared_ptr<const backend::Executable> program_;
  Schema schema_;
  std::shared_ptr<const std::vector<Values>> columns_;
};

}  // namespace optexplore::analysis
