#include "language/words.hpp"

#include <algorithm>

#include "language/word_tables.hpp"

namespace optexplore::language {
namespace {

/// "k, first, last" of "sum(k, first, last)".
std::string_view inside(const Form& form) {
  const std::size_t open = form.text.find('(');
  return form.text.substr(open + 1, form.text.size() - open - 2);
}

bool contains(std::string_view names, std::string_view name) {
  const std::vector<std::string> all = split(names);
  return std::ranges::find(all, name) != all.end();
}

/// In the order in which a reader meets them.
std::span<const Word> all_functions() {
  static const std::vector<Word> all = [] {
    std::vector<Word> words;
    for (const auto table : {functions_of_numbers, functions_of_arrays, functions_of_rules})
      words.insert(words.end(), table().begin(), table().end());
    return words;
  }();
  return all;
}

}  // namespace

Parameters parameters(const Form& form) {
  Parameters result;
  std::string_view text = inside(form);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(", "), text.size());
    const std::string_view one = text.substr(0, end);
    const std::size_t equals = one.find('=');
    if (one == "…")
      result.more = true;
    else if (equals == std::string_view::npos)
      result.names.push_back(one);
    else
      result.by_name.push_back(one.substr(0, equals));
    text.remove_prefix(std::min(end + 2, text.size()));
  }
  return result;
}

std::span<const Word> words(Word::Kind kind) {
  switch (kind) {
    case Word::Kind::operation: return operators();
    case Word::Kind::function: return all_functions();
    case Word::Kind::constant: return constants();
    case Word::Kind::name: break;
  }
  return names();
}

const Word* find_word(Word::Kind kind, std::string_view name) {
  const std::span<const Word> all = words(kind);
  const auto found = std::ranges::find(all, name, &Word::name);
  return found == all.end() ? nullptr : &*found;
}

const Form* find_form(const Word& function, std::size_t given) {
  for (const Form& form : function.forms) {
    if (form.text.empty()) break;
    const Parameters wanted = parameters(form);
    if (given == wanted.names.size() || (wanted.more && given > wanted.names.size())) return &form;
  }
  return nullptr;
}

std::string usage(const Word& function) {
  std::string text;
  for (const Form& form : function.forms) {
    if (form.text.empty()) break;
    const Parameters wanted = parameters(form);
    const std::size_t count = wanted.names.size();
    if (count == 0) return "no arguments";
    if (!wanted.by_name.empty()) continue;  // as many by their places as a form before it
    const bool first = text.empty();
    text += first ? "" : " or ";
    text += wanted.more ? "at least " : "";
    text += std::to_string(count);
    if (first) text += count == 1 ? " argument" : " arguments";
    text += " (" + std::string(inside(form)) + ")";
  }
  return text;
}

std::string place(Word::Where where) {
  switch (where) {
    case Word::Where::everywhere: break;
    case Word::Where::rules: return "rules";
    case Word::Where::rules_and_columns: return "rules, columns and stop conditions";
  }
  return "every expression";
}

const Word* find_foreign(std::string_view name) {
  for (const Word::Kind kind : {Word::Kind::operation, Word::Kind::function, Word::Kind::constant, Word::Kind::name})
    for (const Word& word : words(kind))
      if (contains(word.foreign, name)) return &word;
  return nullptr;
}

std::vector<std::string> split(std::string_view names) {
  std::vector<std::string> result;
  while (!names.empty()) {
    const std::size_t end = std::min(names.find(' '), names.size());
    result.emplace_back(names.substr(0, end));
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return result;
}

std::vector<std::string> function_names() {
  std::vector<std::string> result;
  for (const Word& word : all_functions())
    if (word.where == Word::Where::everywhere) result.emplace_back(word.name);
  return result;
}

}  // namespace optexplore::language
