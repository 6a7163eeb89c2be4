#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "os/target.hpp"
#include "os/write.hpp"

namespace optexplore::os {

/// Where bytes go. Nothing counts as written before finish() has returned: a sink destroyed without
/// it drops what it still buffers, and an unfinished file disappears.
class Sink {
 public:
  Sink() = default;
  Sink(const Sink&) = delete;
  Sink& operator=(const Sink&) = delete;
  virtual ~Sink() = default;

  /// Throws IoError when the bytes can't be written, ClosedPipe when nobody reads them any more.
  virtual void write(std::string_view bytes) = 0;
  /// Delivers everything; throws as write() does. Call once, after the last write().
  virtual void finish() = 0;
  /// Instead of finish() when the output ends early: what a file has is kept beside it as FILE.partial, and FILE stays
  /// what it was.
  /// @returns the name of the kept file; empty where bytes go on directly
  virtual std::string keep() {
    finish();
    return "";
  }
};

/// Descriptors, devices and fifos are written directly. A file is written beside its final name under a hidden
/// temporary one and renamed by finish(), so that a reader never sees half of it; it keeps its permissions, and a link
/// keeps pointing where it did. One whose name ends in .gz is compressed. SIGPIPE must be ignored by the process, else
/// a closed pipe kills it.
/// @throws IoError naming the target when it can't be opened, before anything is computed
std::unique_ptr<Sink> open_sink(const Target& target);

/// The sink of what a path means; see find_target().
std::unique_ptr<Sink> open_sink(const std::string& path);

/// A sink that keeps its bytes in memory.
class StringSink : public Sink {
 public:
  void write(std::string_view bytes) override { text += bytes; }
  void finish() override {}

  std::string text;
};

}  // namespace optexplore::os
