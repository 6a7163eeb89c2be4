#pragma once

#include <functional>
#include <memory>
#include <utility>

namespace optexplore::parallel {

/// What is done with a result.
using Delivery = std::function<void()>;
/// A piece of work for any thread; returns the delivery of its result.
using Work = std::function<Delivery()>;

/// The number of threads that `jobs` means; 0: as many as the machine has.
unsigned threads(unsigned jobs);

/// Does independent pieces of work on up to `jobs` threads and delivers their results in order. Only a bounded number
/// of results is held, a few for each thread.
/// @param next  gives the next piece of work, or an empty one at the end; called on one thread at a time, as are the
///              deliveries
/// Threads cost about a millisecond to start, so they aren't before the work has taken longer than that.
/// An exception, of whichever function, ends the work when everything before it is delivered, and comes through
/// unchanged.
void run_in_order(unsigned jobs, const std::function<Work()>& next);

/// The same for values: `source()` gives an optional item, compute(item) runs on any thread, deliver(result) in order.
template <class Source, class Compute, class Deliver>
void ordered_map(unsigned jobs, Source&& source, Compute&& compute, Deliver&& deliver) {
  run_in_order(jobs, [&]() -> Work {
    auto item = source();
    if (!item) return {};
    return [&, item = std::move(*item)]() mutable -> Delivery {
      using Result = decltype(compute(std::move(item)));
      // Shared, for a std::function must be copyable, also when a result is not.
      return [&, result = std::make_shared<Result>(compute(std::move(item)))] { deliver(std::move(*result)); };
    };
  });
}

}  // namespace optexplore::parallel
