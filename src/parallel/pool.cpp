#include "parallel/pool.hpp"

#include <system_error>
#include <utility>

namespace optexplore::parallel {

Pool::Pool(unsigned threads) {
  try {
    for (unsigned i = 1; i < threads; ++i) others_.emplace_back([this] { wait_for_work(); });
  } catch (const std::system_error&) {
    // Those that there are do the work.
  }
}

Pool::~Pool() {
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
}

void Pool::run(std::size_t count, const std::function<void(std::size_t)>& task) {
  std::unique_lock lock(mutex_);
  task_ = &task;
  count_ = unfinished_ = count;
  next_ = 0;
  changed_.notify_all();
  work(lock);
  done_.wait(lock, [this] { return unfinished_ == 0; });
  if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
}

void Pool::wait_for_work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ended_ || next_ < count_; });
    if (ended_) return;
    work(lock);
  }
}

void Pool::work(std::unique_lock<std::mutex>& lock) {
  while (next_ < count_) {
    const std::size_t mine = next_++;
    const auto& task = *task_;
    lock.unlock();
    std::exception_ptr error;
    try {
      task(mine);
    } catch (...) {
      error = std::current_exception();
    }
    lock.lock();
    if (error && !error_) error_ = std::move(error);
    if (--unfinished_ == 0) done_.notify_one();
  }
}

}  // namespace optexplore::parallel
