#include "flags/options.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <limits>
#include <optexplore/error.hpp>
#include <utility>

#include "os/sink.hpp"
#include "os/terminal.hpp"
#include "os/text_file.hpp"
#include "output/format.hpp"
#include "output/write.hpp"
#include "text/place.hpp"
#include "text/wrap.hpp"

namespace optexplore::flags {
namespace {

/// A setter that stores the text in an optional.
auto into(std::optional<std::string>& target) {
  return [&target](const std::string& text) { target = text; };
}

/// Names with commas between, without one of them.
std::string listed(const std::vector<std::string>& names, const std::string& without = "") {
  std::string text;
  for (const std::string& name : names)
    if (name != without) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

void add_text_option(CLI::App& command, const std::string& names, const std::string& value_name,
                     const std::string& help, const std::function<void(const std::string&)>& set) {
  command.add_option_function<std::string>(names, set, help)
      ->type_name(value_name)
      ->multi_option_policy(CLI::MultiOptionPolicy::Throw);
}

void add_repeatable_option(CLI::App& command, const std::string& names, const std::string& value_name,
                           const std::string& help, std::vector<std::string>& values) {
  // Without allow_extra_args(false), `-O adam book.json` would take the config for a second
  // optimizer.
  command.add_option(names, values, help)->type_name(value_name)->allow_extra_args(false);
}

void add_problem_options(CLI::App& command, experiment::Overrides& flags) {
  add_repeatable_option(command, "-f,--function", "TEXT", "'f(x,y) = …' or a catalogue's name, repeatable",
                        flags.functions);
  command.add_flag("--maximize", flags.maximize, "Go up: rules minimize -f");
  add_repeatable_option(command, "--start", "POINT", "Where runs begin: -7,2, repeatable", flags.starts);
  add_text_option(command, "-n,--steps", "N", "Number of updates", into(flags.steps));
  add_text_option(command, "--seed", "N", "Seed of all random numbers", into(flags.seed));
  add_text_option(command, "--gradient", "KIND", "exact (default), central or forward", into(flags.gradient));
}

void add_experiment_options(CLI::App& command, ExperimentOptions& options, bool columns) {
  experiment::Overrides& flags = options.overrides;
  add_text_option(command, "CONFIG", "", "Experiment in JSON; '-' is standard input", into(options.config));
  command.option_defaults()->group("Experiment (overrides CONFIG)");
  add_problem_options(command, flags);
  add_repeatable_option(command, "-O,--optimizer", "RULE", "TYPE[:key=value,…], repeatable", flags.optimizers);
  add_text_option(command, "--stop", "EXPR", "Stop when this holds: 'norm(g) < 1e-8'", into(flags.stop));
  add_repeatable_option(command, "--set", "PATH=VALUE", "optimizers.adam.lr=0.1, repeatable", flags.sets);
  if (!columns) return;
  add_text_option(command, "--columns", "LIST", "Columns, separated by commas: step,f,r=norm(g)", into(flags.columns));
}

void add_writing_options(CLI::App& command, OutputOptions& options, const std::vector<std::string>& formats) {
  command.option_defaults()->group("Output");
  add_text_option(command, "-o,--output", "FILE", "Write to a file; '-' is standard output",
                  [&options](const std::string& text) { options.path = text; });
  add_text_option(command, "--format", "NAME", listed(formats), into(options.format));
  add_text_option(command, "--precision", "P", "Significant digits, 1 to 17 (default: exact)", into(options.precision));
  command.add_flag("--no-header", options.no_header, "No line of column names");
  add_text_option(command, "-j,--jobs", "N", "Threads (default: all processors)", into(options.jobs));
  command.add_flag("-q,--quiet", options.quiet, "No warnings and notes");
}

void add_output_options(CLI::App& command, OutputOptions& options) {
  add_writing_options(command, options, output::format_names());
  add_every_option(command, options);
  command.add_flag("--strict", options.strict, "Exit with status 3 when a run diverges");
}

void add_format_option(CLI::App& command, std::string& format, std::string help) {
  if (help.empty()) help = "text (default), " + listed(output::format_names(), "text");
  add_text_option(command, "--format", "NAME", help, [&format](const std::string& text) { format = text; });
}

void add_every_option(CLI::App& command, OutputOptions& options) {
  add_text_option(command, "--every", "K", "Record every K-th step, the first and the last",
                  [&options](const std::string& text) { options.every = text; });
}

void add_refused_option(CLI::App& command, const std::string& names, bool takes_value, const std::string& reason) {
  const std::string flag = names.substr(names.rfind(',') + 1);
  const auto refuse = [flag, reason] { throw InputError(reason, "", flag); };
  if (takes_value)
    command.add_option_function<std::string>(names, [refuse](const std::string&) { refuse(); })->group("");
  else
    command.add_flag_callback(names, refuse)->group("");
}

experiment::Request load_request(const ExperimentOptions& options) {
  if (!options.config) return experiment::read_request("", "command line", options.overrides);
  const os::TextFile config = os::read_text_file(*options.config);
  if (config.text.empty()) throw InputError("the config is empty; expected { … }", "", config.name);
  return experiment::read_request(config.text, config.name, options.overrides);
}

OutputPlan plan_output(const OutputOptions& options) {
  constexpr auto any = std::numeric_limits<std::uint64_t>::max();
  if (options.path.empty()) throw InputError("expected a file name, found ''", "", "--output");
  OutputPlan plan;
  plan.path = options.path;
  plan.format = options.format ? *options.format
                               : text::with_place("--output", [&] { return output::format_of_path(plan.path); });
  plan.run.every = whole_number("--every", options.every, 1, any);
  plan.options.header = !options.no_header;
  if (options.precision) {
    plan.options.precision = static_cast<int>(whole_number("--precision", *options.precision, 1, 17));
  }
  if (options.jobs) {
    plan.jobs = static_cast<unsigned>(whole_number("--jobs", *options.jobs, 1, 1024));
  }
  return plan;
}

void check_format(const std::string& name) {
  text::with_place("--format", [&] { output::find_format(name, Schema{}); });
}

void check_paths(const std::optional<std::string>& config, const std::string& output,
                 const std::optional<std::string>& profile) {
  namespace fs = std::filesystem;
  // Devices may be named twice; that standard output can't take two tables is known to the command.
  const auto same = [](const std::string& a, const std::string& b) {
    std::error_code error;
    if (a == "-" || b == "-" || fs::is_character_file(a, error) || fs::is_fifo(a, error)) return false;
    return fs::weakly_canonical(fs::absolute(a), error) == fs::weakly_canonical(fs::absolute(b), error);
  };
  if (config && same(*config, output)) throw InputError("'" + output + "' is the config itself", "", "--output");
  if (!profile) return;
  if (config && same(*config, *profile)) throw InputError("'" + *profile + "' is the config itself", "", "--profile");
  if (same(output, *profile)) throw InputError("'" + *profile + "' is what --output writes", "", "--profile");
}

std::unique_ptr<output::Writer> make_writer(const OutputPlan& plan, const Schema& schema) {
  const output::Format& format =
      text::with_place("--format", [&]() -> const output::Format& { return output::find_format(plan.format, schema); });
  if (!plan.options.header && !format.has_header(schema))
    throw InputError("there is no line of column names in " + plan.format, "", "--no-header");
  if (plan.options.precision && !format.has_digits)
    throw InputError(plan.format + " holds the numbers themselves, not their digits", "", "--precision");
  return format.make(schema, plan.options);
}

void print(const Table& table, const std::string& format) {
  OutputPlan plan;
  plan.format = format;
  const auto writer = make_writer(plan, table.schema);
  output::write_table(table, *writer, *os::open_sink("-"));
}

std::uint64_t whole_number(const std::string& flag, const std::string& text, std::uint64_t least, std::uint64_t most) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool read = error == std::errc() && end == text.data() + text.size();
  if (read && value >= least && value <= most) return value;
  const bool bounded = most < std::numeric_limits<std::uint64_t>::max();
  const std::string range = bounded ? "from " + std::to_string(least) + " to " + std::to_string(most)
                                    : "of at least " + std::to_string(least);
  throw InputError("expected a whole number " + range + ", found '" + text + "'", "", flag);
}

std::size_t page_width() {
  const auto window = os::window(STDOUT_FILENO);
  return window ? std::clamp<std::size_t>(window->columns, 40, text::page_width) : text::page_width;
}

void print(std::string_view text) {
  const auto sink = os::open_sink("-");
  sink->write(text);
  sink->finish();
}

}  // namespace optexplore::flags
