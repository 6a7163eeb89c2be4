#include "os/partial.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optexplore/error.hpp>
#include <sstream>

namespace optexplore::os {
namespace {

constexpr std::size_t buffer_bytes = 1 << 16;

[[noreturn]] void fail(const std::string& name, int error) { throw IoError(name + ": " + std::strerror(error)); }

void write_all_bytes(int fd, std::string_view bytes, const std::string& name) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written >= 0)
      bytes.remove_prefix(static_cast<std::size_t>(written));
    else if (errno != EINTR)
      fail(name, errno);
  }
}

/// The first line in which two texts differ: what the one has, and the other.
std::pair<std::string, std::string> first_difference(const std::string& a, const std::string& b) {
  std::istringstream one(a), two(b);
  std::string left, right;
  while (true) {
    const bool more_left = static_cast<bool>(std::getline(one, left));
    const bool more_right = static_cast<bool>(std::getline(two, right));
    if (!more_left) left = "nothing";
    if (!more_right) right = "nothing";
    if (left != right || (!more_left && !more_right)) break;
  }
  const auto trimmed = [](std::string text) {
    text.erase(0, text.find_first_not_of(" \t"));
    if (text.ends_with(',')) text.pop_back();
    return text;
  };
  return {trimmed(left), trimmed(right)};
}

}  // namespace

PartialFile::PartialFile(const std::string& path, const std::string& identity, bool resume)
    : path_(path), partial_(path + ".partial"), identity_file_(path + ".partial.id") {
  const bool exists = std::filesystem::exists(partial_);
  if (exists && !resume)
    throw InputError("exists from an earlier sweep; --resume continues it, removing it starts again", "", partial_);
  if (::access(path.c_str(), F_OK) == 0 && ::access(path.c_str(), W_OK) != 0) fail(path, errno);
  if (std::filesystem::is_directory(path)) fail(path, EISDIR);
  if (exists) {
    std::ifstream file(identity_file_, std::ios::binary);
    if (!file)
      throw InputError("nothing says what it belongs to (" + identity_file_ + " is missing); remove it to start again",
                       "", partial_);
    std::ostringstream text;
    text << file.rdbuf();
    if (text.str() != identity) {
      const auto [theirs, ours] = first_difference(text.str(), identity);
      throw InputError("belongs to another experiment: it has " + theirs + ", this one " + ours, "", partial_);
    }
    scan();
  } else {
    const int id = ::open(identity_file_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (id < 0) fail(identity_file_, errno);
    try {
      write_all_bytes(id, identity, identity_file_);
    } catch (...) {
      ::close(id);
      throw;
    }
    if (::close(id) != 0) fail(identity_file_, errno);
  }
  fd_ = ::open(partial_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (fd_ < 0) fail(partial_, errno);
  // Two processes on one file would mix their rows.
  if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) throw IoError(partial_ + ": another process is writing it");
  if (::ftruncate(fd_, static_cast<off_t>(bytes_)) != 0) fail(partial_, errno);
  if (::lseek(fd_, 0, SEEK_END) < 0) fail(partial_, errno);
}

PartialFile::~PartialFile() {
  if (fd_ >= 0) ::close(fd_);
}

void PartialFile::fail_damaged(const std::string& what) const {
  throw InputError("is damaged: " + what + "; remove it to start again", "", partial_);
}

/// Finds the complete lines; what follows the last of them was cut off by the end of the process.
void PartialFile::scan() {
  std::ifstream file(partial_, std::ios::binary);
  if (!file) fail(partial_, errno);
  std::string chunk(1 << 20, '\0'), line;
  while (file) {
    file.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    const std::string_view got(chunk.data(), static_cast<std::size_t>(file.gcount()));
    for (std::size_t begin = 0; begin < got.size();) {
      const std::size_t end = got.find('\n', begin);
      line += got.substr(begin, end == std::string_view::npos ? end : end - begin);
      if (end == std::string_view::npos) break;
      begin = end + 1;
      bytes_ += line.size() + 1;
      read_line(std::move(line));
      line.clear();
    }
  }
}

void PartialFile::read_line(std::string line) {
  ++lines_;
  if (line.empty() || line.find('\0') != std::string::npos)
    fail_damaged("line " + std::to_string(lines_) + " is empty or has zero bytes");
  if (first_.size() < kept_lines) first_.push_back(line);
  if (last_.size() == kept_lines) last_.erase(last_.begin());
  last_.push_back(std::move(line));
}

void PartialFile::write(std::string_view bytes) {
  buffer_ += bytes;
  if (buffer_.size() < buffer_bytes) return;
  const std::string delivered = std::exchange(buffer_, {});
  write_all_bytes(fd_, delivered, partial_);
}

void PartialFile::finish() {
  write_all_bytes(fd_, buffer_, partial_);
  buffer_.clear();
}

void PartialFile::complete() {
  finish();
  if (::fsync(fd_) != 0 && errno != EINVAL) fail(partial_, errno);
  if (::close(std::exchange(fd_, -1)) != 0 && errno != EINTR) fail(partial_, errno);
  if (::rename(partial_.c_str(), path_.c_str()) != 0) fail(path_, errno);
  ::unlink(identity_file_.c_str());
}

}  // namespace optexplore::os
