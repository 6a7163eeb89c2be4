#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <optexplore/error.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/compare_report.hpp"
#include "analysis/comparison.hpp"
#include "analysis/judgement.hpp"
#include "analysis/profile.hpp"
#include "cli/commands.hpp"
#include "cli/interruptible.hpp"
#include "flags/options.hpp"
#include "os/messages.hpp"
#include "os/sink.hpp"
#include "os/terminal.hpp"
#include "output/format.hpp"
#include "output/write.hpp"
#include "text/place.hpp"

namespace optexplore::cli {
namespace {

constexpr const char* footer = R"(A row per optimizer, over all functions, starts and seeds. An optimizer with several
settings is judged by its best: least ERT with all of its budget charged to a run
that ended early, then least median gap; a note (column range_end) tells when that is
the least or greatest value tried. solved: the share that reached the target and
stayed there until the end, with its Wilson interval; touched: the share that was
there at some step. Steps to target: until a run was there to stay; one that wasn't
counts as infinite. ERT: evaluations of f and of its gradient of all runs until then
or their end (a Hessian is n of them; --cost 'evals_f + 4*evals_g' says otherwise), divided by the
number of solved ones (COCO, which counts touching).
rank: mean over the runs with the same function, start and seed; solved before
unsolved, then by evaluations or by final f; equal ones share.

--profile writes step functions, columns profile,optimizer,x,share: ecdf (x:
evaluations), performance (Dolan & More: divided by the quickest's), data (More &
Wild: divided by n+1).

Examples:
  optexplore compare configs/compare.json
  optexplore compare configs/compare.json --tune 10 --bootstrap 1000 --format md
  optexplore compare configs/compare.json -o table.csv --profile profiles.csv)";

struct Options {
  flags::ExperimentOptions experiment;
  flags::OutputOptions output;
  std::optional<std::string> target;
  std::optional<std::string> cost;
  bool every_setting = false;
  std::optional<std::string> tune;
  std::optional<std::string> tune_starts;
  std::optional<std::string> bootstrap;
  std::optional<std::string> profile;
};

constexpr std::uint64_t most_resamples = 100'000;

/// "table" is the text that people get on a terminal; it has been called so from the first version on.
std::vector<std::string> compare_format_names() {
  std::vector<std::string> names = {"table"};
  for (std::string& name : output::format_names()) names.push_back(std::move(name));
  return names;
}

/// A table for people on a terminal.
std::string default_format(const flags::OutputOptions& options) {
  if (options.path == "-" && os::is_terminal(STDOUT_FILENO)) return "text";
  return text::with_place("--output", [&] { return output::format_of_path(options.path); });
}

std::string read_format(const flags::OutputOptions& options) {
  const std::string name = options.format.value_or(default_format(options));
  const std::vector<std::string> known = compare_format_names();
  if (std::ranges::find(known, name) != known.end()) return name == "table" ? "text" : name;
  text::with_place("--format", [&] { output::fail_unknown_format(name, known); });
  return "";  // not reached
}

/// Formats whose table is laid out for people, with rounded figures and the notes below.
bool for_people(const std::string& format) { return format == "text" || format == "md"; }

std::string profile_format(const std::string& path) {
  return text::with_place("--profile", [&] { return output::format_of_path(path); });
}

/// @param formats  of the tables that are for programs
void check_text_options(const output::WriteOptions& options, const std::vector<std::string>& formats) {
  const auto any = [&formats](auto has) {
    return std::ranges::any_of(formats, [&](const std::string& name) { return has(output::find_format(name, {})); });
  };
  if (options.precision && !any([](const output::Format& format) { return format.has_digits; }))
    throw InputError("tables for people have digits of their own, and npy holds the numbers themselves", "",
                     "--precision");
  if (!options.header && !any([](const output::Format& format) { return format.has_header({}); }))
    throw InputError("there is no line of column names that could be left out", "", "--no-header");
}

void write_report(const analysis::CompareReport& report, const flags::OutputPlan& plan, os::Sink& sink) {
  if (!for_people(plan.format)) {
    const Table table = analysis::report_table(report);
    output::write_table(table, *output::make_writer(plan.format, table.schema, plan.options), sink);
    return;
  }
  sink.write(analysis::table_text(report, plan.format == "md"));
  sink.finish();
}

void write_profiles(const analysis::CompareReport& report, std::uint64_t resamples, const flags::OutputPlan& plan,
                    const std::string& path, os::Sink& sink) {
  const std::vector<analysis::Curve> curves = analysis::profiles(*report.comparison, resamples);
  if (curves.empty()) throw InputError("no function has a target; give one with --target", "", "--profile");
  const Table table = analysis::profile_table(*report.comparison, curves, report.every_setting);
  output::write_table(table, *output::make_writer(profile_format(path), table.schema, plan.options), sink);
}

analysis::Options read_options(const Options& options, unsigned jobs) {
  analysis::Options result;
  result.target = options.target;
  result.cost = options.cost;
  result.every_setting = options.every_setting;
  result.jobs = jobs;
  constexpr std::uint64_t most = 100'000'000;
  if (options.tune) {
    if (options.every_setting)
      throw InputError("goes with the best settings only, not with --each-setting", "", "--tune");
    result.tuning = {flags::whole_number("--tune", *options.tune, 2, most), std::nullopt};
    if (options.tune_starts)
      result.tuning->starts = flags::whole_number("--tune-starts", *options.tune_starts, 1, most);
  } else if (options.tune_starts) {
    throw InputError("goes with --tune only", "", "--tune-starts");
  }
  return result;
}

int compare(const Options& options) {
  const os::Messages messages(options.output.quiet);
  flags::OutputPlan plan = flags::plan_output(options.output);
  plan.format = read_format(options.output);
  flags::check_paths(options.experiment.config, plan.path, options.profile);
  const std::uint64_t resamples =
      options.bootstrap ? flags::whole_number("--bootstrap", *options.bootstrap, 1, most_resamples) : 0;
  const experiment::Request request = flags::load_request(options.experiment);
  const Experiment& experiment = request.experiment;
  // Before anything is computed: can they be written?
  std::unique_ptr<os::Sink> table, profile;
  const bool has_table = options.profile != "-" || plan.path != "-";
  std::vector<std::string> program_formats;
  if (has_table && !for_people(plan.format)) program_formats.push_back(plan.format);
  if (options.profile) program_formats.push_back(profile_format(*options.profile));
  check_text_options(plan.options, program_formats);
  if (has_table) table = os::open_sink(plan.path);
  if (options.profile) profile = os::open_sink(*options.profile);

  analysis::Options compare_options = read_options(options, plan.jobs);
  RunsProgress progress(options.output.quiet);
  compare_options.progress = [&](std::uint64_t done, std::uint64_t total) { progress.show(done, total); };
  const analysis::Comparison comparison =
      request.named_by_flags([&] { return analysis::compare(experiment, compare_options); });
  progress.end();

  analysis::CompareReport report{&experiment, &comparison, {}, {}, options.tune.has_value(), options.every_setting};
  for (const analysis::Entry& entry : comparison.entries) report.judgements.push_back(judge(comparison, entry));
  if (resamples > 0) report.bands = bootstrap(comparison, resamples);
  if (profile) write_profiles(report, resamples, plan, *options.profile, *profile);
  if (table) write_report(report, plan, *table);
  if (!for_people(plan.format))
    for (const std::string& note : analysis::report_notes(report)) messages.note(note);
  return exit_done;
}

}  // namespace

void add_compare(CLI::App& app, Action& action) {
  CLI::App& command = *app.add_subcommand("compare", "Run an experiment; one row per optimizer: who is best?");
  command.footer(footer);
  const auto options = std::make_shared<Options>();
  const auto into = [](auto& target) { return [&target](const std::string& text) { target = text; }; };
  flags::add_experiment_options(command, options->experiment, false);
  command.option_defaults()->group("Comparison");
  flags::add_text_option(command, "--target", "EXPR", "What a run has to reach (default: gap < 1e-8)",
                         into(options->target));
  flags::add_text_option(command, "--cost", "EXPR", "What evaluations cost (default: evals_f + evals_g + n*evals_h)",
                         into(options->cost));
  command.add_flag("--each-setting", options->every_setting, "A row for each setting, not only for the best");
  flags::add_text_option(command, "--tune", "M", "Choose the best of M settings on starts that don't count",
                         into(options->tune));
  flags::add_text_option(command, "--tune-starts", "K", "How many starts to tune on (default: half of them)",
                         into(options->tune_starts));
  flags::add_text_option(command, "--bootstrap", "B", "95% bands from B resamples of the runs",
                         into(options->bootstrap));
  flags::add_text_option(command, "--profile", "FILE", "ECDF, performance and data profiles; '-' instead of the table",
                         into(options->profile));
  flags::add_writing_options(command, options->output, compare_format_names());
  command.callback([&action, options] { action = [options] { return compare(*options); }; });
}

}  // namespace optexplore::cli
