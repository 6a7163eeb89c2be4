#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optexplore/catalog.hpp>
#include <optexplore/error.hpp>
#include <span>

#include "catalog/combination.hpp"
#include "catalog/embedded.hpp"
#include "catalog/entries.hpp"
#include "catalog/foreign_names.hpp"
#include "os/text_file.hpp"
#include "text/suggest.hpp"

namespace optexplore::catalog {
namespace {

using Files = std::span<const EmbeddedFile>;

Files function_files() { return {embedded_functions, embedded_functions_count}; }
Files rule_files() { return {embedded_rules, embedded_rules_count}; }

Files schedule_files() { return {embedded_schedules, embedded_schedules_count}; }
Files procedure_files() { return {embedded_procedures, embedded_procedures_count}; }

std::vector<std::string> names(Files files) {
  std::vector<std::string> result;
  for (const EmbeddedFile& file : files) result.emplace_back(file.name);
  return result;
}

const EmbeddedFile* find(Files files, std::string_view name) {
  const auto found =
      std::lower_bound(files.begin(), files.end(), name,
                       [](const EmbeddedFile& file, std::string_view wanted) { return file.name < wanted; });
  return found != files.end() && found->name == name ? &*found : nullptr;
}

using Aliases = std::vector<std::pair<std::string, std::string>>;

[[noreturn]] void fail_unknown(const std::string& what, std::string_view name, Files files,
                               const Aliases& aliases = {}) {
  std::vector<std::string> known = names(files);
  for (const auto& [alias, full] : aliases) known.push_back(alias);
  std::string hint = text::did_you_mean(name, known);
  if (what == "rule")
    if (const auto meant = rule_known_as(name)) hint = "; did you mean '" + *meant + "'?";
  throw InputError("unknown " + what + " '" + std::string(name) + "'" +
                   (hint.empty() ? "; 'optexplore list' shows the catalogue" : hint));
}

const EmbeddedFile* find_function(std::string_view name) {
  if (const EmbeddedFile* file = find(function_files(), name)) return file;
  for (const auto& [alias, full] : function_aliases())
    if (alias == name) return find(function_files(), full);
  return nullptr;
}

const EmbeddedFile& function_file(std::string_view name) {
  if (const EmbeddedFile* file = find_function(name)) return *file;
  fail_unknown("function", name, function_files(), function_aliases());
}

/// A plain name is PyTorch's dialect, so `adam.torch` is `adam`.
const EmbeddedFile& rule_file(std::string_view name) {
  constexpr std::string_view torch = ".torch";
  if (const EmbeddedFile* file = find(rule_files(), name)) return *file;
  if (name.ends_with(torch))
    if (const EmbeddedFile* file = find(rule_files(), name.substr(0, name.size() - torch.size()))) return *file;
  fail_unknown("rule", name, rule_files());
}

/// "lib/mine.json" is an entry in a file of the user's.
bool is_file(std::string_view name) { return name.ends_with(".json"); }

/// A file's object and how messages call its parts.
std::pair<json::Json, json::Places> read_object(const std::string& path) {
  const os::TextFile file = os::read_text_file(path);
  json::Json json = json::parse_json(file.text, file.name);
  if (!json.is_object()) throw InputError("expected an object { … }, found " + json::describe(json), "", file.name);
  return {std::move(json), json::Places(file.text, file.name)};
}

template <class Entry>
Entry read_file(std::string_view path, Entry (*read)(const json::Cursor&)) {
  const auto [json, places] = read_object(std::string(path));
  return text::with_place(std::string(path), [&, &json = json, &places = places] {
    Entry entry = read({json, "", &places});
    entry.file = path;
    if (entry.name.empty()) entry.name = std::filesystem::path(path).stem().string();
    return entry;
  });
}

/// Entries that are read once, however often they are used, on any thread.
template <class Entry>
class Once {
 public:
  const Entry& get(const std::string& what, std::string_view name, Files files, Entry (*read)(const json::Cursor&)) {
    const EmbeddedFile* file = find(files, name);
    if (file == nullptr) fail_unknown(what, name, files);
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(file->name);
    if (found != known_.end()) return found->second;
    const json::Json json = json::parse_json(file->text, std::string(file->name) + ".json");
    return known_.emplace(file->name, read({json, ""})).first->second;
  }

 private:
  std::mutex mutex_;
  std::map<std::string_view, Entry> known_;
};

}  // namespace

const std::vector<std::pair<std::string, std::string>>& function_aliases() {
  static const Aliases aliases = [] {
    Aliases result;
    for (const EmbeddedAlias& row : std::span(embedded_function_aliases, embedded_function_aliases_count))
      result.emplace_back(row.alias, row.name);
    return result;
  }();
  return aliases;
}

std::vector<std::string> function_names() { return names(function_files()); }
std::span<const RuleGroup> rule_groups() {
  static constexpr RuleGroup groups[] = {
      {"gradient", "gradient descent and momentum"},
      {"adaptive", "a step size for each coordinate"},
      {"automatic", "step sizes that find themselves"},
      {"layers", "for matrices and layers"},
      {"line_search", "line searches and conjugate gradients"},
      {"quasi_newton", "quasi-Newton methods"},
      {"newton", "Newton's method and trust regions"},
      {"derivative_free", "without gradients"},
      {"population", "at random and in populations"},
      {"chain", "for chains: before, behind or around other rules"},
  };
  return groups;
}

std::vector<std::string> rule_names() { return names(rule_files()); }
std::vector<std::string> schedule_names() { return names(schedule_files()); }
std::vector<std::string> procedure_names() { return names(procedure_files()); }

std::string_view rule_text(std::string_view name) { return rule_file(name).text; }

bool has_function(std::string_view name) { return find_function(name) != nullptr; }

bool has_procedure(std::string_view name) { return find(procedure_files(), name) != nullptr; }

FunctionEntry function(std::string_view name) {
  if (is_file(name)) return read_file(name, read_function);
  if (is_combination(name)) return combination(name);
  const EmbeddedFile& file = function_file(name);
  const json::Json json = json::parse_json(file.text, std::string(file.name) + ".json");
  return read_function({json, ""});
}

RuleEntry rule(std::string_view name) {
  if (is_file(name)) {
    RuleEntry entry = read_file(name, read_rule);
    for (ProcedureEntry& procedure : entry.procedures)
      if (procedure.file.empty()) procedure.file = name;
    return entry;
  }
  const EmbeddedFile& file = rule_file(name);
  const json::Json json = json::parse_json(file.text, std::string(file.name) + ".json");
  return read_rule({json, ""});
}

const ScheduleEntry& schedule(std::string_view name) {
  static Once<ScheduleEntry> entries;
  return entries.get("schedule", name, schedule_files(), read_schedule);
}

const ProcedureEntry& procedure(std::string_view name) {
  static Once<ProcedureEntry> entries;
  return entries.get("procedure", name, procedure_files(), read_procedure);
}

ProcedureEntry procedure_file(const std::string& path) { return read_file(path, read_procedure); }

FileKind file_kind(const std::string& path) {
  const json::Json json = read_object(path).first;
  if (json.contains("definition")) return FileKind::function;
  if (json.contains("do")) return FileKind::procedure;
  return json.contains("update") ? FileKind::rule : FileKind::experiment;
}

}  // namespace optexplore::catalog
