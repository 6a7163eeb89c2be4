#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optexplore/experiment.hpp>
#include <optexplore/run.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "experiment/request.hpp"
#include "output/format.hpp"
#include "output/writer.hpp"

namespace CLI {
class App;
}

namespace optexplore::flags {

/// What a subcommand runs: a config, flags that override it, or both.
struct ExperimentOptions {
  std::optional<std::string> config;
  experiment::Overrides overrides;
};

/// How rows are chosen and written. Texts as typed; OutputPlan holds what they mean.
struct OutputOptions {
  std::optional<std::string> format;
  std::string path = "-";
  std::string every = "1";
  std::optional<std::string> precision;
  std::optional<std::string> jobs;
  bool no_header = false;
  bool quiet = false;
  bool strict = false;
};

/// OutputOptions, validated.
struct OutputPlan {
  std::string format;
  std::string path;
  RunOptions run;
  output::WriteOptions options;
  unsigned jobs = 0;  ///< 0: as many as the machine has
};

/// Add the flags of each group to a subcommand.
/// Function, start, steps, seed and kind of gradient.
void add_problem_options(CLI::App& command, experiment::Overrides& flags);
/// CONFIG, what add_problem_options adds, and the rest of an experiment.
/// @param columns  whether there are columns to choose
void add_experiment_options(CLI::App& command, ExperimentOptions& options, bool columns = true);
void add_output_options(CLI::App& command, OutputOptions& options);
/// The part of them that every kind of table has.
void add_writing_options(CLI::App& command, OutputOptions& options, const std::vector<std::string>& formats);
/// --format alone, of reports to standard output whose text is for people.
/// @param help  what the formats give; empty: their names
void add_format_option(CLI::App& command, std::string& format, std::string help = "");
/// --every, for those who record steps.
void add_every_option(CLI::App& command, OutputOptions& options);

/// Adds `names` ("-n,--steps") whose value, shown as `value_name`, is handed over as typed. The
/// last one wins when it is given several times.
void add_text_option(CLI::App& command, const std::string& names, const std::string& value_name,
                     const std::string& help, const std::function<void(const std::string&)>& set);

/// Adds `names` whose value may be given several times.
void add_repeatable_option(CLI::App& command, const std::string& names, const std::string& value_name,
                           const std::string& help, std::vector<std::string>& values);

/// Makes a subcommand refuse a flag that other subcommands have: "--strict: nothing runs". It isn't in the help.
/// @param takes_value  whether a value follows it
void add_refused_option(CLI::App& command, const std::string& names, bool takes_value, const std::string& reason);

/// Reads the config, if any, and applies the flags. Throws InputError, IoError.
experiment::Request load_request(const ExperimentOptions& options);

/// Throws InputError naming the flag.
OutputPlan plan_output(const OutputOptions& options);

/// Throws InputError naming --format and the nearest one when `name` is no format of tables.
void check_format(const std::string& name);

/// Throws InputError when two of a command's files are the same one.
/// @param profile  a second output, if any
void check_paths(const std::optional<std::string>& config, const std::string& output,
                 const std::optional<std::string>& profile = std::nullopt);

/// A writer of `plan`'s format for a table. Throws InputError naming the flag: when there is no such format, it can't
/// hold the table, or has no use for a flag.
std::unique_ptr<output::Writer> make_writer(const OutputPlan& plan, const Schema& schema);

/// Writes a table in memory to standard output. Throws InputError naming --format.
void print(const Table& table, const std::string& format);

/// A whole number between two limits. Throws InputError: "--every: expected a whole number of at
/// least 1, found '0'".
std::uint64_t whole_number(const std::string& flag, const std::string& text, std::uint64_t least, std::uint64_t most);

/// Width of pages on standard output: 80 columns, fewer on a terminal that is narrower, but never below 40.
std::size_t page_width();

/// Writes text to standard output. Throws IoError, os::ClosedPipe.
void print(std::string_view text);

}  // namespace optexplore::flags
