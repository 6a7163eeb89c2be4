#include "os/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "os/status_line.hpp"
#include "os/terminal.hpp"

namespace optexplore::os {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto pause = std::chrono::milliseconds(200);
/// What takes no time needs no progress.
constexpr auto patience = std::chrono::milliseconds(500);

std::string duration(double seconds) {
  if (seconds < 60) return fmt::format("{:.0f} s", seconds);
  if (seconds < 3600) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

/// 1234567 as 1.23e+06: a number that one can read while it changes.
std::string count(double number) {
  return number < 1e6 ? fmt::format("{:.0f}", number) : fmt::format("{:.2e}", number);
}

std::string line(const Progress::Work& work, double done, double seconds) {
  if (work.total <= 0) return fmt::format("{} ({})", work.what, duration(seconds));
  const double all = std::min(work.before + done, work.total), rate = done / seconds;
  std::string text =
      fmt::format("{}/{} {} ({:.0f}%)", count(all), count(work.total), work.what, 100 * all / work.total);
  if (rate > 0) text += fmt::format(", {:.3g}/s, {} left", rate, duration((work.total - all) / rate));
  return text;
}

}  // namespace

Progress::Progress(Work work, bool quiet) : work_(std::move(work)) {
  if (work_.counter == nullptr) work_.counter = &done_;
  if (!quiet && can_erase(STDERR_FILENO)) thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Progress::~Progress() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
  clear_status();
}

void Progress::run(const std::stop_token& stop) {
  const Clock::time_point begin = Clock::now();
  std::unique_lock lock(mutex_);
  const auto stopped = [&] { return wake_.wait_for(lock, stop, pause, [] { return false; }) || stop.stop_requested(); };
  while (!stopped()) {
    const auto elapsed = Clock::now() - begin;
    if (elapsed < patience) continue;
    const auto done = static_cast<double>(work_.counter->load(std::memory_order_relaxed));
    show_status(line(work_, done, std::chrono::duration<double>(elapsed).count()));
  }
}

}  // namespace optexplore::os
