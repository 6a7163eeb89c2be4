#include "main/command_line.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <optexplore/error.hpp>
#include <optexplore/version.hpp>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "flags/options.hpp"
#include "text/suggest.hpp"

namespace optexplore::cli {
namespace {

constexpr const char* description = "Write a function and some optimizers as text; get every step each optimizer took.";

constexpr const char* footer = R"(Examples:
  optexplore run -f 'f(x,y) = x²/20 + y²' --start=-7,2 -n 30 -O sgd:lr=0.95 -O adam:lr=0.3
  optexplore run experiment.json -o steps.csv
  optexplore list --search momentum
  optexplore describe adam
  optexplore diff adam.torch adam.keras

'optexplore COMMAND --help' explains a command.

Exit status: 0 done; 1 failure while running, such as a full disk; 2 wrong usage or config;
3 with --strict when a run diverged; 4 check: a gradient is wrong, diff: the optimizers part;
5 diff: they are not the same but don't part; 130 interrupted, 143 ended by SIGTERM)";

/// The subcommand on the command line, or the application itself.
const CLI::App& selected(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return chosen.empty() ? app : *chosen.back();
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

/// What to say about the first argument that nothing accepts.
InputError unexpected_argument(const CLI::App& app) {
  const CLI::App& command = selected(app);
  const std::string argument = app.remaining(true).front();
  if (argument.size() > 1 && argument[0] == '-') {
    const std::string name = argument.substr(0, argument.find('='));
    // Every letter is near every other one.
    std::string hint = name.size() <= 2 ? "" : text::did_you_mean(name, option_names(command));
    if (hint.empty() && &command == &app) {
      hint = "; options follow a command, as in 'optexplore run -f book -O adam'";
    }
    if (hint.empty()) {
      hint = "; 'optexplore " + command.get_name() + " --help' lists the options";
    }
    return InputError("unknown option '" + name + "'" + hint);
  }
  if (&command != &app) {
    return InputError("unexpected argument '" + argument + "'; see 'optexplore " + command.get_name() + " --help'");
  }

  std::vector<std::string> commands;
  for (const CLI::App* sub : app.get_subcommands({})) commands.push_back(sub->get_name());
  std::string hint = text::did_you_mean(argument, commands);
  if (hint.empty()) hint = "; 'optexplore --help' lists the commands";
  return InputError("unknown command '" + argument + "'" + hint);
}

/// CLI11 would take --quiet=3.
void forbid_values_of_flags(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) option->disable_flag_override();
  for (CLI::App* command : app.get_subcommands({})) forbid_values_of_flags(*command);
}

/// CLI11's own messages speak of types ("1 required TEXT missing").
InputError usage_error(const CLI::ParseError& error) {
  const std::string text = error.what();
  if (const std::size_t end = text.find(" was given a disallowed flag override"); end != std::string::npos)
    return InputError("takes no value", "", (end == 1 ? "-" : "--") + text.substr(0, end));
  const std::size_t colon = text.find(": ");
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr && colon != std::string::npos) {
    const bool repeated = text.find("At Most") != std::string::npos;
    return InputError(repeated ? "given more than once" : "expected a value after it", "", text.substr(0, colon));
  }
  return InputError(text);
}

}  // namespace

int run_command_line(int argc, const char* const* argv) {
  CLI::App app(description, "optexplore");
  app.footer(footer);
  app.require_subcommand(0, 1);  // none: handled below, with the help text
  app.get_formatter()->column_width(32);
  app.set_help_flag("-h,--help", "Print this help and exit");
  app.set_version_flag("--version", std::string("optexplore ") + version, "Print the version and exit");
  Action action;
  for (const auto add :
       {add_run, add_sweep, add_compare, add_list, add_describe, add_check, add_diff, add_plot, add_grid, add_theory})
    add(app, action);

  forbid_values_of_flags(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    flags::print(app.help());
    return exit_done;
  } catch (const CLI::CallForVersion& text) {
    flags::print(std::string(text.what()) + "\n");
    return exit_done;
  } catch (const CLI::ExtrasError&) {
    throw unexpected_argument(app);
  } catch (const CLI::ParseError& error) {
    throw usage_error(error);
  }
  if (!action) {
    std::fputs(app.help().c_str(), stderr);
    return exit_usage;
  }
  return action();
}

}  // namespace optexplore::cli
