#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "os/descriptor.hpp"
#include "os/sink.hpp"

namespace optexplore::os {

/// Text that must wait because something that is known only later stands before it in the output.
/// Holds several columns that grow side by side: in memory up to a bound, beyond it in one unlinked
/// temporary file, so that memory does not grow with the length of a trajectory.
class Spool {
 public:
  /// @param limit  bytes held in memory, over all columns
  explicit Spool(std::size_t columns, std::size_t limit = 8 << 20);

  /// Throws IoError when the temporary file can't be written.
  void append(std::size_t column, std::string_view text);

  [[nodiscard]] bool empty(std::size_t column) const;

  /// Writes all that was appended to a column.
  void copy_to(std::size_t column, Sink& sink);

  /// Forgets everything and starts anew with this number of columns.
  void reset(std::size_t columns);

 private:
  struct Chunk {
    std::uint64_t offset;
    std::uint64_t size;
  };
  struct Column {
    std::vector<Chunk> spilled;  ///< in the file, in order
    std::string text;            ///< what follows them
  };

  void spill();

  std::vector<Column> columns_;
  std::size_t limit_;
  std::size_t in_memory_ = 0;
  Descriptor file_;  ///< made when it is needed
  std::uint64_t file_size_ = 0;
};

}  // namespace optexplore::os
