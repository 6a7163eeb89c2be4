#pragma once

#include <chrono>
#include <cstdint>

namespace optexplore::os {

/// A line on standard error that says how far a sweep is: done/total, rate, time left. Only on a terminal.
class Progress {
 public:
  /// @param done   what was there before this process began
  /// @param quiet  show nothing
  Progress(std::uint64_t done, std::uint64_t total, bool quiet);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void add(std::uint64_t more);

 private:
  using Clock = std::chrono::steady_clock;
  void show();

  std::uint64_t before_;
  std::uint64_t done_;
  std::uint64_t total_;
  bool shown_ = false;
  bool enabled_;
  Clock::time_point begin_ = Clock::now();
  Clock::time_point next_ = begin_;
};

}  // namespace optexplore::os
