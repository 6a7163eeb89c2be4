#include "os/status_line.hpp"

#include <unistd.h>

#include <cstdio>
#include <mutex>
#include <string>

#include "os/signals.hpp"
#include "os/terminal.hpp"

namespace optexplore::os {
namespace {

constexpr const char* erase_line = "\r\x1b[K";

std::mutex mutex;
bool shown = false;
bool passed_echo = false;  ///< the line with ^C has been left

void put(const std::string& text) { std::fputs(text.c_str(), stderr); }

/// What must come before lines that stay.
std::string beginning() {
  std::string text;
  if (shown) text = erase_line;
  if (interrupted() && !passed_echo && !shown && is_terminal(STDERR_FILENO)) text += '\n';
  if (interrupted()) passed_echo = true;
  shown = false;
  return text;
}

}  // namespace

void show_status(std::string_view text) {
  const std::lock_guard lock(mutex);
  put(erase_line + std::string(text));
  shown = true;
}

void clear_status() {
  const std::lock_guard lock(mutex);
  if (!shown) return;
  put(erase_line);
  shown = false;
  if (interrupted()) passed_echo = true;  // it stood in the same line
}

void write_lines(std::string_view lines) {
  const std::lock_guard lock(mutex);
  put(beginning() + std::string(lines));
}

}  // namespace optexplore::os
