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

bool can_erase(int fd) { return is_terminal(fd) && variable("TERM") != "dumb"; }

std::optional<Window> window(int fd) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return std::nullopt;
  return Window{size.ws_col, size.ws_row};
}

bool has_colour(int fd) { return can_erase(fd) && variable("NO_COLOR").empty(); }

}  // namespace optexplore::os
