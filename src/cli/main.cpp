#include <exception>
#include <new>
#include <optexplore/error.hpp>

#include "cli/command_line.hpp"
#include "cli/messages.hpp"
#include "cli/process.hpp"
#include "output/sink.hpp"

/// The one place that prints errors and turns them into exit statuses.
int main(int argc, char** argv) {
  using namespace optexplore;
  cli::prepare_process();
  const cli::Messages messages;
  try {
    return cli::run_command_line(argc, argv);
  } catch (const output::ClosedPipe&) {
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
