#include "analysis/theory.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <iterator>
#include <memory>
#include <optexplore/error.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "experiment/text.hpp"
#include "flags/options.hpp"
#include "json/text.hpp"
#include "study/expansion.hpp"
#include "text/aligned.hpp"
#include "text/caret.hpp"
#include "text/number.hpp"
#include "text/suggest.hpp"
#include "text/utf8.hpp"
#include "text/wrap.hpp"

namespace optexplore::cli {
namespace {

constexpr const char* footer = R"(The rates are those of a quadratic with the Hessian's eigenvalues at the known
minimizer or --at. On other functions they hold near it.

Examples:
  optexplore theory -f book
  optexplore theory -f rosenbrock
  optexplore theory -f book -O sgd:lr=0.9 -O momentum:lr=0.1,momentum=0.9)";

struct Options {
  flags::ExperimentOptions experiment;
  std::optional<std::string> at;
  std::string format = "text";
};

struct Line {
  analysis::ClassicSettings settings;
  bool best = false;
  double stable = 0;
  double predicted = 0;
  double measured = 0;
};

constexpr analysis::ClassicRule classic_rules[] = {analysis::ClassicRule::gradient_descent,
                                                   analysis::ClassicRule::heavy_ball, analysis::ClassicRule::nesterov};

/// The settings of an optimizer that the theory knows.
analysis::ClassicSettings classic(const OptimizerSpec& optimizer) {
  const std::string& place = optimizer.pointer;
  for (const analysis::ClassicRule rule : classic_rules) {
    if (optimizer.type != analysis::rule_name(rule)) continue;
    analysis::ClassicSettings settings{rule, 0, 0};
    for (const auto& [name, setting] : optimizer.chain.front().settings) {
      const auto* number = std::get_if<double>(&setting);
      if (number == nullptr)
        throw InputError("the rates are known for constant settings only; " + name + " is not", "", place);
      if (name == "lr")
        settings.lr = *number;
      else if (name == "momentum")
        settings.momentum = *number;
      else if (*number != 0)
        throw InputError("the rates are known for " + name + " = 0 only, found " + text::to_text(*number), "", place);
    }
    return settings;
  }
  throw InputError("the rates are known for sgd, momentum and nesterov, found '" + optimizer.label + "'", "", place);
}

std::vector<double> point_of(const Experiment& experiment, bool given) {
  const FunctionSpec& function = experiment.functions.front();
  if (given) return *study::only_start(experiment.start, function);
  if (!function.minimizers.empty()) return function.minimizers.front();
  throw InputError("no minimizer of " + function.entry.name + " is known; give a point with --at");
}

/// Off the point in every direction; near it unless the function is a quadratic.
std::vector<double> start_of(const analysis::Curvature& curvature) {
  std::vector<double> start = curvature.point;
  const double distance = curvature.quadratic ? 1 : 1e-5;
  for (std::size_t i = 0; i < start.size(); ++i)
    start[i] += distance * std::max(1.0, std::fabs(start[i])) * (i % 2 == 0 ? 1 : 0.6);
  return start;
}

std::vector<Line> make_lines(const Experiment& experiment, const analysis::Curvature& curvature) {
  std::vector<Line> lines;
  for (const analysis::ClassicRule rule : classic_rules)
    lines.push_back({analysis::best_settings(rule, curvature), true});
  for (const OptimizerSpec& optimizer : experiment.optimizers) lines.push_back({classic(optimizer), false});
  const FunctionSpec& function = experiment.functions.front();
  for (Line& line : lines) {
    line.stable = analysis::largest_stable_rate(line.settings.rule, line.settings.momentum, curvature);
    line.predicted = analysis::predicted_rate(line.settings, curvature);
    line.measured = analysis::measured_rate(function, line.settings, start_of(curvature), line.predicted);
  }
  return lines;
}

text::AlignedTable people_table(const std::vector<Line>& lines) {
  text::AlignedTable table;
  table.columns = {{"rule", false, 8},
                   {"lr", true, 12},
                   {"momentum", true, 10},
                   {"stable lr below", true, 16},
                   {"predicted", true, 10},
                   {"measured", true, 10},
                   {""}};
  for (const Line& line : lines) {
    const bool plain = line.settings.rule == analysis::ClassicRule::gradient_descent;
    table.rows.push_back(
        {analysis::rule_name(line.settings.rule), fmt::format("{:.6g}", line.settings.lr),
         plain ? "" : fmt::format("{:.6g}", line.settings.momentum),
         std::isnan(line.stable) ? "none" : fmt::format("{:.6g}", line.stable), fmt::format("{:.6f}", line.predicted),
         std::isnan(line.measured) ? "diverges" : fmt::format("{:.6f}", line.measured), line.best ? "best" : ""});
  }
  return table;
}

std::string as_text(const FunctionSpec& function, const analysis::Curvature& curvature,
                    const std::vector<Line>& lines) {
  std::string text = text::field("function", function.entry.name + ": " + function.entry.definition.text(), 14, 0);
  text += text::field(
      "Hessian",
      std::string(curvature.quadratic ? "constant (a quadratic)" : "at") +
          (curvature.quadratic ? "" : " " + text::unbroken(experiment::point_text(curvature.point, function.dim))) +
          fmt::format(", eigenvalues {:.6g} to {:.6g}, condition {:.6g}", curvature.lowest, curvature.highest,
                      curvature.condition()),
      14, 0);
  return text + "\n" + text::aligned(people_table(lines)) +
         "\npredicted and measured: the factor of the distance to the minimum per step.\n";
}

Table rate_table(const FunctionSpec& function, const analysis::Curvature& curvature, const std::vector<Line>& lines) {
  Table table;
  table.schema.columns = {
      {"rule", Column::Kind::text},   {"lr"}, {"momentum"}, {"stable_lr"}, {"predicted"}, {"measured"},
      {"best", Column::Kind::integer}};
  for (const analysis::ClassicRule rule : classic_rules)
    table.schema.columns[0].labels.emplace_back(analysis::rule_name(rule));
  table.schema.head = {
      {"function", experiment::to_json(function)},
      {"eigenvalues", "[" + json::json_number(curvature.lowest) + "," + json::json_number(curvature.highest) + "]"},
      {"condition", json::json_number(curvature.condition())}};
  for (const Line& line : lines) {
    const auto* const rule = std::ranges::find(classic_rules, line.settings.rule);
    for (const double value :
         {static_cast<double>(rule - std::begin(classic_rules)), line.settings.lr, line.settings.momentum, line.stable,
          line.predicted, line.measured, line.best ? 1.0 : 0.0})
      table.numbers.push_back(value);
  }
  return table;
}

int theory(const Options& options) {
  flags::check_format(options.format);
  flags::ExperimentOptions source = options.experiment;
  source.overrides.function_only = true;
  if (options.at) source.overrides.starts = {*options.at};
  const experiment::Request request = flags::load_request(source);
  const Experiment& experiment = request.experiment;
  if (experiment.functions.size() != 1)
    throw InputError("expected one function, found " + std::to_string(experiment.functions.size()) +
                     "; choose with -f");
  const FunctionSpec& function = experiment.functions.front();
  if (options.at && (experiment.start.kind != StartSpec::Kind::points || experiment.start.points.size() != 1))
    throw InputError("expected one point", "", "--at");
  const analysis::Curvature curvature = analysis::curvature_at(function, point_of(experiment, options.at.has_value()));
  if (!(curvature.lowest > 0))
    throw InputError("the Hessian of " + function.entry.name + " has the eigenvalue " +
                     text::to_text(curvature.lowest) + " at " + experiment::point_text(curvature.point, function.dim) +
                     "; there is no linear rate where it is not positive");
  const std::vector<Line> lines = request.named_by_flags([&] { return make_lines(experiment, curvature); });
  if (options.format == "text")
    flags::print(as_text(function, curvature, lines));
  else if (options.format == "md")
    flags::print(text::markdown(people_table(lines)));
  else
    flags::print(rate_table(function, curvature, lines), options.format);
  return exit_done;
}

}  // namespace

void add_theory(CLI::App& app, Action& action) {
  CLI::App& command =
      *app.add_subcommand("theory", "Best settings and linear rates near a minimum, beside measured ones");
  command.footer(footer);
  const auto options = std::make_shared<Options>();
  const auto into = [](auto& target) { return [&target](const std::string& text) { target = text; }; };
  flags::add_text_option(command, "CONFIG", "", "Experiment whose function to take; '-' is standard input",
                         into(options->experiment.config));
  flags::add_text_option(command, "-f,--function", "TEXT", "'f(x,y) = …' or a name from 'list functions'",
                         [options](const std::string& text) { options->experiment.overrides.functions = {text}; });
  flags::add_text_option(command, "--at", "POINT", "Where the Hessian is taken (default: the known minimizer)",
                         into(options->at));
  flags::add_repeatable_option(command, "-O,--optimizer", "RULE", "sgd, momentum or nesterov with settings, repeatable",
                               options->experiment.overrides.optimizers);
  flags::add_format_option(command, options->format);
  command.callback([&action, options] { action = [options] { return theory(*options); }; });
}

}  // namespace optexplore::cli
