#include "os/child.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <string>

using namespace optexplore::os;

TEST_CASE("a child gets its input and environment; its streams and exit status come back") {
  const auto result =
      run_child("sh", {"-c", "cat; echo said >&2; echo $CHILD_TEST; exit 3"}, {{"CHILD_TEST", "a value"}}, "typed\n");
  REQUIRE(result);
  CHECK(result->output == "typed\na value\n");
  CHECK(result->messages == "said\n");
  CHECK(result->exit_status == 3);
  CHECK(result->signal == 0);
}

TEST_CASE("more than a pipe holds passes in both directions") {
  const std::string large(1 << 20, 'x');
  const auto result = run_child("cat", {}, {}, large);
  REQUIRE(result);
  CHECK(result->output == large);
}

TEST_CASE("a child that is killed and one that does not exist") {
  const auto killed = run_child("sh", {"-c", "kill -TERM $$"}, {}, "");
  REQUIRE(killed);
  CHECK(killed->signal == SIGTERM);
  CHECK_FALSE(run_child("optexplore-no-such-program", {}, {}, ""));
}
