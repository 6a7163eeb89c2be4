#pragma once

namespace optexplore::cli {

/// Exit statuses. 130 (interrupted) is the signal handler's, see process.hpp.
inline constexpr int exit_done = 0;
inline constexpr int exit_failure = 1;       ///< runtime or I/O failure
inline constexpr int exit_usage = 2;         ///< usage or config error
inline constexpr int exit_disagreement = 4;  ///< check: a gradient is wrong; diff: the optimizers part
inline constexpr int exit_diverged = 3;      ///< with --strict, when a run diverged

/// Parses the command line and runs the subcommand that it names; returns the exit status.
/// Throws InputError for a usage or config error, IoError, os::ClosedPipe.
int run_command_line(int argc, const char* const* argv);

}  // namespace optexplore::cli
