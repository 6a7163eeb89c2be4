#include "os/sink.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <optexplore/error.hpp>
#include <string>

#include "os/directory.hpp"
#include "os/temporary.hpp"

namespace fs = std::filesystem;
using namespace optexplore;
using namespace optexplore::os;

TEST_CASE("a file appears under its name only when it is complete") {
  const Directory directory;
  const fs::path target = directory.path / "out.csv";
  const std::string large(200'000, 'x');
  {
    const auto sink = open_sink(target.string());
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
    const auto sink = open_sink(target.string());
    sink->write("new");
  }
  CHECK(contents(target) == "old");
  CHECK(directory.entries() == 1);
}

TEST_CASE("a signal handler can remove what is unfinished") {
  const Directory directory;
  const auto sink = open_sink((directory.path / "out.csv").string());
  CHECK(directory.entries() == 1);
  remove_unfinished_files();
  CHECK(directory.entries() == 0);
}

TEST_CASE("permissions follow the umask for a new file and stay for an old one") {
  const Directory directory;
  const auto mode = [](const fs::path& path) { return static_cast<unsigned>(fs::status(path).permissions()); };
  const mode_t before = ::umask(027);
  const fs::path fresh = directory.path / "fresh";
  open_sink(fresh.string())->finish();
  CHECK(mode(fresh) == 0640);
  const fs::path old = directory.path / "old";
  write_file(old, "old");
  fs::permissions(old, fs::perms{0604});
  open_sink(old.string())->finish();
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
  const auto sink = open_sink(link.string());
  sink->write("new");
  sink->finish();
  CHECK(fs::is_symlink(link));
  CHECK(contents(file) == "new");
}

TEST_CASE("a full disk is an error, also at the last flush") {
  const auto sink = open_sink("/dev/full");
  sink->write("short");
  CHECK_THROWS_WITH_AS(sink->finish(), "/dev/full: No space left on device", IoError);
  const auto null = open_sink("/dev/null");
  null->write("anything");
  CHECK_NOTHROW(null->finish());
}

TEST_CASE("what can't be written is an error before anything is computed") {
  const Directory directory;
  const std::string missing = (directory.path / "none" / "out.csv").string();
  CHECK_THROWS_WITH_AS(open_sink(missing), (missing + ": No such file or directory").c_str(), IoError);
  const std::string itself = directory.path.string();
  CHECK_THROWS_WITH_AS(open_sink(itself), (itself + ": Is a directory").c_str(), IoError);
}

TEST_CASE("a link to nothing yet gets what it points at") {
  const Directory directory;
  const fs::path link = directory.path / "link";
  fs::create_symlink("file", link);
  const auto sink = open_sink(link.string());
  sink->write("new");
  sink->finish();
  CHECK(fs::is_symlink(link));
  CHECK(contents(directory.path / "file") == "new");
}

TEST_CASE("an open descriptor is written where it stands, whatever name it goes by") {
  const Directory directory;
  const fs::path file = directory.path / "file", link = directory.path / "link";
  const Descriptor open(::open(file.c_str(), O_WRONLY | O_CREAT, 0600));
  REQUIRE(::write(open.get(), "old,", 4) == 4);
  fs::create_symlink("/dev/fd/" + std::to_string(open.get()), link);
  for (const std::string& name :
       {"/dev/fd/" + std::to_string(open.get()), "/proc/self/fd/" + std::to_string(open.get()), link.string()}) {
    const auto sink = open_sink(name);
    sink->write("new,");
    sink->finish();
  }
  CHECK(contents(file) == "old,new,new,new,");
  CHECK(directory.entries() == 2);
  CHECK_THROWS_WITH_AS(open_sink("/dev/fd/999"), "/dev/fd/999: Bad file descriptor", IoError);
}

TEST_CASE("the names of standard output") {
  for (const char* name : {"-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"}) {
    const Target target = find_target(name);
    CHECK(target.kind == Target::Kind::open_descriptor);
    CHECK(target.descriptor == 1);
    CHECK(target.name == "standard output");
  }
}
