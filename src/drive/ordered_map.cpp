#include "drive/ordered_map.hpp"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/parallel_pipeline.h>
#include <oneapi/tbb/task_arena.h>

#include <atomic>
#include <chrono>
#include <exception>

namespace optexplore::drive {
namespace {

namespace tbb = oneapi::tbb;
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

/// An exception doesn't go through TBB, which would lose what is on its way: it travels as the delivery in its place.
class Pipeline {
 public:
  explicit Pipeline(const std::function<Work()>& next) : next_(next) {}

  void run(unsigned jobs) {
    // A global limit as well as an arena: the request for more threads than cores has to be explicit.
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, jobs);
    tbb::task_arena(static_cast<int>(jobs)).execute([&] {
      tbb::parallel_pipeline(
          results_per_thread * jobs,
          tbb::make_filter<void, Work>(tbb::filter_mode::serial_in_order, [this](tbb::flow_control& control) {
            return take(control);
          }) & tbb::make_filter<Work, Delivery>(tbb::filter_mode::parallel, [](const Work& work) {
            return done(work);
          }) & tbb::make_filter<Delivery, void>(tbb::filter_mode::serial_in_order, [this](const Delivery& delivery) {
            deliver(delivery);
          }));
    });
    if (error_) std::rethrow_exception(error_);
  }

 private:
  static Delivery failure() {
    return [error = std::current_exception()] { std::rethrow_exception(error); };
  }

  Work take(tbb::flow_control& control) {
    if (!stopped_) {
      try {
        if (Work work = next_()) return work;
      } catch (...) {
        stopped_ = true;  // this is the last one
        return [failed = failure()] { return failed; };
      }
    }
    control.stop();
    return {};
  }

  static Delivery done(const Work& work) {
    try {
      return work();
    } catch (...) {
      return failure();
    }
  }

  void deliver(const Delivery& delivery) {
    if (error_) return;
    try {
      delivery();
    } catch (...) {
      error_ = std::current_exception();
      stopped_ = true;
    }
  }

  const std::function<Work()>& next_;
  std::atomic<bool> stopped_ = false;
  std::exception_ptr error_;  ///< the first one in output order
};

}  // namespace

unsigned threads(unsigned jobs) { return jobs == 0 ? static_cast<unsigned>(tbb::info::default_concurrency()) : jobs; }

void run_in_order(unsigned jobs, const std::function<Work()>& next) {
  jobs = threads(jobs);
  if (run_serially(next, jobs == 1)) Pipeline(next).run(jobs);
}

}  // namespace optexplore::drive
