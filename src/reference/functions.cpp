#include <optexplore/function.hpp>

#include "experiment/text.hpp"
#include "json/text.hpp"
#include "language/ast.hpp"
#include "reference/entries.hpp"
#include "text/number.hpp"
#include "text/wrap.hpp"

namespace optexplore::reference {
namespace {

using Layout = Property::Layout;

/// Kept on one line, unless it is too long for one.
std::string together(const std::string& text) { return text.size() <= 50 ? text::unbroken(text) : text; }

/// "d/dx = …" for each coordinate; nothing when the dimension is open or the text too long to be worth reading.
void add_gradient(Card& card, const FunctionSpec& spec) {
  if (spec.entry.definition.tree().fixed_dim == 0) return;
  std::vector<std::string> lines = Function(spec).gradient_text();
  if (lines.empty()) return;
  json::JsonObject partials;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    partials.add_string(spec.coordinate(i), lines[i]);
    lines[i] = "d/d" + spec.coordinate(i) + " = " + lines[i];
  }
  card.properties.push_back({"gradient", partials.close(), "gradient", text::join(lines, "\n"), Layout::lines});
}

void add_parameters(Card& card, const FunctionEntry& entry) {
  json::JsonObject params;
  std::vector<std::string> texts;
  for (const auto& [name, value] : entry.params) {
    params.add(name, json::json_value(value));
    texts.push_back(together(name + " = " + experiment::to_text(value)));
  }
  card.properties.push_back({"params", params.close(), "parameters", text::join(texts, ", ")});
}

std::string domain_json(const FunctionSpec& spec) {
  std::vector<std::vector<double>> domain;
  for (std::size_t i = 0; i < spec.dim; ++i)
    if (const auto interval = spec.interval(i)) domain.push_back({interval->low, interval->high});
  return json::json_value(domain);
}

/// Domain, start and what is known of the minimum. In JSON all of them are those of the default dimension.
void add_knowledge(Card& card, const FunctionEntry& entry, const FunctionSpec* spec) {
  std::vector<std::string> minimizers, minimizer_formulas;
  for (const auto& point : entry.minimizers) {
    const auto* numbers = std::get_if<std::vector<double>>(&point);
    if (numbers == nullptr) minimizer_formulas.push_back(std::get<Formula>(point).text());
    minimizers.push_back(numbers == nullptr
                             ? minimizer_formulas.back()
                             : together(experiment::point_text(*numbers, spec == nullptr ? 0 : spec->dim)));
  }
  const auto* formula = entry.minimum ? std::get_if<Formula>(&*entry.minimum) : nullptr;
  std::string minimum;
  if (entry.minimum) minimum = formula != nullptr ? formula->text() : text::to_text(std::get<double>(*entry.minimum));
  const auto value = [spec](const auto& json) { return spec == nullptr ? std::string("null") : json(*spec); };
  card.properties.push_back(
      {"domain", value(domain_json), "domain", entry.domain.empty() ? "" : experiment::domain_text(entry.domain)});
  card.properties.push_back(
      {"start", value([](const FunctionSpec& of) { return json::json_value(of.start()); }), "start",
       entry.start.empty() ? "" : experiment::point_text(entry.start, spec == nullptr ? 0 : spec->dim)});
  card.properties.push_back(
      {"minimum", value([](const FunctionSpec& of) { return of.minimum ? json::json_number(*of.minimum) : "null"; }),
       "minimum", minimum});
  card.properties.push_back({"minimizers",
                             value([](const FunctionSpec& of) { return json::json_value(of.minimizers); }),
                             "minimizers", text::join(minimizers, ", ")});
  if (formula != nullptr) card.properties.push_back({"minimum_formula", json::json_string(formula->text())});
  if (!minimizer_formulas.empty()) card.properties.push_back({"minimizer_formulas", json_texts(minimizer_formulas)});
}

}  // namespace

std::vector<Entry> function_entries() {
  std::vector<Entry> entries;
  for (const std::string& name : catalog::function_names()) {
    const FunctionEntry entry = catalog::function(name);
    const std::string aliases = text::join(entry.aliases, ", ");
    entries.push_back({name, entry.title + (aliases.empty() ? "" : " (" + aliases + ")"),
                       text::join(entry.tags, " ") + " " + entry.reference, "", entry.tags});
  }
  return entries;
}

Card function_card(const std::string& name) { return function_card(catalog::function(name)); }

Card function_card(const FunctionEntry& entry) {
  const language::Definition& definition = entry.definition.tree();
  const bool any = definition.fixed_dim == 0;
  const bool known = !any || entry.dim != 0;
  FunctionSpec spec;
  if (known)
    spec = make_function(entry);
  else
    spec.entry = entry;
  Card card{"function", "function", entry.name, entry.title, {}};
  card.properties.push_back(
      {"definition", json::json_string(entry.definition.text()), "definition", entry.definition.text(), Layout::lines});
  add_gradient(card, spec);
  card.add_list("aliases", "aliases", entry.aliases);
  add_parameters(card, entry);
  const std::string dim = std::to_string(spec.dim);
  card.properties.push_back(
      {"dim", known ? dim : "null", "dimension", any ? (known ? "any, " + dim + " by default" : "any") : dim});
  card.properties.push_back({"any_dim", any ? "true" : "false"});
  add_knowledge(card, entry, known ? &spec : nullptr);
  card.add_list("tags", "tags", entry.tags);
  card.add_text("note", "note", entry.note);
  card.add_text("reference", "reference", entry.reference);
  return card;
}

}  // namespace optexplore::reference
