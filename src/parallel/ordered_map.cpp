#include "parallel/ordered_map.hpp"

#include <sched.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

namespace optexplore::parallel {
namespace {

using Clock = std::chrono::steady_clock;

/// What threads cost to start.
constexpr auto worth_threads = std::chrono::milliseconds(1);
/// Results that may wait for their turn, for each thread.
constexpr std::size_t results_per_thread = 4;

/// Works on this thread, for ever or until threads are worth their while; false at the end.
bool run_serially(const std::function<Work()>& next, bool for_ever) {
  const Clock::time_point begin = Clock::now();
  do {
    const Work work = next();
    if (!work) return false;
    work()();
  } while (for_ever || Clock::now() - begin < worth_threads);
  return true;
}

/// Each worker delivers when the first result on its way is there, else takes a piece of work, else waits.
/// An exception travels as the delivery in its place, so what is before it is delivered.
class Workers {
 public:
  Workers(const std::function<Work()>& next, std::size_t most_results) : next_(next), most_results_(most_results) {}

  void run(unsigned threads) {
    {
      std::vector<std::jthread> others;
      try {
        for (unsigned i = 1; i < threads; ++i) others.emplace_back([this] { work(); });
      } catch (const std::system_error&) {
        // The system gives no more threads: those that there are do the work.
      }
      work();
    }
    if (error_) std::rethrow_exception(error_);
  }

 private:
  void work() {
    std::unique_lock lock(mutex_);
    while (true) {
      if (!delivering_ && !on_their_way_.empty() && on_their_way_.front())
        deliver_first(lock);
      else if (!taking_ && !ended_ && on_their_way_.size() < most_results_)
        do_next(lock);
      else if (ended_ && !taking_ && on_their_way_.empty())
        return;
      else
        changed_.wait(lock);
    }
  }

  void deliver_first(std::unique_lock<std::mutex>& lock) {
    delivering_ = true;
    const Delivery delivery = std::move(*on_their_way_.front());
    if (!error_) {
      lock.unlock();
      std::exception_ptr error;
      try {
        delivery();
      } catch (...) {
        error = std::current_exception();
      }
      lock.lock();
      if (error) {
        error_ = error;
        ended_ = true;
      }
    }
    on_their_way_.pop_front();
    delivering_ = false;
    changed_.notify_all();
  }

  void do_next(std::unique_lock<std::mutex>& lock) {
    taking_ = true;
    lock.unlock();
    Work work;
    bool failed = false;
    try {
      work = next_();
    } catch (...) {
      failed = true;
      work = [delivery = failure()] { return delivery; };
    }
    lock.lock();
    taking_ = false;
    if (failed || !work) ended_ = true;
    changed_.notify_all();
    if (!work) return;
    std::optional<Delivery>& result = on_their_way_.emplace_back();
    lock.unlock();
    Delivery delivery;
    try {
      delivery = work();
    } catch (...) {
      delivery = failure();
    }
    work = nullptr;
    lock.lock();
    result = std::move(delivery);
    changed_.notify_all();
  }

  static Delivery failure() {
    return [error = std::current_exception()] { std::rethrow_exception(error); };
  }

  const std::function<Work()>& next_;
  const std::size_t most_results_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::optional<Delivery>> on_their_way_;  ///< in order; empty while it is worked at
  bool taking_ = false;
  bool delivering_ = false;
  bool ended_ = false;
  std::exception_ptr error_;  ///< the first one in output order
};

/// The processors that this process may use.
unsigned processors() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return static_cast<unsigned>(CPU_COUNT(&set));
  return std::max(1U, std::thread::hardware_concurrency());  // more of them than a set holds
}

}  // namespace

unsigned threads(unsigned jobs) { return jobs == 0 ? processors() : jobs; }

void run_in_order(unsigned jobs, const std::function<Work()>& next) {
  jobs = threads(jobs);
  if (run_serially(next, jobs == 1)) Workers(next, results_per_thread * jobs).run(jobs);
}

}  // namespace optexplore::parallel
