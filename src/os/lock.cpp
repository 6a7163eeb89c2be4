#include "os/lock.hpp"

#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>

#include "os/descriptor.hpp"

namespace optexplore::os {

Lock try_lock(int fd, const std::string& path) {
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return Lock::busy;
    if (errno == ENOLCK || errno == EOPNOTSUPP || errno == ENOSYS) return Lock::unsupported;
    fail(path, errno);
  }
  // Whoever had it may have renamed the file since it was opened here.
  struct stat opened {
  }, named{};
  if (::fstat(fd, &opened) != 0) fail(path, errno);
  const bool same = ::stat(path.c_str(), &named) == 0 && named.st_ino == opened.st_ino && named.st_dev == opened.st_dev;
  return same ? Lock::held : Lock::busy;
}

}  // namespace optexplore::os
