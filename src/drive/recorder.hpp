#pragma once

#include <cstdint>
#include <optexplore/table.hpp>
#include <span>
#include <vector>

#include "drive/driver.hpp"

namespace optexplore::drive {

/// Where what changes from row to row stands in a row of Block::numbers.
struct RowLayout {
  std::size_t width = 0;                 ///< numbers in a row
  std::vector<std::size_t> node_places;  ///< of each node cell of the plan, in order
  std::vector<std::size_t> step_places;
};

/// All recorded rows of one run.
struct RecordedRun {
  std::size_t rows = 0;
  std::vector<double> numbers;  ///< row by row
  Ending ending;
};

/// Records runs of a plan side by side, as lanes of one block.
/// @param every  which steps, besides the last
std::vector<RecordedRun> record(const study::Plan& plan, const RowLayout& layout, std::span<const std::uint64_t> runs,
                                std::uint64_t every, Control control = {});

/// One run whose rows are too many to be held, piece by piece.
class Trajectory {
 public:
  /// The referents must outlive it.
  Trajectory(const study::Plan& plan, const RowLayout& layout, std::uint64_t run, std::uint64_t every,
             Control control = {})
      : plan_(plan), layout_(layout), run_(run), driver_(plan, {&run, 1}, every, control) {}

  /// Appends up to `most` rows to the block's numbers and sets its rows and, with the last one, its ending.
  void fill(Block& block, std::size_t most);

 private:
  const study::Plan& plan_;
  const RowLayout& layout_;
  std::uint64_t run_;
  Driver driver_;
};

}  // namespace optexplore::drive
