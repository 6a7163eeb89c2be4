#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <optexplore/error.hpp>
#include <optexplore/function.hpp>
#include <optexplore/run.hpp>
#include <string>
#include <utility>
#include <vector>

#include "analysis/gradient_check.hpp"
#include "cli/commands.hpp"
#include "drive/sweep.hpp"
#include "experiment/text.hpp"
#include "flags/options.hpp"
#include "language/parser.hpp"
#include "os/messages.hpp"
#include "study/columns.hpp"
#include "study/expansion.hpp"
#include "text/number.hpp"
#include "text/wrap.hpp"

namespace optexplore::cli {
namespace {

constexpr const char* footer = R"(Examples:
  optexplore check experiment.json
  optexplore check rosenbrock
  optexplore check 'f(x,y) = x^2/20 + y^2'
  optexplore check experiment.json --set optimizers.adam.lr=0.1)";

struct Options {
  flags::ExperimentOptions experiment;
  flags::OutputOptions output;
};

constexpr std::size_t text_column = 15;

std::string optimizer_text(const OptimizerSpec& optimizer) {
  std::string text;
  for (const RuleUse& use : optimizer.chain) {
    if (!text.empty()) text += "; ";
    if (use.group) text += "for " + text::join(use.group->blocks, ", ") + " ";
    text += use.rule.name.empty() ? "own rule" : use.rule.name;
    std::string before = ": ";
    for (const auto& [name, setting] : use.settings) {
      text += before + text::unbroken(name + " = " + experiment::to_text(setting));
      before = ", ";
    }
  }
  if (optimizer.samples > 1) text += "; " + std::to_string(optimizer.samples) + " random settings";
  return text;
}

std::string start_text(const StartSpec& start, const FunctionSpec& function) {
  switch (start.kind) {
    case StartSpec::Kind::function_default:
      if (function.entry.start.empty()) return "";
      return experiment::point_text(function.entry.start, function.dim);
    case StartSpec::Kind::points:
      if (start.points.size() == 1) return experiment::point_text(start.points.front(), function.dim);
      return std::to_string(start.points.size()) + " points";
    case StartSpec::Kind::grid: {
      std::vector<std::string> counts;
      for (const std::uint64_t count : start.counts) counts.push_back(std::to_string(count));
      return "grid of " + text::join(counts, " × ") + " points in " + experiment::domain_text(start.box);
    }
    case StartSpec::Kind::uniform:
      return std::to_string(start.count) + " random points in " + experiment::domain_text(start.box);
    case StartSpec::Kind::normal: {
      std::vector<std::string> sides;
      for (const StartSpec::Normal& side : start.normal)
        sides.push_back(text::to_text(side.mean) + " ± " + text::to_text(side.sd));
      return std::to_string(start.count) + " normal random points, " + text::join(sides, ", ");
    }
    case StartSpec::Kind::domain: return std::to_string(start.count) + " random points in the function's domain";
    case StartSpec::Kind::blocks: {
      std::vector<std::string> blocks;
      for (const BlockStart& each : start.blocks) {
        const auto* formula = std::get_if<Formula>(&each.value);
        blocks.push_back(each.blocks + " = " +
                         (formula != nullptr ? formula->text() : experiment::to_text(std::get<Parameter>(each.value))));
      }
      return text::join(blocks, "; ") + (start.count > 1 ? ", " + std::to_string(start.count) + " times" : "");
    }
  }
  return "";
}

/// What the comparison of gradients found.
struct GradientReport {
  std::string text;
  bool agrees = true;
};

std::string worst_text(const analysis::GradientCheck& check, const FunctionSpec& function, const char* name) {
  if (check.point.empty()) return "not compared: the function is not finite where it was tried";
  return std::string(check.error <= analysis::gradient_tolerance ? "agrees with " : "DISAGREES with ") + name + " to " +
         fmt::format("{:.1e}", check.error) + "; worst d/d" + function.coordinate(check.coordinate) + " = " +
         fmt::format("{:.10g} against {:.10g} at {}", check.derivative, check.reference,
                     experiment::point_text(check.point, function.dim));
}

/// The gradient that the runs will use against an independent one: the exact one against finite differences, and
/// what the user wrote against the exact one.
GradientReport compare_gradients(const FunctionSpec& spec, const std::vector<std::vector<double>>& starts) {
  const Function function(spec);
  GradientReport report;
  const analysis::GradientCheck exact = analysis::check_exact_gradient(function, starts);
  report.text += text::field("", "exact gradient " + worst_text(exact, spec, "finite differences"), text_column);
  report.agrees = exact.error <= analysis::gradient_tolerance;
  // No step is short enough for a fractal or for stairs that are finer still.
  for (const char* tag : {"discontinuous", "non-smooth"})
    if (!report.agrees && std::ranges::find(spec.entry.tags, tag) != spec.entry.tags.end()) {
      report.text =
          text::field("", std::string("exact gradient not comparable with finite differences: the function is ") + tag,
                      text_column);
      report.agrees = true;
    }
  if (spec.entry.gradient.empty()) return report;
  const analysis::GradientCheck given = analysis::check_given_gradient(function, starts);
  report.text += text::field("", "given gradient " + worst_text(given, spec, "the exact one"), text_column);
  report.agrees = report.agrees && given.error <= analysis::gradient_tolerance;
  return report;
}

/// Where the first runs begin; nothing when no run will.
std::vector<std::vector<double>> starts_of(const Experiment& experiment, const FunctionSpec& function) {
  constexpr std::uint64_t most = 16;
  if (experiment.optimizers.empty()) {
    const auto start = study::only_start(experiment.start, function);
    return start ? std::vector<std::vector<double>>{*start} : std::vector<std::vector<double>>();
  }
  const study::Expansion expansion(experiment, function, experiment.optimizers.front());
  std::vector<std::vector<double>> starts;
  for (std::uint64_t i = 0; i < std::min(expansion.starts(), most); ++i)
    starts.push_back(expansion.start(i * experiment.seeds));
  return starts;
}

/// A count that may be beyond 2^64.
std::string number_text(double count) {
  return count < 1e15 ? fmt::format("{:.0f}", count) : fmt::format("{:.3g}", count);
}

std::string counted(std::uint64_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

std::string function_report(const Experiment& experiment, bool& agrees) {
  std::string text = "functions\n";
  for (const FunctionSpec& function : experiment.functions) {
    text += text::field(function.entry.name, function.entry.definition.text(), text_column);
    const std::string start = start_text(experiment.start, function);
    text += text::field(
        "", counted(function.dim, "dimension", "dimensions") + (start.empty() ? "" : ", start " + start), text_column);
    const GradientReport gradients = compare_gradients(function, starts_of(experiment, function));
    text += gradients.text;
    agrees = agrees && gradients.agrees;
  }
  return text;
}

std::string run_report(const Experiment& experiment, const RunStream& stream, const RunOptions& options,
                       const std::optional<study::Evaluations>& evaluations) {
  std::string text = "optimizers\n";
  for (const OptimizerSpec& optimizer : experiment.optimizers) {
    text += text::field(optimizer.label, optimizer_text(optimizer), text_column);
  }
  const std::uint64_t steps = experiment.steps;
  const std::uint64_t rows = 1 + steps / options.every + (steps % options.every != 0 ? 1 : 0);
  text += "runs\n  " + counted(stream.trajectories(), "trajectory", "trajectories") + " of " +
          (experiment.stop.empty() ? "" : "at most ") + counted(steps, "step", "steps") + " and " +
          counted(rows, "row", "rows") + (stream.trajectories() == 1 ? "" : " each") + "\n";
  if (!evaluations) return text + "  the rules ask for as many evaluations as they come to need\n";
  std::vector<std::string> parts;
  if (evaluations->gradients > 0) parts.push_back(number_text(evaluations->gradients) + " gradients");
  if (evaluations->hessians > 0) parts.push_back(number_text(evaluations->hessians) + " Hessians");
  if (evaluations->values > 0) parts.push_back(number_text(evaluations->values) + " values of f");
  text += "  the rules ask for " + std::string(experiment.stop.empty() ? "" : "at most ") +
          (parts.empty() ? "no evaluations" : text::join(parts, " and ")) + " in all\n";
  return text;
}

int conclude(bool agrees, const os::Messages& messages) {
  if (agrees) return exit_done;
  messages.warning("a gradient disagrees with its reference; see above");
  return exit_disagreement;
}

/// What stands for CONFIG: a definition, a name of the catalogue that is no file, or what a file holds.
catalog::FileKind kind_of(const std::string& text) {
  using Kind = catalog::FileKind;
  if (language::looks_like_definition(text)) return Kind::function;
  try {
    if (std::filesystem::exists(text)) return text.ends_with(".json") ? catalog::file_kind(text) : Kind::experiment;
    if (!text.ends_with(".json") && !catalog::function(text.substr(0, text.find(':'))).name.empty())
      return Kind::function;
  } catch (const InputError&) {  // whoever reads it says what is wrong
  }
  return Kind::experiment;
}

int check_function(const flags::ExperimentOptions& options, const flags::OutputOptions& output,
                   const os::Messages& messages) {
  if (output.every != flags::OutputOptions().every) throw InputError("a function alone has no steps", "", "--every");
  const experiment::Request request = flags::load_request(options);
  bool agrees = true;
  flags::print(request.named_by_flags([&] { return function_report(request.experiment, agrees); }));
  return conclude(agrees, messages);
}

int check_experiment(const flags::ExperimentOptions& options, const flags::OutputOptions& output,
                     const os::Messages& messages) {
  flags::OutputPlan plan = flags::plan_output(output);
  const experiment::Request request = flags::load_request(options);
  const Experiment& experiment = request.experiment;
  plan.run.columns = request.columns;
  bool agrees = true;
  const std::string report = request.named_by_flags([&] {
    const RunStream stream(experiment, plan.run);
    for (const std::string& note : stream.notes()) messages.note(note);
    const std::optional<study::Evaluations> evaluations = drive::Sweep(experiment, {}).evaluations();
    return function_report(experiment, agrees) + run_report(experiment, stream, plan.run, evaluations);
  });
  flags::print(report);
  return conclude(agrees, messages);
}

int check(const Options& options) {
  const os::Messages messages(options.output.quiet);
  flags::ExperimentOptions source = options.experiment;
  switch (source.config ? kind_of(*source.config) : catalog::FileKind::experiment) {
    case catalog::FileKind::function:
      source.overrides.functions = {*std::exchange(source.config, std::nullopt)};
      source.overrides.function_only = true;
      return check_function(source, options.output, messages);
    case catalog::FileKind::rule:  // on some function
      source.overrides.optimizers.insert(source.overrides.optimizers.begin(),
                                         *std::exchange(source.config, std::nullopt));
      if (source.overrides.functions.empty()) source.overrides.functions = {"book"};
      break;
    case catalog::FileKind::procedure:
      throw InputError("a procedure is checked with the rule that uses it; 'optexplore describe' shows it", "",
                       *source.config);
    case catalog::FileKind::experiment: break;
  }
  return check_experiment(source, options.output, messages);
}

}  // namespace

void add_check(CLI::App& app, Action& action) {
  CLI::App& command = *app.add_subcommand("check", "Validate an experiment, compare gradients, say what would run");
  command.footer(footer);
  const auto options = std::make_shared<Options>();
  flags::add_experiment_options(command, options->experiment);
  command.option_defaults()->group("Output");
  flags::add_every_option(command, options->output);
  command.add_flag("-q,--quiet", options->output.quiet, "No warnings and notes");
  const std::string no_rows = "check writes no rows, only a report to standard output";
  for (const char* flag : {"-o,--output", "--format", "--precision"})
    flags::add_refused_option(command, flag, true, no_rows);
  flags::add_refused_option(command, "--no-header", false, no_rows);
  flags::add_refused_option(command, "-j,--jobs", true, "check runs nothing");
  flags::add_refused_option(command, "--strict", false, "check runs nothing");
  command.callback([&action, options] { action = [options] { return check(*options); }; });
}

}  // namespace optexplore::cli
