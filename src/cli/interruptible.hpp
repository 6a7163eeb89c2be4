#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "os/messages.hpp"
#include "os/progress.hpp"
#include "os/sink.hpp"

namespace optexplore::cli {

/// What an interrupt cut short.
struct Interrupted {
  std::string written;      ///< "57 of 100 runs"; empty: everything was
  std::string advice = {};  ///< what to do with the kept file, before its name: "--resume continues"
};

/// Writes what may take long. The first interrupt (Ctrl-C, SIGTERM) brings the work to an early end: what a file has
/// got is kept and said; the second one ends the process. Rows that scroll by on a terminal just end.
/// @param path  what the sink writes to, as typed
/// @param work  what is counted, for the progress line
/// @param write  computes and writes until the end or an interrupt, and leaves the end of the sink to this function
/// @returns the exit status
int write_interruptible(const std::string& path, os::Sink& sink, os::Progress::Work work, bool quiet,
                        const std::function<Interrupted(os::Progress&)>& write);

/// The progress of runs that somebody else counts.
class RunsProgress {
 public:
  explicit RunsProgress(bool quiet) : quiet_(quiet) {}
  void show(std::uint64_t done, std::uint64_t total) {
    if (!progress_) progress_.emplace(os::Progress::Work{"runs", static_cast<double>(total)}, quiet_);
    progress_->add(done - std::exchange(shown_, done));
  }
  void end() { progress_.reset(); }

 private:
  bool quiet_;
  std::uint64_t shown_ = 0;
  std::optional<os::Progress> progress_;
};

/// Compiles, and says so when it takes long.
/// @param make  what is made
template <class Make>
auto compiling(bool quiet, Make&& make) {
  const os::Progress progress({"compiling"}, quiet);
  return make();
}

}  // namespace optexplore::cli
