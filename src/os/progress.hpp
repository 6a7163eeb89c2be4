#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace optexplore::os {

/// A line on standard error that says how far long work is: done/total, rate, time left. Only on a terminal, and not
/// before the work has taken a while. A thread of its own writes it, so that it goes on however long a piece takes.
class Progress {
 public:
  struct Work {
    std::string what;                                     ///< "runs", or all that is known: "compiling"
    double total = 0;                                     ///< how many; 0: it's one piece, whose time is shown
    double before = 0;                                    ///< of those, what was there before this process began
    const std::atomic<std::uint64_t>* counter = nullptr;  ///< somebody else's, in place of add()
  };

  /// @param quiet  show nothing
  Progress(Work work, bool quiet);
  /// Removes the line.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void add(std::uint64_t more) { done_.fetch_add(more, std::memory_order_relaxed); }

 private:
  void run(const std::stop_token& stop);

  Work work_;
  std::atomic<std::uint64_t> done_ = 0;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;  ///< none when nothing is shown
};

}  // namespace optexplore::os
