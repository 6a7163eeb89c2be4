#include "drive/sweep.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <memory>
#include <optexplore/error.hpp>
#include <optexplore/version.hpp>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/interruptible.hpp"
#include "experiment/identity.hpp"
#include "flags/options.hpp"
#include "os/messages.hpp"
#include "os/partial.hpp"
#include "os/progress.hpp"
#include "os/signals.hpp"
#include "os/sink.hpp"
#include "output/format.hpp"
#include "output/write.hpp"
#include "parallel/ordered_map.hpp"
#include "text/place.hpp"

namespace optexplore::cli {
namespace {

constexpr const char* footer = R"(Columns: run, function, optimizer, each hyperparameter that varies or differs
between optimizers (blank: there is none of that name), start, seed, status, steps,
f_start, f_final, f_best, step_best, grad_norm, evals_f, evals_g, evals_h (where a
rule asks for Hessians), steps_to_target, the last point. What does not vary is left
out. --columns picks some of them, steps_to_settle (the step since which a run stayed
in the target until its end), or expressions of the last point: sharp=lambda_max.

Examples:
  optexplore sweep -f book -n 100 -O 'sgd:lr={"linear":[0.1,1.2,12]}'
  optexplore sweep experiment.json --target 'f < 1e-6' -o runs.csv
  optexplore sweep experiment.json -o runs.csv --resume
  optexplore sweep experiment.json --shard 2/4 --no-header > part2.csv)";

struct Options {
  flags::ExperimentOptions experiment;
  flags::OutputOptions output;
  drive::SweepOptions sweep;
  std::string shard = "1/1";
  bool resume = false;
  bool identity = false;
};

/// Runs first … end-1, from 0.
struct Range {
  std::uint64_t first = 0;
  std::uint64_t end = 0;
};

/// The k-th of n contiguous parts of nearly equal size, from "k/n".
Range read_shard(const std::string& text, std::uint64_t runs) {
  const std::size_t slash = text.find('/');
  const auto number = [&](const std::string& part) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (error != std::errc() || end != part.data() + part.size() || value == 0)
      throw InputError("expected k/n with whole numbers, 1 to n of n, as in 2/4, found '" + text + "'", "", "--shard");
    return value;
  };
  if (slash == std::string::npos) number("");
  const std::uint64_t k = number(text.substr(0, slash)), n = number(text.substr(slash + 1));
  if (k > n) throw InputError("there is no part " + std::to_string(k) + " of " + std::to_string(n), "", "--shard");
  // The first parts have one run more when they can't all be alike; no product that could overflow.
  const std::uint64_t size = runs / n, more = runs % n;
  const auto begin = [&](std::uint64_t part) { return part * size + std::min(part, more); };
  return {begin(k - 1), begin(k)};
}

/// Formats whose rows are lines that don't depend on one another: what is there can be kept.
bool has_lines(const std::string& format) { return format == "csv" || format == "tsv" || format == "jsonl"; }

/// Everything that decides the bytes of the output.
std::string identity_of(const Options& options, const flags::OutputPlan& plan, const Experiment& experiment,
                        const drive::Sweep& sweep) {
  std::string text = std::string("optexplore ") + version + "\n";
  text += "target " + options.sweep.target.value_or("(default)") + "\nshard " + options.shard + "\nformat " +
          plan.format + (plan.options.header ? "" : " without header") +
          (plan.options.precision ? " precision " + std::to_string(*plan.options.precision) : "") + "\n";
  for (const Column& column : sweep.schema().columns) text += "column " + column.name + "\n";
  if (options.experiment.overrides.columns) text += "columns " + *options.experiment.overrides.columns + "\n";
  return text + experiment::identity(experiment);
}

/// The lines that these runs should have.
std::vector<std::string> lines_of(const drive::Sweep& sweep, output::Writer& writer, std::uint64_t first,
                                  std::uint64_t count) {
  os::StringSink sink;
  drive::RunBlocks blocks(sweep, first, first + count);
  while (const auto part = blocks.next()) {
    const Block block = sweep.compute(part->first, part->count);
    writer.write(block, writer.render(block), sink);
  }
  std::vector<std::string> lines;
  std::istringstream text(sink.text);
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

/// The number of runs that a partial file has, after comparing the first and last of them with what they should be.
std::uint64_t verified_runs(const os::PartialFile& file, const drive::Sweep& sweep, output::Writer& writer,
                            const Range& range, bool header) {
  if (file.lines() == 0) return 0;
  std::uint64_t runs = file.lines();
  std::vector<std::string> first = file.first_lines(), last = file.last_lines();
  if (header) {
    os::StringSink sink;
    writer.begin(sink);
    if (first.front() + "\n" != sink.text) file.fail_damaged("line 1 is not this sweep's line of column names");
    first.erase(first.begin());
    --runs;
    if (last.size() > runs) last.erase(last.begin());
  }
  if (runs > range.end - range.first) file.fail_damaged("it has more rows than the sweep has runs");
  if (first.size() > runs) first.resize(runs);
  const auto compare = [&](const std::vector<std::string>& lines, std::uint64_t begin) {
    const std::vector<std::string> expected = lines_of(sweep, writer, range.first + begin, lines.size());
    for (std::size_t i = 0; i < lines.size(); ++i)
      if (lines[i] != expected[i])
        file.fail_damaged("the row of run " + std::to_string(range.first + begin + i + 1) +
                          " is not what it should be");
  };
  compare(first, 0);
  compare(last, runs - last.size());
  return runs;
}

int sweep(const Options& options) {
  flags::OutputPlan plan = flags::plan_output(options.output);
  flags::check_paths(options.experiment.config, plan.path);
  const experiment::Request request = flags::load_request(options.experiment);
  const Experiment& experiment = request.experiment;
  drive::SweepOptions sweep_options = options.sweep;
  sweep_options.columns = request.flag_columns;
  sweep_options.control.interrupt = &os::interruption();
  const auto made = compiling(options.output.quiet, [&] {
    return request.named_by_flags([&] { return std::make_unique<drive::Sweep>(experiment, sweep_options); });
  });
  const drive::Sweep& sweep = *made;
  const Range range = read_shard(options.shard, sweep.runs());
  auto writer = flags::make_writer(plan, sweep.schema());

  if (options.identity) {
    flags::print(identity_of(options, plan, experiment, sweep));
    return exit_done;
  }

  const os::Target target = os::find_target(plan.path);
  const bool to_file = target.kind == os::Target::Kind::file && has_lines(plan.format);
  if (options.resume && !to_file)
    throw InputError("only csv, tsv and jsonl in a file can be continued; give one with -o", "", "--resume");
  std::uint64_t next_run = range.first;
  std::unique_ptr<os::Sink> sink;
  if (to_file) {
    auto file =
        std::make_unique<os::PartialFile>(target, identity_of(options, plan, experiment, sweep), options.resume);
    const bool has_header = plan.options.header && plan.format != "jsonl";
    next_run += verified_runs(*file, sweep, *writer, range, has_header);
    if (file->lines() > 0) {  // the line of column names among them
      output::WriteOptions rest = plan.options;
      rest.header = false;
      writer = output::make_writer(plan.format, sweep.schema(), rest);
    }
    sink = std::move(file);
  } else {
    sink = os::open_sink(target);
  }

  drive::RunBlocks blocks(sweep, next_run, range.end, parallel::threads(plan.jobs));
  const auto next = [&]() -> std::optional<output::BlockJob> {
    if (os::interrupted()) return std::nullopt;
    const auto part = blocks.next();
    if (!part) return std::nullopt;
    return [&sweep, part]() -> std::optional<std::vector<Block>> {
      Block block = sweep.compute(part->first, part->count);
      if (os::interrupted()) return std::nullopt;
      return std::vector<Block>{std::move(block)};
    };
  };
  std::uint64_t written = next_run - range.first;
  const std::uint64_t runs = range.end - range.first;
  const os::Progress::Work work{"runs", static_cast<double>(runs), static_cast<double>(written)};
  return write_interruptible(plan.path, *sink, work, options.output.quiet, [&](os::Progress& progress) -> Interrupted {
    output::compute_all(next, *writer, *sink, plan.jobs, [&](const Block& block) {
      written += block.rows;
      progress.add(block.rows);
    });
    if (written == runs) return {};
    return {std::to_string(written) + " of " + std::to_string(runs) + " runs", to_file ? "--resume continues" : ""};
  });
}

}  // namespace

void add_sweep(CLI::App& app, Action& action) {
  CLI::App& command = *app.add_subcommand("sweep", "Run an experiment; one row per run");
  command.footer(footer);
  const auto options = std::make_shared<Options>();
  flags::add_experiment_options(command, options->experiment);
  flags::add_text_option(command, "--target", "EXPR", "When a run has reached its aim (default: gap < 1e-8)",
                         [options](const std::string& text) { options->sweep.target = text; });
  flags::add_text_option(command, "--shard", "K/N", "Only the K-th of N contiguous parts of the runs",
                         [options](const std::string& text) { options->shard = text; });
  flags::add_writing_options(command, options->output, output::format_names());
  command.add_flag("--resume", options->resume, "Continue FILE.partial of a sweep that was interrupted or killed");
  command.add_flag("--identity", options->identity, "Print what decides the bytes of the output, and run nothing");
  command.callback([&action, options] { action = [options] { return sweep(*options); }; });
}

}  // namespace optexplore::cli
