#pragma once

namespace optexplore::cli {

/// Parses the command line and runs the subcommand that it names; returns the exit status.
/// Throws InputError for a usage or config error, IoError, os::ClosedPipe.
int run_command_line(int argc, const char* const* argv);

}  // namespace optexplore::cli
