#pragma once

#include <cstdint>
#include <map>

namespace optexplore::compile {

/// Hands out intervals of rows in one space, lowest first, and takes them back.
class Registers {
 public:
  std::uint32_t take(std::uint32_t rows) {
    rows = rounded(rows);
    for (auto it = free_.begin(); it != free_.end(); ++it) {
      const auto [offset, length] = *it;
      if (length < rows) continue;
      free_.erase(it);
      if (length > rows) free_.emplace(offset + rows, length - rows);
      return offset;
    }
    const std::uint32_t offset = size_;
    size_ += rows;
    return offset;
  }

  void give_back(std::uint32_t offset, std::uint32_t rows) {
    rows = rounded(rows);
    auto next = free_.lower_bound(offset);
    if (next != free_.end() && offset + rows == next->first) {
      rows += next->second;
      next = free_.erase(next);
    }
    if (next != free_.begin()) {
      const auto before = std::prev(next);
      if (before->first + before->second == offset) {
        before->second += rows;
        return;
      }
    }
    free_.emplace(offset, rows);
  }

  [[nodiscard]] std::uint32_t size() const { return size_; }

 private:
  /// Long vectors begin at a cache line when one lane has the memory for itself: unaligned ones take half as long
  /// again.
  static std::uint32_t rounded(std::uint32_t rows) { return rows < 64 ? rows : (rows + 7) / 8 * 8; }

  std::map<std::uint32_t, std::uint32_t> free_;  ///< offset → length, never touching each other
  std::uint32_t size_ = 0;
};

}  // namespace optexplore::compile
