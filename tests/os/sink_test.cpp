#include "os/sink.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optexplore/error.hpp>
#include <sstream>
#include <string>

namespace fs = std::filesystem;
using namespace optexplore;
using namespace optexplore::os;

namespace {

/// A directory of its own that vanishes with the test.
class Directory {
 public:
  Directory() {
    std::string pattern = (fs::temp_directory_path() / "optexplore-sink-XXXXXX").string();
    path = ::mkdtemp(pattern.data());
  }
  ~Directory() { fs::remove_all(path); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  [[nodiscard]] std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), {}));
  }

  fs::path path;
};

std::string contents(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

void write_file(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }

}  // namespace

TEST_CASE("a file appears under its name only when it is complete") {
  const Directory directory;
  const fs::path target = directory.path / "out.csv";
  const std::string large(200'000, 'x');
  {
    const auto sink = file_sink(target.string());
    sink->write("a,b\n");
    sink->write(large);
    CHECK_FALSE(fs::exists(target));
    sink->finish();
  }
  CHECK(contents(target) == "a,b\n" + large);
  CHECK(directory.entries() == 1);
}

TEST_CASE("an unfinished file leaves the old one untouched and no trace") {
  const Directory directory;
  const fs::path target = directory.path / "out.csv";
  write_file(target, "old");
  {
    const auto sink = file_sink(target.string());
    sink->write("new");
  }
  CHECK(contents(target) == "old");
  CHECK(directory.entries() == 1);
}

TEST_CASE("a signal handler can remove what is unfinished") {
  const Directory directory;
  const auto sink = file_sink((directory.path / "out.csv").string());
  CHECK(directory.entries() == 1);
  remove_unfinished_files();
  CHECK(directory.entries() == 0);
}

TEST_CASE("permissions follow the umask for a new file and stay for an old one") {
  const Directory directory;
  const auto mode = [](const fs::path& path) { return static_cast<unsigned>(fs::status(path).permissions()); };
  const mode_t before = ::umask(027);
  const fs::path fresh = directory.path / "fresh";
  file_sink(fresh.string())->finish();
  CHECK(mode(fresh) == 0640);
  const fs::path old = directory.path / "old";
  write_file(old, "old");
  fs::permissions(old, fs::perms{0604});
  file_sink(old.string())->finish();
  CHECK(mode(old) == 0604);
  ::umask(before);
}

TEST_CASE("a link keeps pointing at the file, which gets the new contents") {
  const Directory directory;
  fs::create_directory(directory.path / "data");
  const fs::path file = directory.path / "data" / "file";
  const fs::path link = directory.path / "link";
  write_file(file, "old");
  fs::create_symlink(file, link);
  const auto sink = file_sink(link.string());
  sink->write("new");
  sink->finish();
  CHECK(fs::is_symlink(link));
  CHECK(contents(file) == "new");
}

TEST_CASE("a full disk is an error, also at the last flush") {
  const auto sink = file_sink("/dev/full");
  sink->write("short");
  CHECK_THROWS_WITH_AS(sink->finish(), "/dev/full: No space left on device", IoError);
  const auto null = file_sink("/dev/null");
  null->write("anything");
  CHECK_NOTHROW(null->finish());
}

TEST_CASE("what can't be written is an error before anything is computed") {
  const Directory directory;
  const std::string missing = (directory.path / "none" / "out.csv").string();
  CHECK_THROWS_WITH_AS(file_sink(missing), (missing + ": No such file or directory").c_str(), IoError);
  const std::string itself = directory.path.string();
  CHECK_THROWS_WITH_AS(file_sink(itself), (itself + ": Is a directory").c_str(), IoError);
}
