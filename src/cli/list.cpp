#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <memory>
#include <optexplore/catalog.hpp>
#include <optexplore/error.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "flags/options.hpp"
#include "json/text.hpp"
#include "os/messages.hpp"
#include "study/diagnostics.hpp"
#include "text/suggest.hpp"
#include "text/utf8.hpp"
#include "text/wrap.hpp"

namespace optexplore::cli {
namespace {

constexpr const char* footer = R"(Examples:
  optexplore list functions
  optexplore list --search momentum
  optexplore list optimizers --format json)";

struct Options {
  std::string kind;  ///< "functions", "optimizers", "schedules", "columns"; empty: all but the last
  std::string search;
  std::string format = "text";
};

struct Entry {
  std::string name;
  std::string title;
  std::string searched;  ///< all that --search looks at
};

struct Section {
  std::string heading;
  std::vector<Entry> entries;
};

Section functions() {
  Section section{"functions", {}};
  for (const std::string& name : catalog::function_names()) {
    const FunctionEntry entry = catalog::function(name);
    const std::string aliases = text::join(entry.aliases, ", ");
    section.entries.push_back(
        {name, entry.title + (aliases.empty() ? "" : " (" + aliases + ")"),
         text::join({name, aliases, entry.title, text::join(entry.tags, " "), entry.reference}, " ")});
  }
  return section;
}

Section optimizers() {
  Section section{"optimizers", {}};
  for (const std::string& name : catalog::rule_names()) {
    const RuleEntry entry = catalog::rule(name);
    section.entries.push_back({name, entry.title, name + " " + entry.title + " " + entry.reference});
  }
  return section;
}

Section schedules() {
  Section section{"schedules", {}};
  for (const std::string& name : catalog::schedule_names()) {
    const ScheduleEntry& entry = catalog::schedule(name);
    section.entries.push_back({name, entry.title, name + " " + entry.title + " " + entry.reference});
  }
  return section;
}

Section columns() {
  Section section{"columns", {}};
  const std::pair<const char*, const char*> table[] = {
      {"optimizer", "the optimizer's label"},
      {"function", "the function's name"},
      {"run", "number of the run in the whole experiment, from 1"},
      {"seed", "the run's seed"},
      {"step", "0 at the start, t after update t"},
      {"x, y, …", "each coordinate by its name; x1, x2, … for f(x[n])"},
      {"point", "all coordinates"},
      {"point_prev", "all coordinates one step before"},
      {"f", "value of the function"},
      {"g", "the gradient; g.x is one of its components"},
      {"grad_norm", "2-norm of the gradient"},
      {"t", "number of updates done, as step, for expressions"},
      {"state.NAME", "the rule's state: state.m"},
      {"hp.NAME", "a hyperparameter's value in the coming update: hp.lr"},
  };
  const auto add = [&section](std::string_view name, std::string_view title) {
    section.entries.push_back(
        {std::string(name), std::string(title), text::join({std::string(name), std::string(title)}, " ")});
  };
  for (const auto& [name, title] : table) add(name, title);
  for (const study::Diagnostic& diagnostic : study::diagnostics()) add(diagnostic.name, diagnostic.meaning);
  add("NAME=EXPRESSION", "anything else: speed=norm(point - point_prev)");
  return section;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

void keep_matches(Section& section, const std::string& word) {
  std::erase_if(section.entries, [wanted = lower(word)](const Entry& entry) {
    return lower(entry.searched).find(wanted) == std::string::npos;
  });
}

/// A dialect ("adam.keras") stands indented beneath its plain name, if that is listed too.
std::string as_text(const Section& section) {
  std::set<std::string> names;
  for (const Entry& entry : section.entries) names.insert(entry.name);
  const auto indent = [&names](const std::string& name) {
    const std::size_t dot = name.find('.');
    return dot != std::string::npos && names.contains(name.substr(0, dot)) ? 4U : 2U;
  };
  std::size_t column = 0;
  for (const Entry& entry : section.entries) {
    column = std::max(column, indent(entry.name) + text::display_width(entry.name) + 2);
  }
  std::string text = section.heading + "\n";
  for (const Entry& entry : section.entries) {
    text += text::field(entry.name, entry.title, column, indent(entry.name));
  }
  return text;
}

std::string as_json(const std::vector<Section>& sections) {
  json::JsonObject document;
  for (const Section& section : sections) {
    std::string array = "[";
    for (const Entry& entry : section.entries) {
      json::JsonObject object;
      object.add_string("name", entry.name).add_string("title", entry.title);
      array += (array.size() > 1 ? ",\n" : "\n") + object.close();
    }
    document.add(section.heading, array + "]");
  }
  return document.close() + "\n";
}

/// A row per entry: kind, name, title.
Table as_table(const std::vector<Section>& sections) {
  using Kind = Column::Kind;
  Table table;
  std::vector<Column>& columns = table.schema.columns;
  columns = {{"kind", Kind::text}, {"name", Kind::text}, {"title", Kind::text}};
  for (const Section& section : sections) {
    columns[0].labels.push_back(section.heading);
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

std::vector<Section> chosen_sections(const std::string& kind) {
  if (kind.empty()) return {functions(), optimizers(), schedules()};
  if (kind == "functions") return {functions()};
  if (kind == "optimizers") return {optimizers()};
  if (kind == "schedules") return {schedules()};
  if (kind == "columns") return {columns()};
  throw InputError("unknown list '" + kind + "'; expected functions, optimizers, schedules or columns" +
                   text::did_you_mean(kind, {"functions", "optimizers", "schedules", "columns"}));
}

int list(const Options& options) {
  flags::check_format(options.format);
  std::vector<Section> sections = chosen_sections(options.kind);
  for (Section& section : sections) keep_matches(section, options.search);
  if (options.format == "json") {
    flags::print(as_json(sections));
    return exit_done;
  }
  if (options.format != "text") {
    flags::print(as_table(sections), options.format);
    return exit_done;
  }
  std::string text;
  for (const Section& section : sections) {
    if (section.entries.empty()) continue;
    text += (text.empty() ? "" : "\n") + as_text(section);
  }
  if (text.empty()) os::Messages().note("nothing in the catalogue matches '" + options.search + "'");
  flags::print(text);
  return exit_done;
}

}  // namespace

void add_list(CLI::App& app, Action& action) {
  CLI::App& command = *app.add_subcommand("list", "List the functions, optimizers and schedules that have a name");
  command.footer(footer);
  const auto options = std::make_shared<Options>();
  const auto into = [](std::string& target) { return [&target](const std::string& text) { target = text; }; };
  flags::add_text_option(command, "KIND", "", "functions, optimizers, schedules or columns", into(options->kind));
  flags::add_text_option(command, "--search", "WORD", "Only what has WORD in its name, title, tags, reference",
                         into(options->search));
  flags::add_format_option(command, options->format);
  command.callback([&action, options] { action = [options] { return list(*options); }; });
}

}  // namespace optexplore::cli
