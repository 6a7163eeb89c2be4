#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <optexplore/error.hpp>
#include <optexplore/version.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/formula_diff.hpp"
#include "analysis/trajectory_diff.hpp"
#include "cli/commands.hpp"
#include "experiment/hyperparameters.hpp"
#include "experiment/text.hpp"
#include "flags/options.hpp"
#include "json/reader.hpp"
#include "json/text.hpp"
#include "os/text_file.hpp"
#include "study/expansion.hpp"
#include "text/aligned.hpp"
#include "text/caret.hpp"
#include "text/number.hpp"
#include "text/suggest.hpp"
#include "text/utf8.hpp"
#include "text/wrap.hpp"

namespace optexplore::cli {
namespace {

constexpr const char* footer = R"(A and B are written as for 'run -O', or are labels of CONFIG's optimizers. Without
a function of CONFIG or -f they are tried on several: a valley, a bumpy one, a bent
valley where steps overshoot, and the first one with noisy gradients.

They are the same when their formulas are the same computation with these settings:
names, brackets, the order of lines and the like don't count. Exit status: 0 when they
are the same; 4 when their paths part by more than the tolerance; 5 when they are not
the same but their paths don't part by more.

Examples:
  optexplore diff adam.torch:lr=0.3 adam.keras:lr=0.3
  optexplore diff rmsprop rmsprop.lasagne -f rosenbrock --start=-1,2 -n 1000
  optexplore diff mine.json adam && echo the same
  optexplore diff mine.json adam --tol 1e-12; [ $? -ne 4 ] && echo the same paths
  optexplore diff 'clip_norm:max_norm=1 | sgd' sgd --format json)";

/// Of the functions that are tried unless the user names some: longer than usual, since small rates tell late.
constexpr const char* telling_steps = "1000";

struct Options {
  std::string first;
  std::string second;
  std::optional<std::string> config;
  experiment::Overrides overrides;
  std::string tolerance = "1e-9";
  std::string format = "text";
};

using analysis::Texts;

/// One of the two sides: its experiment, which has no other optimizer, and its texts.
struct Side {
  experiment::Request request;
  std::vector<Statement> formula;
  Texts settings;
  Texts defaults;
  Texts state;

  [[nodiscard]] const Experiment& experiment() const { return request.experiment; }
  [[nodiscard]] const OptimizerSpec& optimizer() const { return experiment().optimizers.front(); }
};

/// What all rules of a chain have, by unique names.
template <class TextsOf>
Texts named(const OptimizerSpec& optimizer, TextsOf texts_of) {
  std::vector<experiment::UseName> names;
  Texts result;
  for (std::size_t use = 0; use < optimizer.chain.size(); ++use)
    for (auto& [name, text] : texts_of(optimizer.chain[use].rule)) {
      names.push_back({use, name});
      result.emplace_back("", std::move(text));
    }
  const std::vector<std::string> unique = experiment::unique_names(names, experiment::use_names(optimizer));
  for (std::size_t k = 0; k < result.size(); ++k) result[k].first = unique[k];
  return result;
}

Side make_side(experiment::Request request) {
  Side side{std::move(request), {}, {}, {}, {}};
  const OptimizerSpec& optimizer = side.optimizer();
  for (const experiment::Hyperparameter& each : experiment::hyperparameters(optimizer))
    side.settings.emplace_back(each.name, experiment::to_text(*each.setting));
  for (auto& setting : experiment::evaluation_settings(optimizer)) side.settings.push_back(std::move(setting));
  side.defaults = named(optimizer, analysis::defaults_text);
  side.state = named(optimizer, analysis::state_text);
  for (const RuleUse& use : optimizer.chain)
    side.formula.insert(side.formula.end(), use.rule.update.begin(), use.rule.update.end());
  return side;
}

/// The experiment with the one optimizer that `text` means: a label of the config, or a rule as -O takes it.
Side read_side(const os::TextFile& config, experiment::Overrides overrides, const std::string& text) {
  if (!config.text.empty()) {
    experiment::Request request = experiment::read_request(config.text, config.name, overrides);
    for (const OptimizerSpec& optimizer : request.experiment.optimizers)
      if (optimizer.label == text) {
        request.experiment.optimizers = {OptimizerSpec(optimizer)};
        return make_side(std::move(request));
      }
  }
  overrides.optimizers = {text};
  overrides.optimizer_flag = "optimizer";
  return make_side(experiment::read_request(config.text, config.name, overrides));
}

/// Where both paths lead on one of the functions that the optimizers are tried on.
struct Tried {
  analysis::Trial trial;
  const FunctionSpec* function = nullptr;
  std::vector<double> start;
  std::string start_text;  ///< one number for several coordinates as it was written
  analysis::TrajectoryDiff diff;

  [[nodiscard]] std::string name() const { return function->entry.name + (trial.noisy ? " with noise" : ""); }
};

Tried try_on(const Side& a, const Side& b, const analysis::Trial& trial) {
  const Experiment& experiment = a.experiment();
  const auto run = [&](const Side& side, double off) {
    return side.request.named_by_flags([&] { return analysis::only_run(side.experiment(), trial, off); });
  };
  Tried tried{trial, &experiment.functions[trial.function], {}, "", {}};
  tried.diff = analysis::compare(run(a, 0), run(b, 0), run(a, analysis::nudge));
  tried.start = study::Expansion(experiment, *tried.function, a.optimizer()).start(0);
  const StartSpec& start = experiment.start;
  const std::vector<double>* written = start.kind == StartSpec::Kind::function_default ? &tried.function->entry.start
                                       : start.kind == StartSpec::Kind::points         ? &start.points.front()
                                                                                       : &tried.start;
  tried.start_text = experiment::point_text(*written, tried.function->dim);
  return tried;
}

enum class Verdict { same, not_told, differ };

/// Everything that text and JSON show.
struct Report {
  Side a;
  Side b;
  std::vector<Tried> tried;
  bool same_computation = false;
  double tolerance = 0;
  std::vector<analysis::FormulaLine> formula;
  std::vector<analysis::SettingDifference> settings;
  std::vector<analysis::SettingDifference> defaults;
  std::vector<analysis::SettingDifference> state;

  /// Where the paths part most: the first one that ends differently, or else has the largest gap.
  [[nodiscard]] const Tried& worst() const {
    return *std::ranges::max_element(tried, [&](const Tried& x, const Tried& y) {
      const bool bad_x = !x.diff.agree(tolerance), bad_y = !y.diff.agree(tolerance);
      return bad_x != bad_y ? bad_y : x.diff.largest < y.diff.largest;
    });
  }
  [[nodiscard]] Verdict verdict() const {
    if (!worst().diff.agree(tolerance)) return Verdict::differ;
    return same_computation ? Verdict::same : Verdict::not_told;
  }
};

/// @param trials  where they are tried; none: on each of the experiment's functions
Report make_report(Side a, Side b, double tolerance, std::vector<analysis::Trial> trials) {
  Report report{std::move(a), std::move(b), {}, false, tolerance, {}, {}, {}, {}};
  if (trials.empty())
    for (std::size_t f = 0; f < report.a.experiment().functions.size(); ++f) trials.push_back({f, false});
  for (const analysis::Trial& trial : trials) report.tried.push_back(try_on(report.a, report.b, trial));
  report.same_computation = analysis::same_computation(report.a.experiment(), report.b.experiment());
  report.formula = analysis::lay_over(report.a.formula, report.b.formula);
  report.settings = analysis::differences(report.a.settings, report.b.settings);
  report.defaults = analysis::differences(report.a.defaults, report.b.defaults);
  report.state = analysis::differences(report.a.state, report.b.state);
  return report;
}

std::string gap_text(double gap) { return gap == 0 ? "0" : fmt::format("{:.3g}", gap); }

std::string ending(Status status, std::uint64_t steps) {
  return std::string(to_string(status)) + " after " + std::to_string(steps) + (steps == 1 ? " step" : " steps");
}

std::string verdict(const Report& report) {
  const Tried& worst = report.worst();
  const analysis::TrajectoryDiff& diff = worst.diff;
  const std::string on = report.tried.size() > 1 && diff.largest > 0 ? " on " + worst.name() : "";
  const std::string largest = "the largest gap, " + gap_text(diff.largest) + on + ", is ";
  const std::string limit = " the tolerance " + text::to_text(report.tolerance) + ".\n";
  switch (report.verdict()) {
    case Verdict::same: return "They are the same: one computation; " + largest + "within" + limit;
    case Verdict::not_told:
      return "They are not the same, but their paths don't tell them apart: " + largest + "within" + limit;
    case Verdict::differ: break;
  }
  if (diff.largest > report.tolerance) return "They differ: " + largest + "beyond" + limit;
  return "They end differently" + on + ": a " + ending(diff.status_a, diff.steps_a) + ", b " +
         ending(diff.status_b, diff.steps_b) + ".\n";
}

/// What the only function says of both paths.
std::string first_difference(const Report& report) {
  const analysis::TrajectoryDiff& diff = report.tried.front().diff;
  std::string text = "No difference beyond rounding.\n";
  if (diff.differ)
    text = fmt::format("First difference beyond rounding: step {}, {} = {} (a) and {} (b).\n", diff.first_step,
                       diff.coordinate, text::to_text(diff.first_a), text::to_text(diff.first_b));
  if (diff.grown > 0)
    text += "From step " + std::to_string(diff.grown) +
            " on there are gaps that are rounding which the path multiplies; they don't count.\n";
  if (diff.status_a != diff.status_b && diff.largest > report.tolerance)
    text += "a " + ending(diff.status_a, diff.steps_a) + ", b " + ending(diff.status_b, diff.steps_b) + ".\n";
  return text;
}

/// Why both paths ended, unless at the last step; "" then.
std::string endings(const analysis::TrajectoryDiff& diff) {
  const std::string a = ending(diff.status_a, diff.steps_a), b = ending(diff.status_b, diff.steps_b);
  if (a != b) return "a " + a + ", b " + b;
  return diff.status_a == Status::max_steps ? "" : a;
}

/// A row per function.
std::string first_differences(const Report& report) {
  text::AlignedTable table;
  table.columns = {{"function"}, {"first difference"}, {"a", true}, {"b", true}, {"largest gap", true}, {""}};
  for (const Tried& tried : report.tried) {
    const analysis::TrajectoryDiff& diff = tried.diff;
    std::vector<std::string> remarks;
    if (!endings(diff).empty()) remarks.push_back(endings(diff));
    if (diff.grown > 0) remarks.push_back("rounding has grown from step " + std::to_string(diff.grown));
    table.rows.push_back(
        {tried.name(), diff.differ ? "step " + std::to_string(diff.first_step) + ", " + diff.coordinate : "none",
         diff.differ ? text::to_text(diff.first_a) : "", diff.differ ? text::to_text(diff.first_b) : "",
         gap_text(diff.largest), text::join(remarks, "; ")});
  }
  return text::aligned(std::move(table));
}

/// "21 f, 20 g"
std::string evaluations_text(const std::array<double, 3>& evaluations) {
  std::string text;
  for (std::size_t k = 0; k < evaluations.size(); ++k)
    if (evaluations[k] > 0) text += (text.empty() ? "" : ", ") + text::to_text(evaluations[k]) + " " + "fgh"[k];
  return text.empty() ? "0" : text;
}

std::string gaps_for_people(const analysis::TrajectoryDiff& diff) {
  text::AlignedTable table;
  table.columns = {
      {"step", true, 10}, {"gap in x", true, 10}, {"gap in f", true, 10}, {"f (a)", true, 23}, {"f (b)", true, 23}};
  const bool costs_differ =
      std::ranges::any_of(diff.gaps, [](const analysis::Gap& gap) { return gap.evaluations_a != gap.evaluations_b; });
  if (costs_differ) table.columns.insert(table.columns.end(), {{"evals (a)", true}, {"evals (b)", true}});
  for (const analysis::Gap& gap : diff.gaps) {
    table.rows.push_back({std::to_string(gap.step), gap_text(gap.point), gap_text(gap.value()),
                          text::to_text(gap.value_a), text::to_text(gap.value_b)});
    if (costs_differ)
      table.rows.back().insert(table.rows.back().end(),
                               {evaluations_text(gap.evaluations_a), evaluations_text(gap.evaluations_b)});
  }
  return text::aligned(std::move(table));
}

Table gap_table(const Report& report) {
  const bool several = report.tried.size() > 1;
  Table table;
  if (several) {
    table.schema.columns.push_back({"function", Column::Kind::text});
    for (const Tried& tried : report.tried) table.schema.columns[0].labels.push_back(tried.name());
  }
  table.schema.columns.push_back({"step", Column::Kind::integer});
  for (const char* name : {"gap_x", "gap_f", "f_a", "f_b"}) table.schema.columns.push_back({name});
  for (const char* name : {"evals_f_a", "evals_g_a", "evals_h_a", "evals_f_b", "evals_g_b", "evals_h_b"})
    table.schema.columns.push_back({name, Column::Kind::integer});
  for (std::size_t i = 0; i < report.tried.size(); ++i)
    for (const analysis::Gap& gap : report.tried[i].diff.gaps) {
      if (several) table.numbers.push_back(static_cast<double>(i));
      for (const double value : {static_cast<double>(gap.step), gap.point, gap.value(), gap.value_a, gap.value_b})
        table.numbers.push_back(value);
      for (const auto& evaluations : {gap.evaluations_a, gap.evaluations_b})
        table.numbers.insert(table.numbers.end(), evaluations.begin(), evaluations.end());
    }
  return table;
}

std::string formula_text(const Report& report) {
  std::string text;
  bool same = true;
  for (const analysis::FormulaLine& line : report.formula) {
    const bool both = line.side == analysis::FormulaLine::Side::both;
    same = same && both;
    text += (both ? "    " : line.side == analysis::FormulaLine::Side::first ? "  - " : "  + ") + line.text + "\n";
  }
  if (same) return "formula: the same\n";
  return std::string("formula (- only a, + only b)") + (report.same_computation ? ", the same computation" : "") +
         "\n" + text;
}

std::string differences_text(const std::string& what, const std::vector<analysis::SettingDifference>& list) {
  if (list.empty()) return what + ": the same\n";
  const auto shown = [](const std::string& value) { return value.empty() ? std::string("(none)") : value; };
  std::size_t name_width = 0, value_width = 0;
  for (const analysis::SettingDifference& difference : list) {
    name_width = std::max(name_width, text::display_width(difference.name));
    value_width = std::max(value_width, text::display_width(shown(difference.first)));
  }
  std::string text = what + "\n";
  for (const analysis::SettingDifference& difference : list)
    text += "    " + text::pad(difference.name, name_width + 2) + text::pad(shown(difference.first), value_width) +
            " (a)   " + shown(difference.second) + " (b)\n";
  return text;
}

std::string settings_line(const Texts& settings) {
  std::vector<std::string> texts;
  for (const auto& [name, value] : settings) texts.push_back(text::unbroken(name + " = " + value));
  return text::join(texts, ", ");
}

std::string side_text(const char* name, const Side& side) {
  const std::string settings = settings_line(side.settings);
  return text::field(name, side.optimizer().label + (settings.empty() ? "" : ": " + settings), 4, 0);
}

/// Functions, starts and steps.
std::string tried_text(const Report& report) {
  std::string text;
  for (const Tried& tried : report.tried) {
    const FunctionEntry& entry = tried.function->entry;
    const std::string name = entry.title.empty() ? "" : entry.name + ": ";  // not for a mere definition
    const std::string what = tried.trial.noisy
                                 ? tried.name() + " of standard deviation 1 in the gradient"
                                 : name + entry.definition.text() + " from " + text::unbroken(tried.start_text);
    text += text::field(text.empty() ? "on" : "", what + ", " + std::to_string(report.a.experiment().steps) + " steps",
                        4, 0);
  }
  return text;
}

std::string as_text(const Report& report) {
  const bool several = report.tried.size() > 1;
  std::string text = side_text("a", report.a) + side_text("b", report.b) + tried_text(report);
  text += "\n" + verdict(report) + (several ? "\n" + first_differences(report) : first_difference(report)) + "\n";
  const Tried& worst = report.worst();
  if (!several || worst.diff.largest > 0) {
    if (several) text += "on " + worst.name() + ":\n";
    text += gaps_for_people(worst.diff) + "\n";
  }
  text += formula_text(report);
  text += differences_text("settings", report.settings) + differences_text("defaults", report.defaults);
  return text + differences_text("initial state", report.state);
}

template <class Elements, class ToJson>
std::string json_list(const Elements& elements, ToJson to_json) {
  std::string text = "[";
  for (const auto& element : elements) text += (text.size() > 1 ? ",\n    " : "\n    ") + to_json(element);
  return text + "]";
}

/// A setting's text: a number, an expression as a string, or null for none.
std::string json_setting(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size()) return json::json_number(value);
  return text.empty() ? "null" : json::json_string(text);
}

std::string json_side(const Side& side) {
  json::JsonObject settings;
  for (const auto& [name, value] : side.settings) settings.add(name, json_setting(value));
  json::JsonObject object;
  object.add_string("label", side.optimizer().label).add_string("type", side.optimizer().type);
  return object.add("hyperparameters", settings.close()).close();
}

std::string json_run(Status status, std::uint64_t steps) {
  json::JsonObject object;
  return object.add_string("status", to_string(status)).add("steps", std::to_string(steps)).close();
}

std::string json_difference(const analysis::SettingDifference& difference) {
  json::JsonObject object;
  object.add_string("name", difference.name).add("a", json_setting(difference.first));
  return object.add("b", json_setting(difference.second)).close();
}

std::string json_tried(const Tried& tried, double tolerance) {
  const analysis::TrajectoryDiff& diff = tried.diff;
  const auto number = [](double value) { return json::json_number(value); };
  std::string first = "null", start;
  if (diff.differ) {
    json::JsonObject object;
    object.add("step", std::to_string(diff.first_step)).add_string("coordinate", diff.coordinate);
    first = object.add("a", number(diff.first_a)).add("b", number(diff.first_b)).close();
  }
  for (const double x : tried.start) start += (start.empty() ? "" : ",") + number(x);
  json::JsonObject object;
  object.add("function", experiment::to_json(*tried.function)).add("noise", tried.trial.noisy ? "1" : "0");
  object.add("start", "[" + start + "]");
  object.add("a", json_run(diff.status_a, diff.steps_a)).add("b", json_run(diff.status_b, diff.steps_b));
  object.add("agree", diff.agree(tolerance) ? "true" : "false");
  object.add("largest_gap", number(diff.largest)).add("first_difference", first);
  object.add("rounding_grown_from", diff.grown > 0 ? std::to_string(diff.grown) : "null");
  object.add(
      "gaps", json_list(diff.gaps, [&](const analysis::Gap& gap) {
        json::JsonObject row;
        row.add("step", std::to_string(gap.step)).add("x", number(gap.point));
        row.add("f", number(gap.value())).add("f_a", number(gap.value_a));
        row.add("f_b", number(gap.value_b));
        for (const auto& [side, evaluations] : {std::pair("a", gap.evaluations_a), std::pair("b", gap.evaluations_b)})
          for (std::size_t k = 0; k < evaluations.size(); ++k)
            row.add(std::string("evals_") + "fgh"[k] + "_" + side, number(evaluations[k]));
        return row.close();
      }));
  return object.close();
}

std::string as_json(const Report& report) {
  const char* verdicts[] = {"same", "not_told", "differ"};
  json::JsonObject document;
  document.add_string("optexplore", version);
  document.add("a", json_side(report.a)).add("b", json_side(report.b));
  document.add("tolerance", json::json_number(report.tolerance));
  document.add_string("verdict", verdicts[static_cast<int>(report.verdict())]);
  document.add("same_computation", report.same_computation ? "true" : "false");
  document.add("largest_gap", json::json_number(report.worst().diff.largest));
  document.add("tried",
               json_list(report.tried, [&](const Tried& tried) { return json_tried(tried, report.tolerance); }));
  document.add("formula", json_list(report.formula, [](const analysis::FormulaLine& line) {
                 json::JsonObject object;
                 const char* sides[] = {"both", "a", "b"};
                 object.add_string("in", sides[static_cast<int>(line.side)]);
                 return object.add_string("line", line.text).close();
               }));
  document.add("settings", json_list(report.settings, json_difference));
  document.add("defaults", json_list(report.defaults, json_difference));
  document.add("state", json_list(report.state, json_difference));
  return document.close() + "\n";
}

double read_tolerance(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value >= 0) || std::isinf(value))
    throw InputError("expected a number of at least 0, found '" + text + "'", "", "--tol");
  return value;
}

int diff(const Options& options) {
  if (options.first.empty() || options.second.empty())
    throw InputError("expected two optimizers, as in optexplore diff adam.torch adam.keras", "", "diff");
  flags::check_format(options.format);
  const double tolerance = read_tolerance(options.tolerance);
  os::TextFile config{"", "command line"};
  if (options.config) config = os::read_text_file(*options.config);
  experiment::Overrides overrides = options.overrides;
  std::vector<analysis::Trial> trials;
  const json::Json given = config.text.empty() ? json::Json() : json::parse_json(config.text, config.name);
  if (!given.contains("function") && !given.contains("functions") && overrides.functions.empty()) {
    overrides.functions = analysis::telling_functions();
    if (!overrides.steps && !given.contains("steps")) overrides.steps = telling_steps;
    trials = analysis::telling_trials(overrides.functions.size());
  }
  const Report report = make_report(read_side(config, overrides, options.first),
                                    read_side(config, overrides, options.second), tolerance, std::move(trials));
  if (options.format == "text")
    flags::print(as_text(report));
  else if (options.format == "json")
    flags::print(as_json(report));
  else
    flags::print(gap_table(report), options.format);
  switch (report.verdict()) {
    case Verdict::same: return exit_done;
    case Verdict::not_told: return exit_not_told;
    case Verdict::differ: break;
  }
  return exit_disagreement;
}

}  // namespace

void add_diff(CLI::App& app, Action& action) {
  CLI::App& command = *app.add_subcommand("diff", "Where, by how much and why two optimizers part");
  command.footer(footer);
  const auto options = std::make_shared<Options>();
  const auto into = [](auto& target) { return [&target](const std::string& text) { target = text; }; };
  flags::add_text_option(command, "A", "", "TYPE[:key=value,…], a chain, or a label", into(options->first));
  flags::add_text_option(command, "B", "", "What to compare it with", into(options->second));
  command.option_defaults()->group("Experiment (overrides CONFIG)");
  flags::add_text_option(command, "-c,--config", "CONFIG", "Function, start, steps and labelled optimizers",
                         into(options->config));
  flags::add_problem_options(command, options->overrides);
  command.option_defaults()->group("Output");
  flags::add_text_option(command, "--tol", "NUMBER", "Largest gap of agreement, relative above 1 (default: 1e-9)",
                         into(options->tolerance));
  flags::add_format_option(command, options->format, "text (default), json; gaps: csv, tsv, jsonl, gnuplot, npy, md");
  command.callback([&action, options] { action = [options] { return diff(*options); }; });
}

}  // namespace optexplore::cli
