#include "os/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "os/terminal.hpp"

namespace optexplore::os {
namespace {

constexpr auto pause = std::chrono::milliseconds(200);

std::string duration(double seconds) {
  if (seconds < 60) return fmt::format("{:.0f} s", seconds);
  if (seconds < 3600) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

}  // namespace

Progress::Progress(std::uint64_t done, std::uint64_t total, bool quiet)
    : before_(done), done_(done), total_(total), enabled_(!quiet && is_terminal(STDERR_FILENO)) {
  next_ += pause;  // what takes no time needs no progress
}

Progress::~Progress() {
  if (shown_) std::fputs("\r\x1b[K", stderr);
}

void Progress::add(std::uint64_t more) {
  done_ += more;
  if (!enabled_ || Clock::now() < next_) return;
  next_ = Clock::now() + pause;
  show();
}

void Progress::show() {
  const double elapsed = std::chrono::duration<double>(Clock::now() - begin_).count();
  const double rate = static_cast<double>(done_ - before_) / elapsed;
  const double left = rate > 0 ? static_cast<double>(total_ - done_) / rate : 0;
  const std::string line =
      fmt::format("\r\x1b[K{}/{} runs ({:.0f}%), {:.3g}/s, {} left", done_, total_,
                  100.0 * static_cast<double>(done_) / static_cast<double>(total_), rate, duration(left));
  std::fputs(line.c_str(), stderr);
  shown_ = true;
}

}  // namespace optexplore::os
