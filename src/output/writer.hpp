#pragma once

#include <optexplore/table.hpp>
#include <optional>
#include <string>
#include <vector>

#include "os/sink.hpp"

namespace optexplore::output {

struct WriteOptions {
  bool header = true;                           ///< write the line of column names, in formats that have one
  std::optional<int> precision = std::nullopt;  ///< significant digits 1…17; none: shortest text that reads back
};

/// A block turned into text (or bytes): one part, or one per column in columnar formats.
using Parts = std::vector<std::string>;

/// Writes a table in one format; its schema and the options are known from the start. render() may run on several
/// threads at once; begin(), write() and end() run on one thread at a time, and see the blocks in order.
class Writer {
 public:
  Writer() = default;
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  virtual ~Writer() = default;

  virtual void begin(os::Sink& sink) = 0;
  [[nodiscard]] virtual Parts render(const Block& block) const = 0;
  /// @param block  what was rendered; its numbers are gone
  virtual void write(const Block& block, Parts parts, os::Sink& sink) = 0;
  virtual void end(os::Sink& sink) = 0;
};

/// A writer whose blocks are independent of one another: rows of text, nothing to keep.
class RowWriter : public Writer {
 public:
  void begin(os::Sink&) override {}
  void write(const Block&, Parts parts, os::Sink& sink) override { sink.write(parts.front()); }
  void end(os::Sink&) override {}
};

}  // namespace optexplore::output
