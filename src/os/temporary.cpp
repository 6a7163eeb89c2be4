#include "os/temporary.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "os/lock.hpp"

namespace optexplore::os {
namespace {

/// Names of the temporary files that exist now, for remove_unfinished_files(). A fixed array
/// because a signal handler may read it at any moment.
std::array<std::atomic<const char*>, 8> unfinished{};

/// A hidden name beside the target's. A very long one is cut, as there is a limit to a name's length: then several
/// targets share their numbers.
std::string temporary_name(const std::filesystem::path& target, int number) {
  constexpr std::size_t most_bytes = 200;
  const std::string name = target.filename().string().substr(0, most_bytes);
  return target.parent_path() / ("." + name + "." + std::to_string(number) + ".tmp");
}

/// Removes a temporary file that no living process uses.
/// @returns whether there is or was a file of that name
bool remove_abandoned(const std::string& name) {
  const Descriptor file(::open(name.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file.is_open()) return errno != ENOENT;
  if (try_lock(file.get(), name) == Lock::held) ::unlink(name.c_str());
  return true;
}

/// Creates and locks the file; no descriptor, and errno EEXIST, when the name is taken.
Descriptor create(const std::string& name) {
  remove_abandoned(name);
  Descriptor file(::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  // Between the two another process may have taken it for abandoned.
  if (file.is_open() && try_lock(file.get(), name) == Lock::busy) {
    errno = EEXIST;
    return {};
  }
  return file;
}

}  // namespace

TemporaryFile::TemporaryFile(const Target& target) : target_(target) {
  int number = 0;
  do {
    name_ = temporary_name(target.path, number++);
    file_ = create(name_);
  } while (!file_.is_open() && errno == EEXIST);
  if (!file_.is_open()) fail(target.name, errno);
  while (remove_abandoned(temporary_name(target.path, number))) ++number;
  exists_ = true;
  for (auto& slot : unfinished) {
    const char* empty = nullptr;
    if (slot.compare_exchange_strong(empty, name_.c_str())) break;
  }
  if (target.mode && ::fchmod(file_.get(), *target.mode) != 0) {
    const int error = errno;
    ::unlink(name_.c_str());
    forget();
    fail(target.name, error);
  }
}

TemporaryFile::~TemporaryFile() {
  if (!exists_) return;
  ::unlink(name_.c_str());
  forget();
}

void TemporaryFile::become(const std::string& path) {
  // Renamed before the lock goes with the descriptor: nobody must take it for abandoned.
  Descriptor lock(::fcntl(file_.get(), F_DUPFD_CLOEXEC, 0));
  file_.close(target_.name);
  if (::rename(name_.c_str(), path.c_str()) != 0) fail(target_.name, errno);
  exists_ = false;
  forget();
}

void TemporaryFile::forget() {
  for (auto& slot : unfinished) {
    const char* mine = name_.c_str();
    if (slot.compare_exchange_strong(mine, nullptr)) break;
  }
}

void remove_unfinished_files() noexcept {
  for (auto& slot : unfinished) {
    if (const char* name = slot.load()) ::unlink(name);
  }
}

}  // namespace optexplore::os
