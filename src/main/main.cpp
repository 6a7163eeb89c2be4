#include <exception>
#include <new>
#include <optexplore/error.hpp>

#include "cli/commands.hpp"
#include "main/command_line.hpp"
#include "main/workers.hpp"
#include "os/messages.hpp"
#include "os/signals.hpp"
#include "os/sink.hpp"

/// The one place that prints errors and turns them into exit statuses.
int main(int argc, char** argv) {
  using namespace optexplore;
  os::prepare_process();
  const os::Messages messages;
  use_all_cores();
  try {
    return cli::run_command_line(argc, argv);
  } catch (const os::ClosedPipe&) {
    return cli::exit_done;
  } catch (const InputError& error) {
    messages.error(error.what());
    return cli::exit_usage;
  } catch (const std::bad_alloc&) {
    messages.error("out of memory");
    return cli::exit_failure;
  } catch (const std::exception& error) {
    messages.error(error.what());
    return cli::exit_failure;
  }
}
