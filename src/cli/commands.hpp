#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace optexplore::cli {

/// Exit statuses. 130 (interrupted) comes from os/signals.hpp.
inline constexpr int exit_done = 0;
inline constexpr int exit_failure = 1;       ///< runtime or I/O failure
inline constexpr int exit_usage = 2;         ///< usage or config error
inline constexpr int exit_disagreement = 4;  ///< check: a gradient is wrong; diff: the optimizers part
inline constexpr int exit_diverged = 3;      ///< with --strict, when a run diverged
inline constexpr int exit_not_told = 5;      ///< diff: the optimizers differ, but their paths don't tell

/// What the chosen subcommand will do; returns the exit status.
using Action = std::function<int()>;

/// Each adds its subcommand to the application, which sets `action` when the command line names it.
/// One source file per subcommand; command_line.cpp lists them all.
void add_run(CLI::App& app, Action& action);
void add_list(CLI::App& app, Action& action);
void add_describe(CLI::App& app, Action& action);
void add_check(CLI::App& app, Action& action);
void add_grid(CLI::App& app, Action& action);
void add_sweep(CLI::App& app, Action& action);
void add_compare(CLI::App& app, Action& action);
void add_theory(CLI::App& app, Action& action);
void add_diff(CLI::App& app, Action& action);
void add_plot(CLI::App& app, Action& action);

}  // namespace optexplore::cli
