#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>

/// The system's read and write may be interrupted, and write may take a part only. These go on until it is done.
namespace optexplore::os {

/// The reader of a pipe has gone (`| head`). Not an error: the command line ends quietly with
/// status 0.
class ClosedPipe : public std::exception {
 public:
  [[nodiscard]] const char* what() const noexcept override { return "closed pipe"; }
};

/// Writes everything.
/// @param name  what messages call the file
/// @throws IoError when it can't be written, ClosedPipe when nobody reads it any more
void write_all(int fd, std::string_view bytes, const std::string& name);

/// Writes everything at an offset of the file, wherever it stands.
void write_all_at(int fd, std::string_view bytes, std::uint64_t offset, const std::string& name);

/// Reads up to `size` bytes; returns how many, 0 at the end. Throws IoError.
std::size_t read_some(int fd, char* buffer, std::size_t size, const std::string& name);

/// The same at an offset of the file, wherever it stands.
std::size_t read_some_at(int fd, char* buffer, std::size_t size, std::uint64_t offset, const std::string& name);

/// Gathers small writes to a descriptor that someone else closes. Not stdio: its last flush can fail unnoticed, and
/// this tool promises that a full disk is always an error.
class BufferedWriter {
 public:
  BufferedWriter(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}

  /// Throws as write_all() does. Pieces aren't cut: where one write ends, a piece ends.
  void write(std::string_view bytes);
  /// Delivers what is buffered.
  void flush();

  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  int fd_;
  std::string name_;
  std::string buffer_;
};

}  // namespace optexplore::os
