#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <optexplore/catalog.hpp>
#include <optexplore/error.hpp>
#include <optexplore/function.hpp>
#include <string>
#include <utility>
#include <vector>

#include "analysis/formula_diff.hpp"
#include "cli/commands.hpp"
#include "experiment/text.hpp"
#include "flags/options.hpp"
#include "language/ast.hpp"
#include "picture/schedule_picture.hpp"
#include "study/schedules.hpp"
#include "text/aligned.hpp"
#include "text/caret.hpp"
#include "text/number.hpp"
#include "text/suggest.hpp"
#include "text/utf8.hpp"
#include "text/wrap.hpp"

namespace optexplore::cli {
namespace {

constexpr const char* footer = R"(Examples:
  optexplore describe adam
  optexplore describe rosenbrock rmsprop.dlfs
  optexplore describe schedules)";

/// Where the texts of a description begin.
constexpr std::size_t text_column = 19;

std::string optional_field(std::string_view name, std::string_view text) {
  return text.empty() ? "" : text::field(name, text, text_column);
}

/// Formulas are for copying: never wrapped, each on a line of its own.
std::string formulas(std::string_view name, const std::vector<std::string>& lines) {
  if (lines.empty()) return "";
  std::string text = "  " + std::string(name) + "\n";
  for (const std::string& line : lines) text += "    " + line + "\n";
  return text;
}

std::string heading(const std::string& name, const char* kind, const std::string& title) {
  return name + " (" + kind + ")" + (title.empty() ? "" : ": " + title) + "\n";
}

/// "d/dx = …" for each coordinate; nothing when the dimension is open or the text too long to be worth reading.
std::vector<std::string> gradient_lines(const FunctionEntry& entry) {
  if (entry.definition.tree().fixed_dim == 0) return {};
  const FunctionSpec spec = make_function(entry);
  std::vector<std::string> lines = Function(spec).gradient_text();
  for (std::size_t i = 0; i < lines.size(); ++i) lines[i] = "d/d" + spec.coordinate(i) + " = " + lines[i];
  return lines;
}

std::string describe_function(const std::string& name) {
  const FunctionEntry entry = catalog::function(name);
  const language::Definition& definition = entry.definition.tree();
  const std::size_t dim = definition.fixed_dim != 0 ? definition.fixed_dim : entry.dim;

  std::vector<std::string> params;
  for (const auto& [key, value] : entry.params)
    params.push_back(text::unbroken(key + " = " + experiment::to_text(value)));
  std::string dimension = std::to_string(dim);
  if (definition.fixed_dim == 0) dimension = "any" + (dim == 0 ? "" : ", " + dimension + " by default");
  std::vector<std::string> minimizers;
  for (const auto& point : entry.minimizers) {
    const auto* numbers = std::get_if<std::vector<double>>(&point);
    minimizers.push_back(numbers != nullptr ? text::unbroken(experiment::point_text(*numbers, dim))
                                            : std::get<Formula>(point).text());
  }

  std::string text = heading(entry.name, "function", entry.title) + formulas("definition", {entry.definition.text()});
  text += formulas("gradient", gradient_lines(entry));
  text += optional_field("aliases", text::join(entry.aliases, ", "));
  text += optional_field("parameters", text::join(params, ", "));
  text += text::field("dimension", dimension, text_column);
  if (!entry.domain.empty()) text += text::field("domain", experiment::domain_text(entry.domain), text_column);
  if (!entry.start.empty()) text += text::field("start", experiment::point_text(entry.start, dim), text_column);
  if (entry.minimum) {
    const auto* number = std::get_if<double>(&*entry.minimum);
    text += text::field(
        "minimum", number != nullptr ? text::to_text(*number) : std::get<Formula>(*entry.minimum).text(), text_column);
  }
  text += optional_field("minimizers", text::join(minimizers, ", "));
  text += optional_field("tags", text::join(entry.tags, ", "));
  text += optional_field("note", entry.note);
  return text + optional_field("reference", entry.reference);
}

/// The other rules that share a plain name: adam, adam.keras, …
std::vector<std::string> other_dialects(const std::string& name) {
  const auto plain = [](const std::string& rule) { return rule.substr(0, rule.find('.')); };
  std::vector<std::string> names = catalog::rule_names();
  std::erase_if(names, [&](const std::string& other) { return other == name || plain(other) != plain(name); });
  return names;
}

std::string value_in(const analysis::Texts& settings, const std::string& name) {
  const auto found = std::ranges::find(settings, name, [](const auto& setting) { return setting.first; });
  return found == settings.end() ? "-" : found->second;
}

/// The defaults of all dialects in columns.
std::string defaults_table(const std::vector<RuleEntry>& dialects) {
  const std::string indent(4, ' ');
  std::vector<std::string> names;
  std::vector<analysis::Texts> defaults;
  for (const RuleEntry& dialect : dialects) {
    defaults.push_back(analysis::defaults_text(dialect));
    for (const auto& [name, value] : defaults.back())
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  text::AlignedTable table;
  table.columns = {{indent + "defaults"}};
  for (const RuleEntry& dialect : dialects) {
    const std::size_t dot = dialect.name.find('.');
    const bool whole = &dialect == &dialects.front() || dot == std::string::npos;
    table.columns.push_back({whole ? dialect.name : dialect.name.substr(dot)});
  }
  for (const std::string& name : names) {
    table.rows.push_back({indent + name});
    for (const auto& settings : defaults) table.rows.back().push_back(value_in(settings, name));
  }
  return text::aligned(std::move(table));
}

/// What differs between a rule and one of its dialects: lines of the formula, initial state.
std::string dialect_text(const RuleEntry& rule, const RuleEntry& dialect) {
  std::string text = text::field(dialect.name, dialect.title, text_column + 4, 4);
  const std::vector<analysis::FormulaLine> lines = analysis::lay_over(rule.update, dialect.update);
  if (std::ranges::all_of(
          lines, [](const analysis::FormulaLine& line) { return line.side == analysis::FormulaLine::Side::both; }))
    text += "      the same formula\n";
  for (const analysis::FormulaLine& line : lines)
    if (line.side != analysis::FormulaLine::Side::both)
      text += (line.side == analysis::FormulaLine::Side::first ? "      - " : "      + ") + line.text + "\n";
  std::vector<std::string> state;
  for (const analysis::SettingDifference& difference :
       analysis::differences(analysis::state_text(rule), analysis::state_text(dialect)))
    if (!difference.second.empty()) state.push_back(text::unbroken(difference.name + " = " + difference.second));
  return text + (state.empty() ? "" : text::field("initial state", text::join(state, ", "), text_column + 4, 6));
}

std::string dialects_text(const RuleEntry& rule) {
  std::vector<RuleEntry> dialects = {rule};
  for (const std::string& name : other_dialects(rule.name)) dialects.push_back(catalog::rule(name));
  if (dialects.size() == 1) return "";
  std::string text = "  dialects (- only here, + only there)\n" + defaults_table(dialects);
  for (std::size_t k = 1; k < dialects.size(); ++k) text += dialect_text(rule, dialects[k]);
  return text;
}

std::string describe_rule(const std::string& name) {
  const RuleEntry entry = catalog::rule(name);
  std::vector<std::string> state;
  std::vector<std::string> update;
  for (const AssignmentText& line : entry.update) update.push_back(line.text());
  for (const auto& [key, value] : analysis::state_text(entry)) state.push_back(text::unbroken(key + " = " + value));
  std::vector<std::string> params;
  for (const auto& [key, value] : analysis::defaults_text(entry)) params.push_back(text::unbroken(key + " = " + value));
  std::vector<std::string> choices;
  for (const auto& [key, labels] : entry.choices) choices.push_back(key + " is one of " + text::join(labels, ", "));
  std::string text = heading(entry.name, "update rule", entry.title) + formulas("update", update);
  text += optional_field("initial state", text::join(state, ", "));
  text += optional_field("hyperparameters", text::join(params, ", "));
  text += optional_field("choices", text::join(choices, "; "));
  text += optional_field("note", entry.note);
  text += optional_field("reference", entry.reference);
  return text + dialects_text(entry);
}

/// Wide enough to see the shape, narrow enough to stand beside a name.
constexpr std::size_t picture_width = 50;
constexpr std::size_t picture_steps = 100;

std::string schedule_picture(const ScheduleEntry& entry) {
  return picture::picture(study::schedule_values(entry.example, picture_steps), picture_width);
}

std::string signature(const ScheduleEntry& entry) {
  std::vector<std::string> arguments;
  for (const auto& [name, initial] : entry.params) arguments.push_back(name + (initial ? " = " + initial->text() : ""));
  return entry.name + "(" + text::join(arguments, ", ") + ")";
}

std::string describe_schedule(const std::string& name) {
  const ScheduleEntry& entry = catalog::schedule(name);
  std::string text = heading(name, "schedule", entry.title) + formulas("value at update t", {entry.value.text()});
  text += text::field("arguments", signature(entry), text_column);
  text += text::field("example", entry.example + " over " + std::to_string(picture_steps) + " updates:", text_column);
  text += text::field("", schedule_picture(entry), text_column);
  text += text::field("use", "-O 'sgd:lr=" + entry.example + "' or \"lr\": \"" + entry.example + "\"", text_column);
  text += optional_field("note", entry.note);
  return text + optional_field("reference", entry.reference);
}

std::string describe_schedules() {
  std::string text =
      "schedules: functions of t, the number of the update, for any hyperparameter, as in\n"
      "-O 'sgd:lr=cosine_decay(0.1)'; \"steps\" is the run's length. Over 100 updates:\n";
  for (const std::string& name : catalog::schedule_names()) {
    const ScheduleEntry& entry = catalog::schedule(name);
    text += "\n  " + signature(entry) + "\n    " + entry.title + "\n    " + schedule_picture(entry) + "  " +
            entry.example + "\n";
  }
  return text;
}

std::string describe_file(const std::string& path) {
  switch (catalog::file_kind(path)) {
    case catalog::FileKind::function: return describe_function(path);
    case catalog::FileKind::rule: return describe_rule(path);
    case catalog::FileKind::experiment: break;
  }
  throw InputError(
      "expected a function, which has a \"definition\", or a rule, which has an \"update\"; 'optexplore check' reads "
      "experiments",
      "", path);
}

/// One kind of entry: what its name may be, and how it is described.
struct Kind {
  std::vector<std::string> names;
  std::string (*describe)(const std::string& name);
};

int describe(const std::vector<std::string>& names) {
  if (names.empty()) throw InputError("expected the name of a function, optimizer or schedule", "", "describe");
  std::vector<std::string> functions = catalog::function_names();
  for (const auto& [alias, full] : catalog::function_aliases()) functions.push_back(alias);
  const Kind kinds[] = {{catalog::rule_names(), describe_rule},
                        {std::move(functions), describe_function},
                        {catalog::schedule_names(), describe_schedule}};
  std::string text;
  const auto add = [&text](const std::string& more) { text += (text.empty() ? "" : "\n") + more; };
  for (const std::string& name : names) {
    bool found = name == "schedules";
    if (found) add(describe_schedules());
    for (const Kind& kind : kinds)
      if (std::ranges::find(kind.names, name) != kind.names.end()) {
        add(kind.describe(name));
        found = true;
      }
    if (found) continue;
    if (name.ends_with(".json")) {
      add(describe_file(name));
      continue;
    }
    if (name.ends_with(".torch")) {  // PyTorch's dialect by its full name
      add(describe_rule(name));
      continue;
    }
    std::vector<std::string> all = {"schedules"};
    for (const Kind& kind : kinds) all.insert(all.end(), kind.names.begin(), kind.names.end());
    std::string hint = text::did_you_mean(name, all);
    if (hint.empty()) hint = "; 'optexplore list' shows all names";
    throw InputError("no function, optimizer or schedule has the name '" + name + "'" + hint);
  }
  flags::print(text);
  return exit_done;
}

}  // namespace

void add_describe(CLI::App& app, Action& action) {
  CLI::App& command = *app.add_subcommand("describe", "Formula, defaults and reference of what has a name");
  command.footer(footer);
  const auto names = std::make_shared<std::vector<std::string>>();
  command.add_option("NAME", *names, "Names from 'optexplore list', \"schedules\", or files: mine.json")->type_name("");
  command.callback([&action, names] { action = [names] { return describe(*names); }; });
}

}  // namespace optexplore::cli
