#include "os/partial.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optexplore/error.hpp>
#include <sstream>

#include "os/gzip.hpp"
#include "os/lock.hpp"

namespace optexplore::os {
namespace {

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

PartialFile::PartialFile(const Target& target, const std::string& identity, bool resume)
    : target_(target),
      partial_(target.path + ".partial"),
      identity_file_(target.path + ".partial.id"),
      file_(open(resume)),
      writer_(file_.get(), partial_) {
  switch (try_lock(file_.get(), partial_)) {
    case Lock::held: break;
    case Lock::busy: throw IoError(partial_ + ": another process is writing it");
    case Lock::unsupported: fail(partial_, ENOLCK);
  }
  struct stat status {};
  if (::fstat(file_.get(), &status) != 0) fail(partial_, errno);
  if (status.st_size == 0)
    begin(identity);
  else
    resume_rows(identity);
}

/// Opens FILE.partial, or creates it with the permissions that FILE has.
Descriptor PartialFile::open(bool resume) const {
  constexpr int flags = O_RDWR | O_CLOEXEC;
  Descriptor created(::open(partial_.c_str(), flags | O_CREAT | O_EXCL, 0666));
  if (created.is_open()) {
    if (target_.mode && ::fchmod(created.get(), *target_.mode) != 0) fail(target_.name, errno);
    return created;
  }
  if (errno != EEXIST) fail(target_.name, errno);  // a missing folder: the user knows that name only
  if (!resume)
    throw InputError("exists already; --resume continues an earlier sweep, removing it starts again", "", partial_);
  Descriptor existing(::open(partial_.c_str(), flags));
  if (!existing.is_open()) fail(partial_, errno);
  return existing;
}

void PartialFile::begin(const std::string& identity) {
  try {
    Descriptor file(::open(identity_file_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
    if (!file.is_open()) fail(identity_file_, errno);
    write_all(file.get(), identity, identity_file_);
    file.close(identity_file_);
  } catch (...) {  // nothing is lost with an empty file
    ::unlink(partial_.c_str());
    ::unlink(identity_file_.c_str());
    throw;
  }
}

void PartialFile::resume_rows(const std::string& identity) {
  check_identity(identity);
  scan();
  if (::ftruncate(file_.get(), static_cast<off_t>(bytes_)) != 0) fail(partial_, errno);
  if (::lseek(file_.get(), 0, SEEK_END) < 0) fail(partial_, errno);
}

void PartialFile::check_identity(const std::string& identity) const {
  std::ifstream file(identity_file_, std::ios::binary);
  if (!file)
    throw InputError("nothing says what it belongs to (" + identity_file_ + " is missing); remove it to start again",
                     "", partial_);
  std::ostringstream text;
  text << file.rdbuf();
  if (text.str() == identity) return;
  const auto [theirs, ours] = first_difference(text.str(), identity);
  throw InputError("belongs to another experiment: it has " + theirs + ", this one " + ours, "", partial_);
}

void PartialFile::fail_damaged(const std::string& what) const {
  throw InputError("is damaged: " + what + "; remove it to start again", "", partial_);
}

/// Finds the complete lines.
void PartialFile::scan() {
  std::string chunk(1 << 20, '\0'), line;
  while (const std::size_t count = read_some(file_.get(), chunk.data(), chunk.size(), partial_)) {
    const std::string_view got(chunk.data(), count);
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

/// The rows go to the compressed file; they stay until it has its name.
void PartialFile::compress() {
  const auto sink = open_sink(target_);
  std::string chunk(1 << 20, '\0');
  std::uint64_t offset = 0;
  while (const std::size_t count = read_some_at(file_.get(), chunk.data(), chunk.size(), offset, partial_)) {
    sink->write({chunk.data(), count});
    offset += count;
  }
  sink->finish();
}

void PartialFile::finish() {
  writer_.flush();
  if (::fsync(file_.get()) != 0 && errno != EINVAL) fail(partial_, errno);
  if (is_gzip_name(target_.name)) {
    compress();
    ::unlink(partial_.c_str());
    ::unlink(identity_file_.c_str());
    return file_.close(target_.name);
  }
  // Renamed before the lock goes: nobody must resume what has got its name.
  if (::rename(partial_.c_str(), target_.path.c_str()) != 0) fail(target_.name, errno);
  ::unlink(identity_file_.c_str());
  file_.close(target_.name);
}

}  // namespace optexplore::os
