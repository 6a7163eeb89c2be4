#include <CLI/CLI.hpp>
#include <memory>
#include <optexplore/error.hpp>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "flags/options.hpp"
#include "reference/kinds.hpp"
#include "text/wrap.hpp"

namespace optexplore::cli {
namespace {

using reference::Card;
using reference::Kind;

constexpr const char* footer = R"(A name that several things have describes all of them.

Examples:
  optexplore describe adam
  optexplore describe rosenbrock rmsprop.dlfs
  optexplore describe clip '^' angle
  optexplore describe 'f(x,y) = sin(x)*y^2'
  optexplore describe schedules
  optexplore describe adam --format json)";

/// CLI11 takes the name '[]' for an empty list wherever it allows extra arguments. Without them it takes as many as are
/// expected at least, which nothing checks when all are taken.
constexpr int most_names = 1 << 20;

struct Options {
  std::vector<std::string> names;
  std::string format = "text";
};

/// Everything of that name, or everything of the kinds that it lists: "operators".
std::vector<Card> cards(const std::string& name) {
  std::vector<Card> all;
  for (const Kind* kind : reference::find_kinds(name))
    for (const reference::Entry& entry : kind->entries()) all.push_back(kind->card(entry.name));
  return all.empty() ? reference::describe(name) : all;
}

std::string as_text(const std::vector<std::string>& names) {
  std::string text;
  const auto add = [&text](const std::string& more) { text += (text.empty() ? "" : "\n") + more; };
  for (const std::string& name : names) {
    const std::vector<const Kind*> kinds = reference::find_kinds(name);
    if (kinds.size() == 1 && kinds[0]->overview != nullptr) {
      add(kinds[0]->overview());
      continue;
    }
    for (const Card& card : cards(name)) add(to_text(card, flags::page_width()));
  }
  return text;
}

int describe(const Options& options) {
  flags::check_format(options.format);
  if (options.names.empty())
    throw InputError("expected the name of a function, optimizer, schedule, column or word of the language", "",
                     "describe");
  if (options.format == "text") {
    flags::print(as_text(options.names));
    return exit_done;
  }
  std::vector<Card> all;
  for (const std::string& name : options.names)
    for (Card& card : cards(name)) all.push_back(std::move(card));
  std::vector<std::string> objects;
  for (const Card& card : all) objects.push_back(to_json(card));
  if (options.format == "json")
    flags::print("[\n" + text::join(objects, ",\n") + "]\n");
  else if (options.format == "jsonl")
    flags::print(text::join(objects, "\n") + "\n");
  else
    flags::print(to_table(all), options.format);
  return exit_done;
}

}  // namespace

void add_describe(CLI::App& app, Action& action) {
  CLI::App& command = *app.add_subcommand("describe", "All that is known of what has a name: formula, defaults, use …");
  command.footer(footer);
  const auto options = std::make_shared<Options>();
  command
      .add_option("NAME", options->names,
                  "Names from 'optexplore list', a whole list (operators), a file (mine.json) or a definition")
      ->type_name("")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)  // which resets what is expected
      ->expected(most_names, CLI::detail::expected_max_vector_size)
      ->allow_extra_args(false);
  flags::add_format_option(command, options->format);
  command.callback([&action, options] { action = [options] { return describe(*options); }; });
}

}  // namespace optexplore::cli
