#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <optexplore/catalog.hpp>
#include <optexplore/error.hpp>
#include <optexplore/function.hpp>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "cli/command_line.hpp"
#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/text.hpp"
#include "expr/diagnostic.hpp"
#include "expr/parser.hpp"

namespace optexplore::cli {
namespace {

constexpr const char* footer = R"(Examples:
  optexplore describe adam
  optexplore describe rosenbrock rmsprop.dlfs)";

/// Where the texts of a description begin.
constexpr std::size_t text_column = 19;

std::string optional_field(std::string_view name, std::string_view text) {
  return text.empty() ? "" : field(name, text, text_column);
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
std::vector<std::string> gradient_lines(const FunctionEntry& entry, const expr::Definition& definition) {
  if (definition.fixed_dim == 0) return {};
  FunctionSpec spec;
  spec.entry = entry;
  spec.dim = definition.fixed_dim;
  spec.coordinates = definition.coordinates;
  if (spec.coordinates.empty())
    for (std::size_t i = 1; i <= spec.dim; ++i) spec.coordinates.push_back(definition.vector + std::to_string(i));
  std::vector<std::string> lines = Function(spec).gradient_text();
  for (std::size_t i = 0; i < lines.size(); ++i) lines[i] = "d/d" + spec.coordinates[i] + " = " + lines[i];
  return lines;
}

std::string describe_function(const std::string& name) {
  const FunctionEntry entry = catalog::function(name);
  const expr::Definition definition = expr::parse_definition(entry.definition);
  const std::size_t dim = definition.fixed_dim != 0 ? definition.fixed_dim : entry.dim;

  std::vector<std::string> params;
  for (const auto& [key, value] : entry.params) params.push_back(unbroken(key + " = " + to_text(value)));
  std::string dimension = std::to_string(dim);
  if (definition.fixed_dim == 0) dimension = "any" + (dim == 0 ? "" : ", " + dimension + " by default");
  std::vector<std::string> minimizers;
  for (const auto& point : entry.minimizers) minimizers.push_back(unbroken(point_text(point, dim)));

  std::string text = heading(name, "function", entry.title) + formulas("definition", {entry.definition});
  text += formulas("gradient", gradient_lines(entry, definition));
  text += optional_field("parameters", join(params, ", "));
  text += field("dimension", dimension, text_column);
  if (!entry.domain.empty()) text += field("domain", domain_text(entry.domain), text_column);
  if (!entry.start.empty()) text += field("start", point_text(entry.start, dim), text_column);
  if (entry.minimum) text += field("minimum", to_text(*entry.minimum), text_column);
  text += optional_field("minimizers", join(minimizers, ", "));
  text += optional_field("tags", join(entry.tags, ", "));
  text += optional_field("note", entry.note);
  return text + optional_field("reference", entry.reference);
}

/// The rules that share a plain name: adam, adam.keras, …
std::vector<std::string> other_dialects(const std::string& name) {
  const auto plain = [](const std::string& rule) { return rule.substr(0, rule.find('.')); };
  std::vector<std::string> names = catalog::rule_names();
  std::erase_if(names, [&](const std::string& other) { return other == name || plain(other) != plain(name); });
  return names;
}

std::string describe_rule(const std::string& name) {
  const RuleEntry entry = catalog::rule(name);
  std::vector<std::string> state;
  for (const auto& [key, value] : entry.state) state.push_back(unbroken(key + " = " + value));
  std::vector<std::string> params;
  for (const auto& [key, value] : entry.params) {
    const auto* number = std::get_if<double>(&value);
    params.push_back(unbroken(key + " = " + (number != nullptr ? to_text(*number) : std::get<std::string>(value))));
  }
  std::string text = heading(name, "update rule", entry.title) + formulas("update", entry.update);
  text += optional_field("initial state", join(state, ", "));
  text += optional_field("hyperparameters", join(params, ", "));
  text += optional_field("note", entry.note);
  text += optional_field("reference", entry.reference);
  return text + optional_field("other dialects", join(other_dialects(name), ", "));
}

int describe(const std::vector<std::string>& names) {
  if (names.empty()) throw InputError("expected the name of a function or optimizer", "", "describe");
  const std::vector<std::string> functions = catalog::function_names();
  const std::vector<std::string> rules = catalog::rule_names();
  const auto contains = [](const std::vector<std::string>& list, const std::string& name) {
    return std::ranges::find(list, name) != list.end();
  };
  std::string text;
  for (const std::string& name : names) {
    const bool is_function = contains(functions, name);
    const bool is_rule = contains(rules, name);
    if (!is_function && !is_rule) {
      std::vector<std::string> all = rules;
      all.insert(all.end(), functions.begin(), functions.end());
      std::string hint = expr::did_you_mean(name, all);
      if (hint.empty()) hint = "; 'optexplore list' shows all names";
      throw InputError("no function or optimizer has the name '" + name + "'" + hint);
    }
    if (is_rule) text += (text.empty() ? "" : "\n") + describe_rule(name);
    if (is_function) text += (text.empty() ? "" : "\n") + describe_function(name);
  }
  print(text);
  return exit_done;
}

}  // namespace

void add_describe(CLI::App& app, Action& action) {
  CLI::App& command = *app.add_subcommand("describe", "Formula, defaults and reference of a function or optimizer");
  command.footer(footer);
  const auto names = std::make_shared<std::vector<std::string>>();
  command.add_option("NAME", *names, "Names from 'optexplore list'")->type_name("");
  command.callback([&action, names] { action = [names] { return describe(*names); }; });
}

}  // namespace optexplore::cli
