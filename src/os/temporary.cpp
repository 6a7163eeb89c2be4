#include "os/temporary.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>

namespace optexplore::os {
namespace {

/// Names of the temporary files that exist now, for remove_unfinished_files(). A fixed array
/// because a signal handler may read it at any moment.
std::array<std::atomic<const char*>, 8> unfinished{};

}  // namespace

TemporaryFile::TemporaryFile(const Target& target) : target_(target) {
  static std::atomic<int> counter{0};
  const std::filesystem::path folder = std::filesystem::path(target.path).parent_path();
  do {
    name_ = folder / (".optexplore-" + std::to_string(::getpid()) + "-" + std::to_string(counter++) + ".tmp");
    file_ = Descriptor(::open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  } while (!file_.is_open() && errno == EEXIST);
  if (!file_.is_open()) fail(target.name, errno);
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

void TemporaryFile::become_target() {
  file_.close(target_.name);
  if (::rename(name_.c_str(), target_.path.c_str()) != 0) fail(target_.name, errno);
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
