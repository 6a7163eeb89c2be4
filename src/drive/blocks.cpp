#include "drive/blocks.hpp"

#include <algorithm>

namespace optexplore::drive {
namespace {

constexpr std::size_t block_bytes = std::size_t{1} << 18U;
/// Sizes are multiples of this where there is a choice: lanes come in fours, and two vectors hide each other's latency.
constexpr std::uint64_t granule = 8;

std::uint64_t quotient_up(std::uint64_t a, std::uint64_t b) { return a / b + (a % b != 0 ? 1 : 0); }

}  // namespace

std::size_t rows_per_block(std::size_t width) {
  return std::max<std::size_t>(1, block_bytes / sizeof(double) / std::max<std::size_t>(width, 1));
}

BlockCutter::BlockCutter(std::uint64_t first, std::uint64_t count, std::uint64_t most, unsigned blocks, bool sounding)
    : first_(first), end_(first + count), small_(sounding && count > granule ? std::min(granule, most) : 0) {
  const std::uint64_t rest = count - small_;
  const std::uint64_t worthwhile = std::min<std::uint64_t>(blocks, quotient_up(rest, granule));
  const std::uint64_t number = std::max({quotient_up(rest, most), worthwhile, std::uint64_t{1}});
  const std::uint64_t even = quotient_up(quotient_up(rest, number), granule) * granule;
  size_ = std::clamp<std::uint64_t>(even, 1, most);
}

std::optional<BlockCutter::Part> BlockCutter::next() {
  if (first_ == end_) return std::nullopt;
  const std::uint64_t wanted = small_ != 0 ? small_ : size_;
  small_ = 0;
  const Part part{first_, std::min(wanted, end_ - first_)};
  first_ += part.count;
  return part;
}

}  // namespace optexplore::drive
