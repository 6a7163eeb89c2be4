#include "analysis/grid.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optexplore/error.hpp>
#include <optional>
#include <string>
#include <vector>

#include "catalog/parameters.hpp"
#include "cli/commands.hpp"
#include "cli/interruptible.hpp"
#include "drive/blocks.hpp"
#include "experiment/document.hpp"
#include "experiment/text.hpp"
#include "flags/options.hpp"
#include "os/signals.hpp"
#include "os/sink.hpp"
#include "output/format.hpp"
#include "output/write.hpp"
#include "parallel/ordered_map.hpp"
#include "study/columns.hpp"
#include "study/expansion.hpp"
#include "text/caret.hpp"
#include "text/number.hpp"
#include "text/place.hpp"
#include "text/suggest.hpp"
#include "text/utf8.hpp"
#include "text/wrap.hpp"

namespace optexplore::cli {
namespace {

constexpr const char* footer = R"(Lines of constant second axis follow one another, from its lowest value.
Formats: matrix is gnuplot's nonuniform matrix; gnuplot has a blank line behind
each line; npy has the shape (lines, points) with the columns as fields.

Examples:
  optexplore grid -f rosenbrock --points 200 -o rosenbrock.csv
  optexplore grid -f book --axes x=-10:10,y=-5:5 --points 101x51 --format matrix
  optexplore grid -f hartmann3 --axes x1,x3 --at 0.1,0.5,0.8 --columns f,grad_norm
  optexplore grid -f beale --log --format npy -o beale.npy)";

struct Options {
  std::optional<std::string> config;
  experiment::Overrides overrides;
  std::optional<std::string> axes;
  std::string points = "101";
  std::optional<std::string> at;
  bool log = false;
  flags::OutputOptions output;
};

constexpr std::size_t most_points = 100'000;  // along one axis
constexpr std::size_t block_points = 4096;

double read_end(const std::string& text, const std::string& axis) {
  if (text.empty()) throw InputError("expected NAME=LOW:HIGH, as in x=-5:5, found '" + axis + "'", "", "--axes");
  return text::with_place("--axes", [&] { return catalog::constant(Formula::read(text)); });
}

Interval domain_of(const FunctionSpec& function, std::size_t axis) {
  if (const auto interval = function.interval(axis)) return *interval;
  throw InputError("no domain of " + function.entry.name + " is known; give both ends, as in --axes " +
                       function.coordinate(axis) + "=-5:5,…",
                   "", "--axes");
}

/// "x,y", "x=-5:5,y=0:1", or nothing for the first two coordinates.
void read_axes(const Options& options, const FunctionSpec& function, analysis::GridSpec& spec) {
  std::vector<std::string> texts;
  if (options.axes)
    texts = experiment::split_top_level(*options.axes, ',');
  else
    for (std::size_t i = 0; i < 2; ++i) texts.push_back(function.coordinate(i));
  if (texts.size() != 2)
    throw InputError("expected two coordinates, as in x,y or x=-5:5,y=0:10, found '" + *options.axes + "'", "",
                     "--axes");
  for (std::size_t k = 0; k < 2; ++k) {
    const std::string& text = texts[k];
    const std::size_t equals = text.find('=');
    spec.axes[k] = study::find_coordinate(function, text.substr(0, equals), "--axes");
    if (equals == std::string::npos) {
      spec.ranges[k] = domain_of(function, spec.axes[k]);
      continue;
    }
    const std::size_t colon = text.find(':', equals);
    const std::size_t length = colon == std::string::npos ? std::string::npos : colon - equals - 1;
    const double low = read_end(text.substr(equals + 1, length), text);
    const double high = read_end(colon == std::string::npos ? "" : text.substr(colon + 1), text);
    if (!(low < high)) throw InputError("expected LOW below HIGH, found '" + text + "'", "", "--axes");
    spec.ranges[k] = {low, high};
  }
  if (spec.axes[0] == spec.axes[1]) throw InputError("expected two different coordinates", "", "--axes");
}

/// "200" or "200x100".
void read_points(const std::string& text, analysis::GridSpec& spec) {
  const std::size_t cross = text.find_first_of("xX");
  const auto number = [](const std::string& part) {
    return static_cast<std::size_t>(flags::whole_number("--points", part, 2, most_points));
  };
  spec.counts[0] = number(text.substr(0, cross));
  spec.counts[1] = cross == std::string::npos ? spec.counts[0] : number(text.substr(cross + 1));
}

/// Where the other coordinates stay: --at, the config's or the function's start, or zero.
std::vector<double> read_at(const Experiment& experiment, bool given) {
  const FunctionSpec& function = experiment.functions.front();
  const auto start = study::only_start(experiment.start, function);
  if (!start && given) throw InputError("expected one point", "", "--at");
  std::vector<double> point = start.value_or(function.start());
  point.resize(function.dim, 0.0);
  return point;
}

/// The least finite sign*f on the grid.
double least_value(const analysis::Grid& grid, double sign) {
  double least = std::numeric_limits<double>::infinity();
  const std::size_t f = grid.schema().column("f");
  for (std::size_t line = 0; line < grid.lines(); ++line) {
    const Block block = grid.compute(line, 1);
    for (std::size_t i = 0; i < block.rows; ++i) {
      const double value = sign * block.at(f, i);
      if (std::isfinite(value)) least = std::min(least, value);
    }
  }
  return least;
}

/// The known minimum, or else the least value on the grid.
double least_on(const FunctionSpec& function, analysis::GridSpec spec) {
  if (function.minimum) return *function.minimum;
  spec.columns = {{"f", {}}};
  return least_value(analysis::Grid(function, spec), function.sign());
}

/// What stands at each point: the columns that were asked for, f by default.
void choose_columns(const Options& options, const experiment::Request& request, analysis::GridSpec& spec) {
  spec.columns = request.flag_columns;  // a config's own are for its runs
  if (spec.columns.empty() && !options.log) spec.columns.push_back({"f", {}});
  if (options.log) spec.log_above = least_on(request.experiment.functions.front(), spec);
}

experiment::Request read_function(const Options& options) {
  flags::ExperimentOptions source{options.config, options.overrides};
  source.overrides.function_only = true;
  if (options.at) source.overrides.starts = {*options.at};
  experiment::Request request = flags::load_request(source);
  const std::vector<FunctionSpec>& functions = request.experiment.functions;
  if (functions.size() != 1)
    throw InputError("expected one function, found " + std::to_string(functions.size()) + "; choose with -f");
  if (functions.front().dim < 2)
    throw InputError("a grid needs two coordinates, " + functions.front().entry.name + " has one");
  return request;
}

int grid(const Options& options) {
  const flags::OutputPlan plan = flags::plan_output(options.output);
  const experiment::Request request = read_function(options);
  const FunctionSpec& function = request.experiment.functions.front();
  analysis::GridSpec spec;
  read_axes(options, function, spec);
  read_points(options.points, spec);
  spec.at = read_at(request.experiment, options.at.has_value());
  const analysis::Grid grid = compiling(options.output.quiet, [&] {
    return request.named_by_flags([&] {
      choose_columns(options, request, spec);
      return analysis::Grid(function, spec);
    });
  });
  const auto writer = flags::make_writer(plan, grid.schema());
  const auto sink = os::open_sink(plan.path);
  // Blocks of whole lines, large enough to be worth a thread's while.
  const std::size_t points = std::min(block_points, drive::rows_per_block(grid.schema().columns.size()));
  const std::size_t lines = std::max<std::size_t>(1, points / grid.line_length());
  const unsigned threads = parallel::threads(plan.jobs);
  drive::BlockCutter blocks(0, grid.lines(), lines, threads, threads > 1);
  const auto next = [&]() -> std::optional<output::BlockJob> {
    const auto part = blocks.next();
    if (!part || os::interrupted()) return std::nullopt;
    return [&grid, part] { return std::vector<Block>{grid.compute(part->first, part->count)}; };
  };
  const auto all = static_cast<double>(grid.lines()) * static_cast<double>(grid.line_length());
  return write_interruptible(
      plan.path, *sink, {"points", all}, options.output.quiet, [&](os::Progress& progress) -> Interrupted {
        std::uint64_t lines_written = 0;
        output::compute_all(next, *writer, *sink, threads, [&](const Block& block) {
          progress.add(block.rows);
          lines_written += block.rows / grid.line_length();
        });
        if (lines_written == grid.lines()) return {};
        return {std::to_string(lines_written) + " of " + std::to_string(grid.lines()) + " lines"};
      });
}

}  // namespace

void add_grid(CLI::App& app, Action& action) {
  CLI::App& command = *app.add_subcommand("grid", "A function on a grid, for contours and heat maps");
  command.footer(footer);
  const auto options = std::make_shared<Options>();
  const auto into = [](auto& target) { return [&target](const std::string& text) { target = text; }; };
  flags::add_text_option(command, "CONFIG", "", "Experiment whose function to take; '-' is standard input",
                         into(options->config));
  command.option_defaults()->group("Grid");
  flags::add_text_option(command, "-f,--function", "TEXT", "'f(x,y) = …' or a name from 'list functions'",
                         [options](const std::string& text) { options->overrides.functions = {text}; });
  command.add_flag("--maximize", options->overrides.maximize, "Go up: rules minimize -f");
  flags::add_text_option(command, "--axes", "LIST",
                         "Two coordinates: x,y or x=-5:5,y=0:10 (default: the first two, domain)", into(options->axes));
  flags::add_text_option(command, "--points", "N|NxM", "Points along the axes (default: 101)", into(options->points));
  flags::add_text_option(command, "--at", "POINT", "Where the other coordinates stay (default: the start)",
                         into(options->at));
  flags::add_text_option(command, "--columns", "LIST", "Values at each point: f,grad_norm,r=norm(g) (default: f)",
                         into(options->overrides.columns));
  command.add_flag("--log", options->log, "log_f = log10(f - minimum): shows the valley and not just the rim");
  flags::add_writing_options(command, options->output, output::format_names(true));
  command.callback([&action, options] { action = [options] { return grid(*options); }; });
}

}  // namespace optexplore::cli
