#include <unistd.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <mutex>
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
#include "flags/options.hpp"
#include "main/command_line.hpp"
#include "os/messages.hpp"
#include "os/progress.hpp"
#include "os/sink.hpp"
#include "table/pipeline.hpp"
#include "text/place.hpp"

namespace optexplore::cli {
namespace {

constexpr const char* footer = R"(A row per optimizer, over all functions, starts and seeds. An optimizer with several
settings is judged by its best: least ERT with all of its budget charged to a run
that ended early, then least median gap. solved: the share
that reached the target, with its Wilson interval. Steps to target: a run that
didn't reach it counts as infinite. ERT: evaluations of f and of its gradient of all
runs, divided by the number of solved ones (COCO). rank: mean over the runs with the
same function, start and seed; solved before unsolved, then by evaluations or by
final f; equal ones share.

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
  bool every_setting = false;
  std::optional<std::string> tune;
  std::optional<std::string> tune_starts;
  std::optional<std::string> bootstrap;
  std::optional<std::string> profile;
};

constexpr std::uint64_t most_resamples = 100'000;

std::vector<std::string> compare_format_names() {
  std::vector<std::string> names = {"table", "md"};
  for (std::string& name : table::table_format_names(false)) names.push_back(std::move(name));
  return names;
}

/// A table for people on a terminal.
std::string default_format(const flags::OutputOptions& options) {
  if (options.path.ends_with(".md")) return "md";
  if (options.path.ends_with(".txt")) return "table";
  if (options.path == "-" && ::isatty(STDOUT_FILENO) == 1) return "table";
  return table::format_of_extension(options.path).value_or("csv");
}

void write_table(const std::string& format, const std::string& flag, const table::FormatOptions& options,
                 std::vector<ColumnInfo> columns, RowBlock rows, os::Sink& sink) {
  const std::unique_ptr<table::Format> writer = text::with_place(flag, [&] {
    return table::make_table_format(format, {nullptr, std::move(columns), options});
  });
  std::optional<RowBlock> next = std::move(rows);
  const table::BlockSource source = [&next] { return std::exchange(next, std::nullopt); };
  table::write_all(source, *writer, sink, 1);
}

void write_report(const analysis::CompareReport& report, const flags::OutputPlan& plan, os::Sink& sink) {
  if (plan.format != "table" && plan.format != "md") {
    write_table(plan.format, "--format", plan.options, analysis::report_columns(report), analysis::report_rows(report),
                sink);
    return;
  }
  sink.write(analysis::table_text(report, plan.format == "md"));
  sink.finish();
}

void write_profiles(const analysis::CompareReport& report, std::uint64_t resamples, const flags::OutputPlan& plan,
                    const std::string& path, os::Sink& sink) {
  using Kind = ColumnInfo::Kind;
  const std::vector<analysis::Curve> curves = analysis::profiles(*report.comparison, resamples);
  if (curves.empty()) throw InputError("no function has a target; give one with --target", "", "--profile");
  std::vector<ColumnInfo> columns = {{"profile", Kind::choice}, {"optimizer", Kind::choice}};
  for (const analysis::ProfileKind kind :
       {analysis::ProfileKind::ecdf, analysis::ProfileKind::performance, analysis::ProfileKind::data})
    columns[0].labels.emplace_back(to_string(kind));
  for (const analysis::Entry& entry : report.comparison->entries)
    columns[1].labels.push_back(report.every_setting && !entry.setting.empty() ? entry.label + ":" + entry.setting
                                                                               : entry.label);
  for (const char* name : {"x", "share"}) columns.push_back({name, Kind::number});
  if (resamples > 0)
    for (const char* name : {"share_low", "share_high"}) columns.push_back({name, Kind::number});
  RowBlock rows;
  rows.trajectory = table::no_trajectory(columns.size());
  rows.first = rows.last = true;
  for (const analysis::Curve& curve : curves)
    for (std::size_t i = 0; i < curve.x.size(); ++i) {
      for (const double value :
           {static_cast<double>(curve.kind), static_cast<double>(curve.entry), curve.x[i], curve.share[i]})
        rows.values.push_back(value);
      if (resamples > 0) {
        rows.values.push_back(curve.bands[i].low);
        rows.values.push_back(curve.bands[i].high);
      }
      ++rows.rows;
    }
  const std::string format = table::format_of_extension(path).value_or("csv");
  write_table(format, "--profile", plan.options, std::move(columns), std::move(rows), sink);
}

analysis::Options read_options(const Options& options, unsigned jobs) {
  analysis::Options result;
  result.target = options.target;
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
  if (!options.output.format) plan.format = default_format(options.output);
  flags::check_format_name(plan.format, compare_format_names());
  flags::check_paths(options.experiment.config, plan.path, options.profile);
  const std::uint64_t resamples =
      options.bootstrap ? flags::whole_number("--bootstrap", *options.bootstrap, 1, most_resamples) : 0;
  const experiment::Request request = flags::load_request(options.experiment);
  const Experiment& experiment = request.experiment;
  // Before anything is computed: can they be written?
  std::unique_ptr<os::Sink> table, profile;
  if (options.profile != "-" || plan.path != "-") table = os::open_sink(plan.path);
  if (options.profile) profile = os::open_sink(*options.profile);

  analysis::Options compare_options = read_options(options, plan.jobs);
  std::mutex mutex;
  std::optional<os::Progress> progress;
  std::uint64_t shown = 0;
  compare_options.progress = [&](std::uint64_t done, std::uint64_t total) {
    const std::lock_guard lock(mutex);
    if (!progress) progress.emplace(0, total, options.output.quiet);
    if (done > shown) progress->add(done - std::exchange(shown, done));
  };
  const analysis::Comparison comparison =
      request.named_by_flags([&] { return analysis::compare(experiment, compare_options); });
  progress.reset();

  analysis::CompareReport report{&experiment, &comparison, {}, {}, options.tune.has_value(), options.every_setting};
  for (const analysis::Entry& entry : comparison.entries) report.judgements.push_back(judge(comparison, entry));
  if (resamples > 0) report.bands = bootstrap(comparison, resamples);
  if (profile) write_profiles(report, resamples, plan, *options.profile, *profile);
  if (table) write_report(report, plan, *table);
  if (plan.format != "table" && plan.format != "md")
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
  flags::add_text_option(command, "--target", "EXPR", "When a run is solved (default: gap < 1e-8)",
                         into(options->target));
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
