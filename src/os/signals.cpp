#include "os/signals.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <csignal>

#include "os/temporary.hpp"

namespace optexplore::os {
namespace {

std::atomic<bool> deferring{false};
std::atomic<bool> interrupt_came{false};
std::atomic<pid_t> running_child{0};
std::atomic<bool> starting_child{false};
std::atomic<int> latest_signal{0};

extern "C" void end_process(int signal) {
  latest_signal = signal;
  if (starting_child) return;  // ChildGuard::started() sees to it
  if (deferring && !interrupt_came.exchange(true)) return;
  remove_unfinished_files();
  if (const pid_t child = running_child) ::kill(child, SIGTERM);
  ::_exit(128 + signal);
}

/// A closed standard descriptor becomes /dev/null opened the wrong way round, so that using it
/// still fails.
void keep_taken(int fd) {
  if (::fcntl(fd, F_GETFD) < 0) {
    // The lowest free number is fd itself, because all lower ones are taken.
    [[maybe_unused]] const int taken = ::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

}  // namespace

void prepare_process() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) keep_taken(fd);
  for (const int signal : {SIGPIPE, SIGXFSZ}) std::signal(signal, SIG_IGN);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action {};
    ::sigaction(signal, nullptr, &action);
    if (action.sa_handler == SIG_IGN) continue;  // nohup, or a shell's background job
    action.sa_handler = end_process;
    ::sigaction(signal, &action, nullptr);
  }
}

void defer_interrupts() { deferring = true; }

const std::atomic<bool>& interruption() { return interrupt_came; }

int interrupted_status() { return 128 + latest_signal; }

ChildGuard::ChildGuard() {
  latest_signal = 0;
  starting_child = true;
}

void ChildGuard::started(pid_t child) {
  running_child = child;
  starting_child = false;
  // In this order: either the handler sees that the child has started, or we see the handler's signal.
  if (const int signal = latest_signal) ::raise(signal);
}

ChildGuard::~ChildGuard() {
  running_child = 0;
  starting_child = false;
  if (const int signal = latest_signal) ::raise(signal);  // it came, and nothing was started
}

}  // namespace optexplore::os
