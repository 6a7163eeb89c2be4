#include "os/descriptor.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optexplore/error.hpp>

namespace optexplore::os {

void fail(const std::string& name, int error) { throw IoError(name + ": " + std::strerror(error)); }

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

void Descriptor::close(const std::string& name) {
  if (::close(std::exchange(fd_, -1)) != 0 && errno != EINTR) fail(name, errno);
}

Descriptor scratch_file() {
  const auto close = [](std::FILE* file) { std::fclose(file); };
  const std::unique_ptr<std::FILE, decltype(close)> file(std::tmpfile(), close);
  Descriptor own(file ? ::fcntl(::fileno(file.get()), F_DUPFD_CLOEXEC, 3) : -1);
  if (!own.is_open()) fail("temporary file", errno);
  return own;
}

}  // namespace optexplore::os
