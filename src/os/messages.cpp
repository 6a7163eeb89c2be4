#include "os/messages.hpp"

#include <unistd.h>

#include <string>

#include "os/status_line.hpp"
#include "os/terminal.hpp"

namespace optexplore::os {
namespace {

/// Labels and file names end up in messages, and must not be able to command the terminal.
std::string without_control_characters(std::string_view text) {
  std::string safe(text);
  for (char& c : safe) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < ' ' && c != '\n') || byte == 0x7F) c = c == '\t' ? ' ' : '?';
  }
  return safe;
}

}  // namespace

Messages::Messages(bool quiet) : quiet_(quiet), coloured_(has_colour(STDERR_FILENO)) {}

void Messages::error(std::string_view text) const { print("error:", "\033[1;31m", text); }

void Messages::warning(std::string_view text) const {
  if (!quiet_) print("warning:", "\033[1;33m", text);
}

void Messages::note(std::string_view text) const {
  if (!quiet_) print("note:", "\033[1;36m", text);
}

void Messages::print(std::string_view kind, const char* colour, std::string_view text) const {
  std::string line = "optexplore: ";
  if (coloured_) line += colour;
  line += kind;
  if (coloured_) line += "\033[0m";
  line += " " + without_control_characters(text) + "\n";
  write_lines(line);
}

}  // namespace optexplore::os
