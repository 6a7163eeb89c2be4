#pragma once

#include <sys/types.h>

#include <atomic>

namespace optexplore::os {

/// Prepares the process once, at its start:
///  * an interrupt (Ctrl-C, SIGTERM, SIGHUP) removes unfinished output files and exits with 128 plus the signal's
///    number (130), at once, whatever is being computed;
///  * writing to a closed pipe, or beyond a file size limit, is an error of write(), not a signal;
///  * descriptors 0, 1 and 2 are taken, so that no output file can get the number of a closed stdout or stderr and
///    receive what is meant for those.
void prepare_process();

/// From now on the first interrupt only sets a flag, so that what is under way can be finished; a second one ends the
/// process as before, but for files that keep what they have.
void defer_interrupts();

/// Whether such an interrupt has come: for who must look at it often, and not know of this.
const std::atomic<bool>& interruption();
inline bool interrupted() { return interruption().load(std::memory_order_relaxed); }

/// While it lives, an interrupt that ends this process ends a child process too. It's made before the child, so that an
/// interrupt can't come between.
class ChildGuard {
 public:
  ChildGuard();
  void started(pid_t child);
  ChildGuard(const ChildGuard&) = delete;
  ChildGuard& operator=(const ChildGuard&) = delete;
  ~ChildGuard();
};

/// The exit status of a process that was interrupted: 128 plus the signal's number, 130 after Ctrl-C.
int interrupted_status();

}  // namespace optexplore::os
