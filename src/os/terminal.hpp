#pragma once

#include <optional>

namespace optexplore::os {

/// Whether a descriptor is a terminal.
bool is_terminal(int fd);

/// Whether what is written to a descriptor can be taken back: on a terminal that isn't dumb.
bool can_erase(int fd);

/// Columns and rows of a terminal's window.
struct Window {
  unsigned columns = 0;
  unsigned rows = 0;
};
/// The window of a descriptor that is a terminal and knows its size.
std::optional<Window> window(int fd);

/// Whether what is written to a descriptor may be coloured: on a terminal that isn't dumb, unless NO_COLOR says
/// otherwise (https://no-color.org).
bool has_colour(int fd);

}  // namespace optexplore::os
