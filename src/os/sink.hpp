#pragma once

#include <exception>
#include <memory>
#include <string>
#include <string_view>

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
};

/// The reader of a pipe has gone (`| head`). Not an error: the command line ends quietly with
/// status 0.
class ClosedPipe : public std::exception {
 public:
  [[nodiscard]] const char* what() const noexcept override { return "closed pipe"; }
};

/// Standard output. SIGPIPE must be ignored by the process, else a closed pipe kills it.
std::unique_ptr<Sink> stdout_sink();

/// A file, written beside its final name under a hidden temporary one and renamed by finish(), so
/// that a reader never sees half of it. An existing file keeps its permissions; a link keeps
/// pointing where it did. Devices and fifos are written directly. Throws IoError naming the path
/// when the file can't be created, before anything is computed.
std::unique_ptr<Sink> file_sink(const std::string& path);

/// stdout_sink() for "-" and "/dev/stdout", otherwise file_sink(path).
std::unique_ptr<Sink> open_sink(const std::string& path);

/// A sink that keeps its bytes in memory.
class StringSink : public Sink {
 public:
  void write(std::string_view bytes) override { text += bytes; }
  void finish() override {}

  std::string text;
};

/// Removes the temporary files of this process. Only for a signal handler that ends the process: it
/// is async-signal-safe, and the sinks whose files are gone will fail.
void remove_unfinished_files() noexcept;

}  // namespace optexplore::os
