#include "os/text_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <optexplore/error.hpp>
#include <vector>

#include "os/descriptor.hpp"
#include "os/write.hpp"
#include "text/suggest.hpp"

namespace optexplore::os {
namespace {

namespace fs = std::filesystem;

/// Enough to look for a slip of the pen in; a directory of a million files must not slow down an
/// error.
constexpr std::size_t max_candidates = 10'000;

InputError missing_file(const std::string& path) {
  const fs::path wanted(path);
  const fs::path directory = wanted.has_parent_path() ? wanted.parent_path() : fs::path(".");
  std::vector<std::string> names;
  std::error_code ignored;  // no directory, no suggestion
  for (fs::directory_iterator entry(directory, ignored), end; !ignored && entry != end && names.size() < max_candidates;
       entry.increment(ignored)) {
    names.push_back(entry->path().filename().string());
  }
  std::string hint;
  if (const auto name = text::nearest_name(wanted.filename().string(), names)) {
    const fs::path near = wanted.has_parent_path() ? directory / *name : fs::path(*name);
    hint = "; did you mean '" + near.string() + "'?";
  }
  return InputError("no such file" + hint, "", path);
}

InputError too_large(const std::string& name) {
  return InputError("a file may have up to " + std::to_string(max_text_bytes >> 20) + " MiB, this one is larger", "",
                    name);
}

std::string read_all(int fd, const std::string& name) {
  struct stat status {};
  if (::fstat(fd, &status) == 0) {
    if (S_ISDIR(status.st_mode)) throw InputError("is a directory, not a file", "", name);
    if (S_ISREG(status.st_mode) && status.st_size > static_cast<off_t>(max_text_bytes)) {
      throw too_large(name);
    }
  }
  std::string text;
  std::vector<char> buffer(1 << 16);
  for (;;) {
    const std::size_t got = read_some(fd, buffer.data(), buffer.size(), name);
    if (got == 0) return text;
    text.append(buffer.data(), got);
    if (text.size() > max_text_bytes) throw too_large(name);
  }
}

}  // namespace

TextFile read_text_file(const std::string& path) {
  if (path == "-") return {read_all(STDIN_FILENO, "<stdin>"), "<stdin>"};
  if (path.empty()) throw InputError("expected a file name, found ''", "", "CONFIG");

  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open() && (errno == ENOENT || errno == ENOTDIR)) throw missing_file(path);
  if (!file.is_open()) fail(path, errno);
  return {read_all(file.get(), path), path};
}

}  // namespace optexplore::os
