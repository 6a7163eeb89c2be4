#include "cli/interruptible.hpp"

#include <unistd.h>

#include <optional>
#include <utility>

#include "cli/commands.hpp"
#include "os/signals.hpp"
#include "os/terminal.hpp"

namespace optexplore::cli {

int write_interruptible(const std::string& path, os::Sink& sink, os::Progress::Work work, bool quiet,
                        const std::function<Interrupted(os::Progress&)>& write) {
  // A progress line among the rows of a terminal would only disturb them.
  const bool rows_on_terminal = path == "-" && os::is_terminal(STDOUT_FILENO);
  if (!rows_on_terminal) os::defer_interrupts();
  std::optional<os::Progress> progress(std::in_place, std::move(work), quiet || rows_on_terminal);
  const Interrupted result = write(*progress);
  progress.reset();
  if (result.written.empty()) {
    sink.finish();
    return exit_done;
  }
  const std::string kept = sink.keep();
  const std::string advice = result.advice.empty() ? "they are in" : result.advice;
  os::Messages(quiet).note("interrupted after " + result.written + (kept.empty() ? "" : "; " + advice + " " + kept));
  return os::interrupted_status();
}

}  // namespace optexplore::cli
