#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "backend/interpreter/bound.hpp"

namespace optexplore::backend {

/// When and how long vectors are taken in tiles; the bits don't depend on it.
struct Tiling {
  std::size_t tile = 1024;          ///< elements, a multiple of 8: 8 kB per operand, some ten of them in the L2 cache
  std::size_t shortest = 4 * 1024;  ///< below this, everything is in the cache anyway
  std::size_t longest_lag = 1024;
};

/// Instructions of long vectors that are executed tile by tile, so that what one writes is still in the cache when the
/// next one reads it. Element e of an instruction is computed `lag` elements later than element e of the first: by as
/// much as it reads ahead of what an earlier one writes (x[2:n] beside x[1:n-1]), or an earlier one reads what it
/// overwrites. What nobody reads after the group lives in a buffer of little more than a tile and never goes to memory.
/// The bits are those of executing one instruction after another.
struct TileGroup {
  /// A stretch of memory that is replaced by a window: at the tile that begins at element `from`, the window begins at
  /// the stretch's element from - oldest. What is still needed moves to its front before the next tile.
  struct Buffer {
    const double* first = nullptr;
    std::ptrdiff_t oldest = 0;
    std::size_t kept = 0;  ///< elements that the next tile still needs
    mutable std::vector<double> window;
  };
  static constexpr int in_memory = -1;

  std::size_t begin = 0;  ///< instructions begin … end-1
  std::size_t end = 0;
  struct Part {
    std::size_t lag = 0;
    int out = in_memory;  ///< a buffer
    int args[3] = {in_memory, in_memory, in_memory};
  };
  std::vector<Part> parts;
  std::vector<Buffer> buffers;
  std::size_t tile = 0;
};

/// The groups of a code, in order; instructions between them are in none. A group has a limited number of
/// instructions, so that the time is proportional to the length of the code.
std::vector<TileGroup> find_tile_groups(const std::vector<Bound>& code, const Tiling& tiling);

/// Executes one group.
void execute_tiles(const std::vector<Bound>& code, const TileGroup& group);

}  // namespace optexplore::backend
