#pragma once

namespace optexplore::os {

/// Whether a descriptor is a terminal.
bool is_terminal(int fd);

/// Whether what is written to a descriptor can be taken back: on a terminal that isn't dumb.
bool can_erase(int fd);

/// Whether what is written to a descriptor may be coloured: on a terminal that isn't dumb, unless NO_COLOR says
/// otherwise (https://no-color.org).
bool has_colour(int fd);

}  // namespace optexplore::os
