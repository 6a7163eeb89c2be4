#include "table/pipeline.hpp"

#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/info.h>
#include <oneapi/tbb/parallel_pipeline.h>
#include <oneapi/tbb/task_arena.h>

#include <atomic>
#include <exception>
#include <utility>

namespace optexplore::table {
namespace {

/// Threads cost about a millisecond to start, which is more than a short experiment takes.
constexpr int blocks_without_threads = 4;

class Pump {
 public:
  Pump(const JobSource& next, Format& format, os::Sink& sink, const TrajectoryObserver& observer)
      : next_(next), format_(format), sink_(sink), observer_(observer) {}

  /// Handles up to `limit` blocks on this thread (all of them when negative); false at the end.
  bool run_serially(int limit) {
    for (; limit != 0; --limit) {
      const std::optional<BlockJob> job = next_();
      if (!job) return false;
      write(format_.render((*job)()));
    }
    return true;
  }

  /// An exception ends the work when everything before it is written. It doesn't go through TBB, which would lose what
  /// is on its way: it travels in the place of its block.
  void run_in_parallel(unsigned jobs) {
    namespace tbb = oneapi::tbb;
    const auto source = [this](tbb::flow_control& control) {
      if (!stopped_) {
        try {
          if (std::optional<BlockJob> job = next_()) return std::move(*job);
        } catch (...) {
          stopped_ = true;  // this is the last one
          return BlockJob([error = std::current_exception()]() -> RowBlock { std::rethrow_exception(error); });
        }
      }
      control.stop();
      return BlockJob{};
    };
    const auto render = [this](const BlockJob& job) {
      try {
        return Rendered{format_.render(job()), nullptr};
      } catch (...) {
        return Rendered{{}, std::current_exception()};
      }
    };
    const auto deliver = [this](Rendered rendered) {
      if (error_) return;
      try {
        if (rendered.error) std::rethrow_exception(rendered.error);
        write(std::move(rendered.piece));
      } catch (...) {
        error_ = std::current_exception();
        stopped_ = true;
      }
    };

    // A global limit as well as an arena: the request for more threads than cores has to be
    // explicit.
    const tbb::global_control threads(tbb::global_control::max_allowed_parallelism, jobs);
    tbb::task_arena(static_cast<int>(jobs)).execute([&] {
      tbb::parallel_pipeline(std::size_t{4} * jobs,
                             tbb::make_filter<void, BlockJob>(tbb::filter_mode::serial_in_order, source) &
                                 tbb::make_filter<BlockJob, Rendered>(tbb::filter_mode::parallel, render) &
                                 tbb::make_filter<Rendered, void>(tbb::filter_mode::serial_in_order, deliver));
    });
    if (error_) std::rethrow_exception(error_);
  }

 private:
  struct Rendered {
    Piece piece;
    std::exception_ptr error;
  };

  void write(Piece piece) {
    const bool observed = observer_ && piece.block.last;
    const RowBlock last = observed ? piece.block : RowBlock{};  // its values are empty
    format_.write(std::move(piece), sink_);
    if (observed) observer_(last);
  }

  const JobSource& next_;
  Format& format_;
  os::Sink& sink_;
  const TrajectoryObserver& observer_;
  std::atomic<bool> stopped_ = false;
  std::exception_ptr error_;  ///< the first one in output order
};

}  // namespace

void write_all(RunStream& stream, Format& format, os::Sink& sink, unsigned jobs, const TrajectoryObserver& observer) {
  write_all([&stream] { return stream.next(); }, format, sink, jobs, observer);
}

void write_all(const BlockSource& next, Format& format, os::Sink& sink, unsigned jobs,
               const TrajectoryObserver& observer) {
  const auto jobs_of_blocks = [&next]() -> std::optional<BlockJob> {
    std::optional<RowBlock> block = next();
    if (!block) return std::nullopt;
    return [shared = std::make_shared<RowBlock>(std::move(*block))] { return std::move(*shared); };
  };
  compute_all(jobs_of_blocks, format, sink, jobs, observer);
}

void compute_all(const JobSource& next, Format& format, os::Sink& sink, unsigned jobs,
                 const TrajectoryObserver& observer) {
  if (jobs == 0) jobs = static_cast<unsigned>(oneapi::tbb::info::default_concurrency());
  Pump pump(next, format, sink, observer);
  format.begin(sink);
  if (pump.run_serially(jobs == 1 ? -1 : blocks_without_threads)) pump.run_in_parallel(jobs);
  format.end(sink);
  sink.finish();
}

}  // namespace optexplore::table
