#pragma once

#include <string_view>

namespace optexplore::os {

/// The last line of a terminal on standard error, shared by what comes and goes there and the messages that stay.

/// Shows a text in place of what it shows now. The terminal must not be dumb.
void show_status(std::string_view text);

/// Removes it.
void clear_status();

/// Writes lines that stay, where nothing else stands: it removes the status, and begins a new line when the terminal
/// has echoed an interrupt (^C). In one piece, so that lines of several processes don't mix.
void write_lines(std::string_view lines);

}  // namespace optexplore::os
