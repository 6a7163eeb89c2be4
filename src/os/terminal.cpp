#include "os/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace optexplore::os {
namespace {

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

bool is_terminal(int fd) { return ::isatty(fd) == 1; }

bool has_colour(int fd) { return is_terminal(fd) && variable("NO_COLOR").empty() && variable("TERM") != "dumb"; }

std::optional<std::array<unsigned, 2>> terminal_size(int fd) {
  winsize window{};
  if (::ioctl(fd, TIOCGWINSZ, &window) != 0 || window.ws_col == 0 || window.ws_row == 0) return std::nullopt;
  return std::array<unsigned, 2>{window.ws_col, window.ws_row};
}

}  // namespace optexplore::os
