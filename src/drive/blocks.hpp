#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace optexplore::drive {

/// How many rows of `width` numbers make a block of a table. Some blocks for each thread are held at once, as numbers
/// and as several times as much text: that must not grow with the width.
std::size_t rows_per_block(std::size_t width);

/// Cuts runs first … first+count-1, or other like pieces of work, into blocks to be done together, of nearly equal
/// size.
class BlockCutter {
 public:
  struct Part {
    std::uint64_t first = 0;
    std::uint64_t count = 0;
  };

  /// @param most     in a block, at least 1
  /// @param blocks   how many blocks there should be at least: one for each thread
  /// @param sounding whether the first one is small, to tell quickly what the work costs; see run_in_order()
  BlockCutter(std::uint64_t first, std::uint64_t count, std::uint64_t most, unsigned blocks, bool sounding);

  /// The next block, or nothing at the end.
  std::optional<Part> next();

 private:
  std::uint64_t first_;
  std::uint64_t end_;
  std::uint64_t small_;  ///< the size of the first block; 0: as the others
  std::uint64_t size_;
};

}  // namespace optexplore::drive
