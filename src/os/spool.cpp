#include "os/spool.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optexplore/error.hpp>

namespace optexplore::os {
namespace {

/// A chunk this small would make the table of chunks weigh as much as the text it saves.
constexpr std::size_t worthwhile_chunk = 512;

[[noreturn]] void fail(int error) { throw IoError(std::string("temporary file: ") + std::strerror(error)); }

void write_at(int fd, std::string_view bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
}

/// Reads up to `buffer.size()` bytes, at least one.
std::size_t read_at(int fd, std::string& buffer, std::uint64_t size, std::uint64_t offset) {
  const std::size_t wanted = std::min<std::uint64_t>(size, buffer.size());
  for (;;) {
    const ssize_t got = ::pread(fd, buffer.data(), wanted, static_cast<off_t>(offset));
    if (got > 0) return static_cast<std::size_t>(got);
    if (got == 0) fail(EIO);  // shorter than we made it
    if (errno != EINTR) fail(errno);
  }
}

}  // namespace

Spool::Spool(std::size_t columns, std::size_t limit) : limit_(limit) { reset(columns); }

void Spool::append(std::size_t column, std::string_view text) {
  columns_[column].text += text;
  in_memory_ += text.size();
  if (in_memory_ > std::max(limit_, columns_.size() * worthwhile_chunk)) spill();
}

bool Spool::empty(std::size_t column) const {
  return columns_[column].spilled.empty() && columns_[column].text.empty();
}

void Spool::spill() {
  if (!file_) {
    file_.reset(std::tmpfile());
    if (!file_) fail(errno);
  }
  for (Column& column : columns_) {
    if (column.text.empty()) continue;
    write_at(::fileno(file_.get()), column.text, file_size_);
    column.spilled.push_back({file_size_, column.text.size()});
    file_size_ += column.text.size();
    column.text.clear();
  }
  in_memory_ = 0;
}

void Spool::copy_to(std::size_t column, Sink& sink) {
  std::string buffer;
  for (Chunk chunk : columns_[column].spilled) {
    buffer.resize(1 << 18);
    while (chunk.size > 0) {
      const std::size_t got = read_at(::fileno(file_.get()), buffer, chunk.size, chunk.offset);
      sink.write({buffer.data(), got});
      chunk.offset += got;
      chunk.size -= got;
    }
  }
  sink.write(columns_[column].text);
}

void Spool::reset(std::size_t columns) {
  for (Column& column : columns_) {
    column.spilled.clear();
    column.text.clear();
  }
  columns_.resize(columns);
  in_memory_ = 0;
  if (file_size_ > 0 && ::ftruncate(::fileno(file_.get()), 0) != 0) fail(errno);
  file_size_ = 0;
}

}  // namespace optexplore::os
