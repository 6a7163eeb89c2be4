#pragma once

#include <array>
#include <optional>

namespace optexplore::os {

/// Whether a descriptor is a terminal.
bool is_terminal(int fd);

/// Whether what is written to a descriptor may be coloured: on a terminal that isn't dumb, unless NO_COLOR says
/// otherwise (https://no-color.org).
bool has_colour(int fd);

/// Columns and rows of a terminal; nothing when the descriptor is none, or doesn't say.
std::optional<std::array<unsigned, 2>> terminal_size(int fd);

}  // namespace optexplore::os
