#include "reference/kinds.hpp"

#include <algorithm>
#include <optexplore/error.hpp>

#include "catalog/combination.hpp"
#include "catalog/entries.hpp"
#include "catalog/foreign_names.hpp"
#include "json/text.hpp"
#include "language/ast.hpp"
#include "language/parser.hpp"
#include "reference/entries.hpp"
#include "text/suggest.hpp"
#include "text/wrap.hpp"

namespace optexplore::reference {
namespace {

using language::Word;

std::vector<std::string> column_names() {
  std::vector<std::string> names;
  for (const Entry& entry : column_entries()) names.push_back(entry.name);
  return names;
}

std::vector<std::string> function_names() {
  std::vector<std::string> names = catalog::function_names();
  for (const auto& [alias, full] : catalog::function_aliases()) names.push_back(alias);
  return names;
}

template <Word::Kind kind>
std::vector<std::string> names_of() {
  return word_names(kind);
}

template <Word::Kind kind>
std::vector<Entry> entries_of() {
  return word_entries(kind);
}

template <Word::Kind kind>
Card card_of(const std::string& name) {
  return word_card(kind, name);
}

Card named_function_card(const std::string& name) { return function_card(name); }

constexpr std::string_view language_kinds = "language";

template <Word::Kind kind>
constexpr Kind words_kind(std::string_view name, std::string_view plural, std::string_view heading) {
  return {name, plural, language_kinds, heading, names_of<kind>, entries_of<kind>, card_of<kind>};
}

constexpr Kind table[] = {
    {"function", "functions", "", "functions", function_names, function_entries, named_function_card},
    {"rule", "optimizers", "rules", "optimizers", catalog::rule_names, rule_entries, rule_card, nullptr,
     catalog::rule_groups},
    {"schedule", "schedules", "", "schedules", catalog::schedule_names, schedule_entries, schedule_card,
     schedule_overview},
    {"procedure", "procedures", "", "procedures", catalog::procedure_names, procedure_entries, procedure_card},
    {"column", "columns", "", "columns", column_names, column_entries, column_card},
    words_kind<Word::Kind::operation>("operator", "operators", "operators"),
    words_kind<Word::Kind::function>("builtin", "builtins", "functions of the language"),
    words_kind<Word::Kind::constant>("constant", "constants", "constants"),
    words_kind<Word::Kind::name>("name", "names", "names in expressions"),
};

Card definition_card(const std::string& text) {
  FunctionEntry entry;
  entry.definition = catalog::checked_definition(text);
  entry.name = entry.definition.tree().name;
  return function_card(entry);
}

Card file_card(const std::string& path) {
  switch (catalog::file_kind(path)) {
    case catalog::FileKind::function: return function_card(path);
    case catalog::FileKind::rule: return rule_card(path);
    case catalog::FileKind::procedure: return procedure_card(catalog::procedure_file(path));
    case catalog::FileKind::experiment: break;
  }
  throw InputError(
      "expected a function, which has a \"definition\", a rule, which has an \"update\", or a procedure, which has a "
      "\"do\"; 'optexplore check' reads "
      "experiments",
      "", path);
}

/// "adam" of "adam:lr=0.1", "sin" of "sin(x)".
std::string leading_name(const std::string& text) { return text.substr(0, text.find_first_of(":( |")); }

/// "; it is a hyperparameter of 150 rules, such as sgd" or "".
std::string hyperparameter_hint(const std::string& name) {
  std::vector<std::string> rules;
  for (const std::string& rule : catalog::rule_names()) {
    const RuleEntry entry = catalog::rule(rule);
    if (std::ranges::any_of(entry.params, [&name](const auto& param) { return param.first == name; }))
      rules.push_back(rule);
  }
  if (rules.empty()) return "";
  const std::string& shortest = *std::ranges::min_element(rules, {}, &std::string::size);
  if (rules.size() == 1) return "; it is a hyperparameter of " + shortest;
  return "; it is a hyperparameter of " + std::to_string(rules.size()) + " rules, such as " + shortest;
}

/// "; 'optexplore list --search convex' lists 31 of what there is" or "".
std::string search_hint(const std::string& word) {
  std::size_t count = 0;
  for (const Kind& kind : table)
    for (const Entry& entry : kind.entries()) count += matches(entry, word) ? 1 : 0;
  if (count == 0 || word.find_first_not_of(' ') == std::string::npos) return "";
  return "; 'optexplore list --search " + word + "' finds it in " + std::to_string(count) +
         (count == 1 ? " entry" : " entries");
}

/// What to say of a name that nothing has.
std::string hint(const std::string& name, const std::vector<std::string>& known) {
  if (const Word* word = language::find_foreign(name)) return "; it is called '" + std::string(word->name) + "' here";
  if (const auto rule = catalog::rule_known_as(name)) return "; did you mean '" + *rule + "'?";
  const std::string first = leading_name(name);
  if (first != name && std::ranges::find(known, first) != known.end()) return "; did you mean '" + first + "'?";
  if (std::string of = hyperparameter_hint(name); !of.empty()) return of;
  std::string near = text::did_you_mean(name, known);
  if (!near.empty()) return near;
  const std::string rule = name.substr(0, name.find('.'));
  if (rule != name && std::ranges::find(known, rule) != known.end()) return "; did you mean '" + rule + "'?";
  const std::string found = search_hint(name);
  return found.empty() ? "; 'optexplore list' shows all names" : found;
}

}  // namespace

bool matches(const Entry& entry, const std::string& word) {
  const auto lower = [](std::string text) {
    for (char& c : text)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
  };
  return lower(text::join({entry.name, entry.title, entry.searched}, " ")).find(lower(word)) != std::string::npos;
}

std::span<const Kind> kinds() { return table; }

std::vector<const Kind*> find_kinds(std::string_view plural) {
  std::vector<const Kind*> found;
  for (const Kind& kind : table)
    if (kind.plural == plural || (!plural.empty() && kind.synonym == plural)) found.push_back(&kind);
  return found;
}

std::vector<std::string> kind_names() {
  std::vector<std::string> names;
  const auto add = [&names](std::string_view name) {
    if (!name.empty() && std::ranges::find(names, name) == names.end()) names.emplace_back(name);
  };
  for (const Kind& kind : table) {
    add(kind.plural);
    if (kind.synonym != language_kinds) add(kind.synonym);
  }
  add(language_kinds);
  return names;
}

std::vector<Card> describe(const std::string& name) {
  std::vector<Card> cards;
  std::vector<std::string> known;
  for (const Kind& kind : table)
    for (std::string& each : kind.names()) {
      if (each == name) cards.push_back(kind.card(name));
      known.push_back(std::move(each));
    }
  if (!cards.empty()) return cards;
  if (name.ends_with(".json")) return {file_card(name)};
  if (name.ends_with(".torch")) return {rule_card(name)};  // PyTorch's dialect by its full name
  if (name.find('(') != std::string::npos && name.find('=') != std::string::npos) return {definition_card(name)};
  if (catalog::is_combination(name)) return {function_card(name)};
  for (const char* prefix : {"state.", "hp."})
    if (name.starts_with(prefix)) return {column_card(prefix + std::string("NAME"))};
  if (name.starts_with("g.")) return {column_card("g")};
  for (const std::string& plural : kind_names()) known.push_back(plural);
  throw InputError("nothing has the name '" + name + "'" + hint(name, known));
}

std::string formula_json(const Formula& formula) {
  const language::Ast& root = *formula.tree().root;
  return root.kind == language::Ast::Kind::number ? json::json_number(root.value) : json::json_string(formula.text());
}

}  // namespace optexplore::reference
