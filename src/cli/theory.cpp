#include "analysis/theory.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optexplore/error.hpp>
#include <optional>
#include <string>
#include <vector>

#include "analysis/linear_iteration.hpp"
#include "cli/commands.hpp"
#include "experiment/text.hpp"
#include "flags/options.hpp"
#include "json/text.hpp"
#include "study/expansion.hpp"
#include "text/aligned.hpp"
#include "text/caret.hpp"
#include "text/number.hpp"
#include "text/utf8.hpp"
#include "text/wrap.hpp"

namespace optexplore::cli {
namespace {

constexpr const char* footer = R"(The rates are those of a quadratic with the Hessian's eigenvalues at --at or the known
minimizer; that of a quadratic is found. On other functions they hold near it.

An optimizer of -O is taken for what its formulas do: any whose step is linear in the
point, the gradients and its state has a rate; one that comes to gradient descent, the
heavy ball or Nesterov's method is called so, with lr and momentum in PyTorch's terms.

Examples:
  optexplore theory -f book
  optexplore theory -f rosenbrock
  optexplore theory -f book -O sgd:lr=0.9 -O momentum.dlfs:lr=0.1 -O qhm:lr=0.5
  optexplore theory -f 'f(x,y) = (x-3)^2 + x*y + 5*y^2' --format json)";

struct Options {
  flags::ExperimentOptions experiment;
  std::optional<std::string> at;
  std::string format = "text";
};

/// Where the Hessian is taken, and how that is known.
struct Place {
  std::vector<double> point;
  bool solved = false;  ///< from the gradient's linear equations
};

/// An optimizer and its rates.
struct Line {
  OptimizerSpec optimizer;
  std::optional<analysis::ClassicSettings> classic;  ///< nothing: it is another linear iteration
  std::size_t order = 0;                             ///< how many earlier points the next one depends on
  bool best = false;
  double stable = std::numeric_limits<double>::quiet_NaN();
  double predicted = 0;
  double measured = 0;
  double times_fewer = 0;  ///< steps than the best gradient descent takes; NaN: it diverges

  [[nodiscard]] std::string iteration() const {
    return classic ? analysis::title(classic->rule) : "linear, order " + std::to_string(order);
  }
};

constexpr analysis::ClassicRule classic_rules[] = {analysis::ClassicRule::gradient_descent,
                                                   analysis::ClassicRule::heavy_ball, analysis::ClassicRule::nesterov};

Place place_of(const Experiment& experiment, bool given) {
  const FunctionSpec& function = experiment.functions.front();
  if (given) return {*study::only_start(experiment.start, function), false};
  if (!function.minimizers.empty()) return {function.minimizers.front(), false};
  const std::string unknown =
      "no minimizer of " + function.entry.name + " is known, and it is no quadratic; give a point with --at";
  if (!analysis::is_quadratic(function, std::vector<double>(function.dim, 0.0))) throw InputError(unknown);
  const auto point = analysis::quadratic_minimizer(function);
  if (!point)
    throw InputError("the quadratic " + function.entry.name +
                     " has no minimizer or many: its Hessian is singular; there is no linear rate");
  return {*point, true};
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
  for (const analysis::ClassicRule rule : classic_rules) {
    const analysis::ClassicSettings best = analysis::best_settings(rule, curvature);
    lines.push_back({.optimizer = analysis::classic_optimizer(best), .classic = best, .best = true});
    lines.back().predicted = analysis::predicted_rate(best, curvature);
  }
  for (const OptimizerSpec& optimizer : experiment.optimizers) {
    const analysis::LinearIteration iteration(optimizer, experiment.functions.front(), curvature.highest);
    lines.push_back({.optimizer = optimizer, .classic = analysis::recognize(iteration, curvature)});
    lines.back().order = iteration.recurrence(curvature.highest).size();
    lines.back().predicted = lines.back().classic ? analysis::predicted_rate(*lines.back().classic, curvature)
                                                  : analysis::predicted_rate(iteration, curvature);
  }
  const FunctionSpec& function = experiment.functions.front();
  const double plain = lines.front().predicted;
  for (Line& line : lines) {
    if (line.classic)
      line.stable = analysis::largest_stable_rate(line.classic->rule, line.classic->momentum, curvature);
    line.measured = analysis::measured_rate(function, line.optimizer, start_of(curvature), line.predicted);
    line.times_fewer = analysis::times_fewer_steps(line.predicted, plain);
  }
  return lines;
}

std::string short_text(double value) { return fmt::format("{:.6g}", value); }

text::AlignedTable people_table(const std::vector<Line>& lines) {
  text::AlignedTable table;
  table.columns = {{"rule", false, 8},     {"iteration", false, 16},      {"lr", true, 10},
                   {"momentum", true, 10}, {"stable lr below", true, 15}, {"predicted", true, 9},
                   {"measured", true, 9},  {"times fewer steps", true},   {""}};
  for (const Line& line : lines) {
    const bool plain = line.classic && line.classic->rule == analysis::ClassicRule::gradient_descent;
    const std::string stable = std::isnan(line.stable) ? "none" : short_text(line.stable);
    table.rows.push_back({line.optimizer.label, line.iteration(), line.classic ? short_text(line.classic->lr) : "–",
                          !line.classic ? "–"
                          : plain       ? ""
                                        : short_text(line.classic->momentum),
                          line.classic ? stable : "–", fmt::format("{:.6f}", line.predicted),
                          std::isnan(line.measured) ? "diverges" : fmt::format("{:.6f}", line.measured),
                          std::isnan(line.times_fewer) ? "–" : fmt::format("{:.3g}", line.times_fewer),
                          line.best ? "best" : ""});
  }
  return table;
}

/// Why the best rates are what they are, in one sentence.
std::string why(const analysis::Curvature& curvature, const std::vector<Line>& lines) {
  const Line &plain = lines[0], &ball = lines[1], &nesterov = lines[2];
  if (!(plain.predicted > 0))
    return "All directions are equally steep (condition number 1), so gradient descent with lr " +
           short_text(plain.classic->lr) + " is at the minimum in one step.";
  return fmt::format(
      "The steepest direction curves {:.6g} times as much as the flattest one (the condition number), and with one lr "
      "for "
      "both gradient descent leaves at least {:.6f} of the distance per step; the heavy ball leaves {:.6f}, which "
      "takes "
      "{:.3g} times fewer steps, and Nesterov's method {:.6f}, {:.3g} times fewer.",
      curvature.condition(), plain.predicted, ball.predicted, ball.times_fewer, nesterov.predicted,
      nesterov.times_fewer);
}

std::string as_text(const FunctionSpec& function, const Place& place, const analysis::Curvature& curvature,
                    const std::vector<Line>& lines) {
  std::string text = text::field("function", function.entry.name + ": " + function.entry.definition.text(), 14, 0);
  const std::string point = text::unbroken(experiment::point_text(curvature.point, function.dim));
  if (place.solved) text += text::field("minimizer", point + ", solved from the gradient's linear equations", 14, 0);
  text += text::field("Hessian",
                      std::string(curvature.quadratic ? "constant (a quadratic)" : "at " + point) +
                          fmt::format(", eigenvalues {:.6g} to {:.6g}, condition {:.6g}", curvature.lowest,
                                      curvature.highest, curvature.condition()),
                      14, 0);
  return text + "\n" + text::aligned(people_table(lines)) +
         "\npredicted and measured: the factor of the distance to the minimum per step. Fewer steps: than sgd's "
         "best.\n" +
         "\n" + text::field("why", why(curvature, lines), 14, 0);
}

Table rate_table(const FunctionSpec& function, const analysis::Curvature& curvature, const std::vector<Line>& lines) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  Table table;
  table.schema.columns = {{"rule", Column::Kind::text},
                          {"iteration", Column::Kind::text},
                          {"lr"},
                          {"momentum"},
                          {"stable_lr"},
                          {"predicted"},
                          {"measured"},
                          {"times_fewer_steps"},
                          {"best", Column::Kind::integer}};
  std::string point;
  for (const double x : curvature.point) point += (point.empty() ? "" : ",") + json::json_number(x);
  table.schema.head = {
      {"function", experiment::to_json(function)},
      {"point", "[" + point + "]"},
      {"quadratic", curvature.quadratic ? "true" : "false"},
      {"eigenvalues", "[" + json::json_number(curvature.lowest) + "," + json::json_number(curvature.highest) + "]"},
      {"condition", json::json_number(curvature.condition())},
      {"why", json::json_string(why(curvature, lines))}};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Line& line = lines[i];
    table.schema.columns[0].labels.push_back(line.optimizer.label);
    table.schema.columns[1].labels.push_back(line.iteration());
    const auto row = static_cast<double>(i);
    for (const double value :
         {row, row, line.classic ? line.classic->lr : none, line.classic ? line.classic->momentum : none, line.stable,
          line.predicted, line.measured, line.times_fewer, line.best ? 1.0 : 0.0})
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
  if (options.at &&
      (experiment.start.kind == StartSpec::Kind::function_default || !study::only_start(experiment.start, function)))
    throw InputError("expected one point", "", "--at");
  const Place place = place_of(experiment, options.at.has_value());
  const analysis::Curvature curvature = analysis::curvature_at(function, place.point);
  if (!(curvature.lowest > 0))
    throw InputError("the Hessian of " + function.entry.name + " has the eigenvalue " +
                     text::to_text(curvature.lowest) + " at " + experiment::point_text(curvature.point, function.dim) +
                     "; there is no linear rate where it is not positive");
  const std::vector<Line> lines = request.named_by_flags([&] { return make_lines(experiment, curvature); });
  if (options.format == "text")
    flags::print(as_text(function, place, curvature, lines));
  else if (options.format == "md")
    flags::print(text::markdown(people_table(lines)) + "\n" + why(curvature, lines) + "\n");
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
  command.add_flag("--maximize", options->experiment.overrides.maximize, "Go up: rules minimize -f");
  flags::add_text_option(command, "--at", "POINT", "Where the Hessian is taken (default: the minimizer)",
                         into(options->at));
  flags::add_repeatable_option(command, "-O,--optimizer", "RULE", "A rule with settings, as for 'run', repeatable",
                               options->experiment.overrides.optimizers);
  flags::add_format_option(command, options->format);
  command.callback([&action, options] { action = [options] { return theory(*options); }; });
}

}  // namespace optexplore::cli
