#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace optexplore::parallel {

/// Threads that wait for tasks: starting them anew would take as long as many a task.
class Pool {
 public:
  /// @param threads  with the one that calls run(); fewer if the system gives no more
  explicit Pool(unsigned threads);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  [[nodiscard]] std::size_t threads() const { return others_.size() + 1; }

  /// Runs tasks 0 … count-1, each exactly once, in any order and on any of the threads; returns when all are done. One
  /// call at a time, and none from within a task. The first exception comes through, after the other tasks.
  void run(std::size_t count, const std::function<void(std::size_t)>& task);

 private:
  void wait_for_work();
  void work(std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;
  std::condition_variable changed_, done_;
  const std::function<void(std::size_t)>* task_ = nullptr;
  std::size_t count_ = 0;
  std::size_t next_ = 0;        ///< the first task that nobody has taken
  std::size_t unfinished_ = 0;  ///< tasks
  bool ended_ = false;
  std::exception_ptr error_;
  std::vector<std::jthread> others_;
};

}  // namespace optexplore::parallel
