#include "os/target.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>

#include "os/descriptor.hpp"

namespace optexplore::os {
namespace {

namespace fs = std::filesystem;

constexpr int most_links = 40;  // as many as Linux follows

/// The number of an open descriptor that the path names, as /dev/fd/3 does.
std::optional<int> named_descriptor(const fs::path& path) {
  std::error_code none;
  const fs::path folder = path.parent_path(), descriptors = fs::canonical("/proc/self/fd", none);
  if (folder != "/dev/fd" && (none || fs::canonical(folder, none) != descriptors)) return std::nullopt;
  const std::string name = path.filename().string();
  int number = -1;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return number;
}

Target open_descriptor(int number, const std::string& path) {
  Target target;
  target.kind = Target::Kind::open_descriptor;
  target.name = number == STDOUT_FILENO ? "standard output" : path;
  target.descriptor = number;
  return target;
}

}  // namespace

Target find_target(const std::string& path) {
  if (path == "-") return open_descriptor(STDOUT_FILENO, path);
  fs::path place = path;
  for (int links = 0; links < most_links; ++links) {
    if (const auto number = named_descriptor(place)) return open_descriptor(*number, path);
    std::error_code none;
    if (!fs::is_symlink(place, none)) break;
    place = place.parent_path() / fs::read_symlink(place, none);  // an absolute path replaces what is before it
  }
  Target target;
  target.name = path;
  target.path = place.string();
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    if (errno != ENOENT) fail(path, errno);
    return target;
  }
  if (S_ISDIR(status.st_mode)) fail(path, EISDIR);
  if (!S_ISREG(status.st_mode)) {
    target.kind = Target::Kind::device;
    return target;
  }
  // rename() would replace a write-protected file without asking.
  if (::access(path.c_str(), W_OK) != 0) fail(path, errno);
  target.mode = status.st_mode & 07777;
  return target;
}

}  // namespace optexplore::os
