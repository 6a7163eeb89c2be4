#include "run/sweep.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <limits>
#include <memory>
#include <optexplore/error.hpp>
#include <optional>
#include <string>

#include "cli/command_line.hpp"
#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "cli/options.hpp"
#include "output/pipeline.hpp"
#include "output/sink.hpp"

namespace optexplore::cli {
namespace {

constexpr const char* footer = R"(Columns: run, function, optimizer, each hyperparameter that varies, start, seed,
status, steps, f_start, f_final, f_best, step_best, grad_norm, evals_f, evals_g,
steps_to_target, the last point. What does not vary is left out. --columns picks
some of them, or expressions of the last point: sharp=lambda_max.

Examples:
  optexplore sweep -f book -n 100 -O 'sgd:lr={"linear":[0.1,1.2,12]}'
  optexplore sweep experiment.json --target 'f < 1e-6' -o runs.csv
  optexplore sweep experiment.json --shard 2/4 --no-header >> part2.csv)";

struct Options {
  ExperimentOptions experiment;
  OutputOptions output;
  run::SweepOptions sweep;
  std::string shard = "1/1";
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

int sweep(const Options& options) {
  const Messages messages(options.output.quiet);
  const OutputPlan plan = plan_output(options.output);
  const Experiment experiment = load_experiment(options.experiment);
  run::SweepOptions sweep_options = options.sweep;
  if (options.experiment.overrides.columns) sweep_options.columns = experiment.columns;  // a config's own are for `run`
  const run::Sweep sweep(experiment, sweep_options);
  const Range range = read_shard(options.shard, sweep.runs());

  std::unique_ptr<output::Format> format;
  try {
    format = output::make_table_format(plan.format, {nullptr, sweep.columns(), plan.options});
  } catch (const InputError& error) {
    throw error.at("--format");
  }
  const auto sink = output::open_sink(plan.path);
  std::uint64_t next_run = range.first;
  const auto next = [&]() -> std::optional<output::BlockJob> {
    if (next_run == range.end) return std::nullopt;
    const std::uint64_t first = next_run, count = sweep.block_size(first, range.end - first);
    next_run += count;
    return [&sweep, first, count] { return sweep.compute(first, count); };
  };
  output::compute_all(next, *format, *sink, plan.jobs);
  return exit_done;
}

}  // namespace

void add_sweep(CLI::App& app, Action& action) {
  CLI::App& command = *app.add_subcommand("sweep", "Run an experiment; one row per run");
  command.footer(footer);
  const auto options = std::make_shared<Options>();
  add_experiment_options(command, options->experiment);
  add_text_option(command, "--target", "EXPR", "When a run has reached its aim (default: gap < 1e-8)",
                  [options](const std::string& text) { options->sweep.target = text; });
  add_text_option(command, "--shard", "K/N", "Only the K-th of N contiguous parts of the runs",
                  [options](const std::string& text) { options->shard = text; });
  add_writing_options(command, options->output, output::table_format_names(false));
  command.callback([&action, options] { action = [options] { return sweep(*options); }; });
}

}  // namespace optexplore::cli
