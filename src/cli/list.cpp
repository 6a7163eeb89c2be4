#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <optexplore/error.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "flags/options.hpp"
#include "json/text.hpp"
#include "os/messages.hpp"
#include "reference/kinds.hpp"
#include "text/suggest.hpp"
#include "text/utf8.hpp"
#include "text/wrap.hpp"

namespace optexplore::cli {
namespace {

using reference::Entry;
using reference::Kind;

constexpr const char* footer = R"(With --format json or jsonl all that 'optexplore describe' knows of each.

Examples:
  optexplore list functions
  optexplore list language
  optexplore list rules --group quasi_newton
  optexplore list --search momentum
  optexplore list rules --format json)";

struct Options {
  std::string kind;  ///< as reference::find_kinds() takes it; empty: everything
  std::string search;
  std::string group;
  std::string format = "text";
};

struct Section {
  const Kind* kind;
  std::string name;  ///< as it was asked for: "rules"
  std::vector<Entry> entries;
};

std::vector<Section> chosen_sections(const Options& options) {
  std::vector<Section> sections;
  std::vector<const Kind*> chosen = reference::find_kinds(options.kind);
  if (options.kind.empty())
    for (const Kind& kind : reference::kinds()) chosen.push_back(&kind);
  if (chosen.empty()) {
    const std::vector<std::string> known = reference::kind_names();
    const std::string near = text::did_you_mean(options.kind, known);
    throw InputError("unknown list '" + options.kind + "'; expected " + text::join(known, ", ") +
                     (near.empty() ? "; 'optexplore list --search " + options.kind + "' searches all of them" : near));
  }
  for (const Kind* kind : chosen) {
    const bool synonym = chosen.size() == 1 && !options.kind.empty();
    sections.push_back({kind, synonym ? options.kind : std::string(kind->plural), kind->entries()});
    std::erase_if(sections.back().entries, [&](const Entry& entry) {
      return !matches(entry, options.search) ||
             (!options.group.empty() && std::ranges::find(entry.groups, options.group) == entry.groups.end());
    });
  }
  return sections;
}

/// A dialect ("adam.keras") stands indented beneath its plain name, if that is listed too.
std::string as_text(const Section& section, std::size_t width) {
  std::set<std::string> names;
  for (const Entry& entry : section.entries) names.insert(entry.name);
  const auto indent = [&names](const std::string& name) {
    const std::size_t dot = name.find('.');
    return dot != std::string::npos && names.contains(name.substr(0, dot)) ? 4U : 2U;
  };
  const auto shown = [](const Entry& entry) { return entry.shown.empty() ? entry.name : entry.shown; };
  std::size_t column = 0;
  for (const Entry& entry : section.entries)
    column = std::max(column, indent(entry.name) + text::display_width(shown(entry)) + 2);
  column = std::min(column, width / 2);  // longer names get a line of their own
  std::string text = (section.name == section.kind->plural ? std::string(section.kind->heading) : section.name) + "\n";
  const auto add = [&](const Entry& entry) {
    text += text::field(shown(entry), entry.title, column, indent(entry.name), width);
  };
  if (section.kind->groups == nullptr) {
    std::ranges::for_each(section.entries, add);
    return text;
  }
  for (const catalog::RuleGroup& group : section.kind->groups()) {
    const auto is_in = [&group](const Entry& entry) {
      return std::ranges::find(entry.groups, group.name) != entry.groups.end();
    };
    if (std::ranges::none_of(section.entries, is_in)) continue;
    text += "\n " + std::string(group.title) + " (" + std::string(group.name) + ")\n";
    for (const Entry& entry : section.entries)
      if (is_in(entry)) add(entry);
  }
  return text;
}

/// The cards of all entries, as JSON.
std::vector<std::string> cards(const Section& section) {
  std::vector<std::string> objects;
  for (const Entry& entry : section.entries) objects.push_back(to_json(section.kind->card(entry.name)));
  return objects;
}

std::string as_json(const std::vector<Section>& sections) {
  json::JsonObject document;
  for (const Section& section : sections) {
    const std::vector<std::string> objects = cards(section);
    document.add(section.name, objects.empty() ? "[]" : "[\n" + text::join(objects, ",\n") + "]");
  }
  return document.close() + "\n";
}

std::string as_json_lines(const std::vector<Section>& sections) {
  std::string text;
  for (const Section& section : sections)
    for (const std::string& object : cards(section)) text += object + "\n";
  return text;
}

/// A row per entry: kind, name, title.
Table as_table(const std::vector<Section>& sections) {
  using CellKind = Column::Kind;
  Table table;
  std::vector<Column>& columns = table.schema.columns;
  columns = {{"kind", CellKind::text}, {"name", CellKind::text}, {"title", CellKind::text}};
  for (const Section& section : sections) {
    columns[0].labels.push_back(section.name);
    for (const Entry& entry : section.entries) {
      const auto kind = static_cast<double>(columns[0].labels.size() - 1);
      const auto row = static_cast<double>(columns[1].labels.size());
      columns[1].labels.push_back(entry.name);
      columns[2].labels.push_back(entry.title);
      table.numbers.insert(table.numbers.end(), {kind, row, row});
    }
  }
  return table;
}

/// Throws InputError unless something has the group that was asked for.
void check_group(const Options& options) {
  if (options.group.empty()) return;
  std::vector<std::string> known;
  for (const Kind& kind : reference::kinds())
    for (const Entry& entry : kind.entries())
      for (const std::string& group : entry.groups)
        if (std::ranges::find(known, group) == known.end()) known.push_back(group);
  std::ranges::sort(known);
  if (std::ranges::find(known, options.group) == known.end())
    throw InputError("--group: expected one of " + text::join(known, ", ") + ", found '" + options.group + "'" +
                     text::did_you_mean(options.group, known));
}

int list(const Options& options) {
  flags::check_format(options.format);
  const std::vector<Section> sections = chosen_sections(options);
  check_group(options);
  if (std::ranges::all_of(sections, [](const Section& section) { return section.entries.empty(); }))
    os::Messages().note(options.search.empty() ? "nothing here is in the group '" + options.group + "'"
                                               : "nothing matches '" + options.search + "'");
  if (options.format == "json") {
    flags::print(as_json(sections));
  } else if (options.format == "jsonl") {
    flags::print(as_json_lines(sections));
  } else if (options.format != "text") {
    flags::print(as_table(sections), options.format);
  } else {
    std::string text;
    for (const Section& section : sections)
      if (!section.entries.empty()) text += (text.empty() ? "" : "\n") + as_text(section, flags::page_width());
    flags::print(text);
  }
  return exit_done;
}

}  // namespace

void add_list(CLI::App& app, Action& action) {
  CLI::App& command = *app.add_subcommand("list", "List everything that has a name: functions, optimizers, words …");
  command.footer(footer);
  const auto options = std::make_shared<Options>();
  const auto into = [](std::string& target) { return [&target](const std::string& text) { target = text; }; };
  flags::add_text_option(command, "KIND", "", text::join(reference::kind_names(), ", "), into(options->kind));
  flags::add_text_option(command, "--search", "WORD", "Only what has WORD in its name, title, tags, reference",
                         into(options->search));
  flags::add_text_option(command, "--group", "NAME", "Only rules of this group, functions with this tag",
                         into(options->group));
  flags::add_format_option(command, options->format);
  command.callback([&action, options] { action = [options] { return list(*options); }; });
}

}  // namespace optexplore::cli
