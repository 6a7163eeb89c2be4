#include "os/write.hpp"

#include <unistd.h>

#include <cerrno>

#include "os/descriptor.hpp"

namespace optexplore::os {
namespace {

constexpr std::size_t buffer_bytes = 1 << 16;

/// Calls `step(bytes)`, which writes a part of them, until nothing is left.
template <class Step>
void deliver(std::string_view bytes, const std::string& name, Step step) {
  while (!bytes.empty()) {
    const ssize_t written = step(bytes);
    if (written >= 0)
      bytes.remove_prefix(static_cast<std::size_t>(written));
    else if (errno == EPIPE)
      throw ClosedPipe();
    else if (errno != EINTR)
      fail(name, errno);
  }
}

template <class Step>
std::size_t receive(const std::string& name, Step step) {
  for (;;) {
    const ssize_t got = step();
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) fail(name, errno);
  }
}

}  // namespace

void write_all(int fd, std::string_view bytes, const std::string& name) {
  deliver(bytes, name, [fd](std::string_view rest) { return ::write(fd, rest.data(), rest.size()); });
}

void write_all_at(int fd, std::string_view bytes, std::uint64_t offset, const std::string& name) {
  const char* const begin = bytes.data();
  deliver(bytes, name, [&](std::string_view rest) {
    return ::pwrite(fd, rest.data(), rest.size(), static_cast<off_t>(offset) + (rest.data() - begin));
  });
}

std::size_t read_some(int fd, char* buffer, std::size_t size, const std::string& name) {
  return receive(name, [&] { return ::read(fd, buffer, size); });
}

std::size_t read_some_at(int fd, char* buffer, std::size_t size, std::uint64_t offset, const std::string& name) {
  return receive(name, [&] { return ::pread(fd, buffer, size, static_cast<off_t>(offset)); });
}

void BufferedWriter::write(std::string_view bytes) {
  if (buffer_.size() + bytes.size() > buffer_bytes) flush();
  if (bytes.size() >= buffer_bytes)
    write_all(fd_, bytes, name_);
  else
    buffer_ += bytes;
}

void BufferedWriter::flush() {
  write_all(fd_, buffer_, name_);
  buffer_.clear();
}

}  // namespace optexplore::os
