#include "os/partial.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <optexplore/error.hpp>
#include <string>

#include "os/directory.hpp"

namespace fs = std::filesystem;
using namespace optexplore;
using namespace optexplore::os;

namespace {

unsigned mode(const fs::path& path) { return static_cast<unsigned>(fs::status(path).permissions()); }

/// The lowest descriptor that is free.
int next_descriptor() { return Descriptor(::dup(0)).get(); }

void write_rows(const fs::path& path, const std::string& rows, bool complete) {
  PartialFile file(find_target(path.string()), "identity", true);
  file.write(rows);
  if (complete)
    file.finish();
  else
    CHECK(file.keep() == file.partial_name());
}

}  // namespace

TEST_CASE("rows stand in FILE.partial until they are complete, and go on where they stopped") {
  const Directory directory;
  const fs::path path = directory.path / "rows.csv";
  write_rows(path, "a\nb\nc", false);  // the last one was cut off
  CHECK(contents(directory.path / "rows.csv.partial") == "a\nb\nc");
  CHECK(contents(directory.path / "rows.csv.partial.id") == "identity");
  CHECK_FALSE(fs::exists(path));
  {
    PartialFile file(find_target(path.string()), "identity", true);
    CHECK(file.lines() == 2);
    CHECK(file.first_lines() == std::vector<std::string>{"a", "b"});
    file.write("d\n");
    file.finish();
  }
  CHECK(contents(path) == "a\nb\nd\n");
  CHECK(directory.entries() == 1);
}

TEST_CASE("a link keeps pointing at the file, which has the partial one beside it and keeps its permissions") {
  const Directory directory;
  fs::create_directory(directory.path / "data");
  const fs::path file = directory.path / "data" / "file", link = directory.path / "link";
  write_file(file, "old");
  fs::permissions(file, fs::perms{0600});
  fs::create_symlink("data/file", link);
  write_rows(link, "new\n", false);
  CHECK(mode(directory.path / "data" / "file.partial") == 0600);  // rows of a private file are private
  write_rows(link, "more\n", true);
  CHECK(fs::is_symlink(link));
  CHECK(contents(file) == "new\nmore\n");
  CHECK(mode(file) == 0600);
  CHECK(directory.entries() == 2);
}

TEST_CASE("a second process is refused while the first one writes, and no descriptor is lost") {
  const Directory directory;
  const fs::path path = directory.path / "rows.csv";
  const std::string partial = path.string() + ".partial";
  const std::string exists = ": exists already; --resume continues an earlier sweep, removing it starts again";
  PartialFile first(find_target(path.string()), "identity", false);
  const int before = next_descriptor();
  CHECK_THROWS_WITH_AS(PartialFile(find_target(path.string()), "identity", true),
                       (partial + ": another process is writing it").c_str(), IoError);
  CHECK_THROWS_WITH_AS(PartialFile(find_target(path.string()), "identity", false), (partial + exists).c_str(),
                       InputError);
  CHECK(next_descriptor() == before);
  first.write("a\n");
  first.finish();
  CHECK(contents(path) == "a\n");
}

TEST_CASE("what belongs to something else stays as it is; an empty one belongs to whoever resumes it") {
  const Directory directory;
  const fs::path path = directory.path / "rows.csv";
  const std::string partial = path.string() + ".partial";
  write_rows(path, "a\n", false);
  const int before = next_descriptor();
  CHECK_THROWS_WITH_AS(PartialFile(find_target(path.string()), "other", true),
                       (partial + ": belongs to another experiment: it has identity, this one other").c_str(),
                       InputError);
  CHECK(next_descriptor() == before);
  CHECK(contents(partial) == "a\n");
  write_file(partial, "");
  const PartialFile file(find_target(path.string()), "other", true);
  CHECK(file.lines() == 0);
  CHECK(contents(partial + ".id") == "other");
}

TEST_CASE("a missing folder is named as it was typed") {
  const Directory directory;
  const std::string path = (directory.path / "none" / "rows.csv").string();
  CHECK_THROWS_WITH_AS(PartialFile(find_target(path), "identity", false),
                       (path + ": No such file or directory").c_str(), IoError);
}
