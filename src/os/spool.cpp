#include "os/spool.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "os/write.hpp"

namespace optexplore::os {
namespace {

/// A chunk this small would make the table of chunks weigh as much as the text it saves.
constexpr std::size_t worthwhile_chunk = 512;

constexpr const char* name = "temporary file";

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
  if (!file_.is_open()) file_ = scratch_file();
  for (Column& column : columns_) {
    if (column.text.empty()) continue;
    write_all_at(file_.get(), column.text, file_size_, name);
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
      const std::size_t wanted = std::min<std::uint64_t>(chunk.size, buffer.size());
      const std::size_t got = read_some_at(file_.get(), buffer.data(), wanted, chunk.offset, name);
      if (got == 0) fail(name, EIO);  // shorter than we made it
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
  if (file_size_ > 0 && ::ftruncate(file_.get(), 0) != 0) fail(name, errno);
  file_size_ = 0;
}

}  // namespace optexplore::os
