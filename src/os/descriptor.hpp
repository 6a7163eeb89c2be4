#pragma once

#include <string>
#include <utility>

namespace optexplore::os {

/// Throws IoError: "name: No such file or directory".
/// @param error  an errno
[[noreturn]] void fail(const std::string& name, int error);

/// Owns a file descriptor, which is closed with it.
class Descriptor {
 public:
  Descriptor() = default;
  /// @param fd  -1 for none
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor();

  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  [[nodiscard]] int get() const { return fd_; }

  /// Closes it now, since some file systems (NFS, quotas) report a failed write only here.
  /// @throws IoError about `name`
  void close(const std::string& name);

 private:
  int fd_ = -1;
};

/// A file without a name, for reading and writing, gone when it is closed. Never one of the standard streams, so that
/// it can become one of a child.
/// @throws IoError
Descriptor scratch_file();

}  // namespace optexplore::os
