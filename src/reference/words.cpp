#include "language/words.hpp"

#include <algorithm>

#include "catalog/parameters.hpp"
#include "experiment/text.hpp"
#include "json/text.hpp"
#include "language/parser.hpp"
#include "program/build.hpp"
#include "reference/entries.hpp"
#include "text/number.hpp"
#include "text/wrap.hpp"

namespace optexplore::reference {
namespace {

using language::Word;

const char* name_of(Word::Kind kind) {
  switch (kind) {
    case Word::Kind::operation: return "operator";
    case Word::Kind::function: return "builtin";
    case Word::Kind::constant: return "constant";
    case Word::Kind::name: break;
  }
  return "name";
}

const char* genre_of(Word::Kind kind) {
  switch (kind) {
    case Word::Kind::operation: return "operator";
    case Word::Kind::function: return "function of the language";
    case Word::Kind::constant: return "constant";
    case Word::Kind::name: break;
  }
  return "name in expressions";
}

std::vector<std::string> forms(const Word& word) {
  std::vector<std::string> texts;
  for (const language::Form& form : word.forms)
    if (!form.text.empty()) texts.emplace_back(form.text);
  return texts;
}

/// The value of an expression without names.
Parameter value_of(std::string_view expression) {
  program::Graph graph;
  return catalog::to_parameter(graph, program::build(graph, language::parse_expression(expression), {}));
}

void add_derivative(Card& card, const Word& word) {
  json::JsonObject partials;
  std::vector<std::string> lines;
  for (const language::Partial& partial : word.derivative) {
    if (partial.argument.empty()) continue;
    partials.add_string(partial.argument, partial.value);
    lines.push_back("d/d" + std::string(partial.argument) + " = " + std::string(partial.value));
  }
  if (lines.empty()) return;
  // What the derivative is of: sum(v), not sum(k, …).
  const std::string label = "derivative" + (forms(word).size() > 1 ? " of " + forms(word)[0] : "");
  card.properties.push_back({"derivative", partials.close(), label, text::join(lines, "\n"), Property::Layout::lines});
}

void add_example(Card& card, const Word& word) {
  const std::string example(word.example);
  if (word.where != Word::Where::everywhere) {
    card.properties.push_back({"example", json::json_string(example), "example", text::unbroken(example)});
    return;
  }
  const Parameter value = value_of(example);
  card.properties.push_back({"example", json::json_string(example), "example",
                             text::unbroken(example + " is " + experiment::to_text(value))});
  card.properties.push_back({"example_value", json::json_value(value)});
}

}  // namespace

std::vector<std::string> word_names(Word::Kind kind) {
  std::vector<std::string> names;
  for (const Word& word : language::words(kind)) {
    names.emplace_back(word.name);
    for (std::string& spelling : language::split(word.spellings)) names.push_back(std::move(spelling));
  }
  return names;
}

std::vector<Entry> word_entries(Word::Kind kind) {
  std::vector<Entry> entries;
  for (const Word& word : language::words(kind)) {
    std::string searched(word.spellings);
    for (const std::string_view more : {word.foreign, word.note}) searched.append(" ").append(more);
    entries.push_back({std::string(word.name), std::string(word.title), searched, std::string(word.forms[0].text)});
  }
  return entries;
}

Card word_card(Word::Kind kind, const std::string& name) {
  const std::span<const Word> all = language::words(kind);
  const Word& word = *std::ranges::find_if(all, [&name](const Word& each) {
    const std::vector<std::string> spellings = language::split(each.spellings);
    return each.name == name || std::ranges::find(spellings, name) != spellings.end();
  });
  Card card{name_of(kind), genre_of(kind), std::string(word.name), std::string(word.title), {}};
  std::vector<std::string> unbroken = forms(word);
  std::ranges::transform(unbroken, unbroken.begin(), text::unbroken);
  card.properties.push_back({"forms", json_texts(forms(word)), "written", text::join(unbroken, ", ")});
  add_derivative(card, word);
  if (kind == Word::Kind::constant)
    card.properties.push_back({"value", json::json_number(word.value), "value", text::to_text(word.value)});
  card.add_text("note", "note", std::string(word.note));
  if (word.example != word.name) add_example(card, word);
  card.add_list("spellings", "also", language::split(word.spellings));
  card.add_list("elsewhere", "elsewhere", language::split(word.foreign));
  card.add_text("available", "available", "in " + language::place(word.where));
  return card;
}

}  // namespace optexplore::reference
