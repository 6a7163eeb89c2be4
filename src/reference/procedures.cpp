#include <nlohmann/json.hpp>

#include "catalog/statements.hpp"
#include "json/text.hpp"
#include "reference/entries.hpp"
#include "text/wrap.hpp"

namespace optexplore::reference {
namespace {

/// "a, tries = backtracking(d, first = 1)"
std::string signature(const ProcedureEntry& entry) {
  std::vector<std::string> inputs;
  for (const auto& [name, initial] : entry.inputs) inputs.push_back(name + (initial ? " = " + initial->text() : ""));
  for (const DefinitionText& function : entry.functions) inputs.push_back(function.text());
  return text::join(entry.outputs, ", ") + " = " + entry.name + "(" + text::join(inputs, ", ") + ")";
}

}  // namespace

std::vector<Entry> procedure_entries() {
  std::vector<Entry> entries;
  for (const std::string& name : catalog::procedure_names()) {
    const ProcedureEntry& entry = catalog::procedure(name);
    entries.push_back({name, entry.title, entry.reference});
  }
  return entries;
}

Card procedure_card(const std::string& name) { return procedure_card(catalog::procedure(name)); }

Card procedure_card(const ProcedureEntry& entry) {
  Card card{"procedure", "procedure of rules", entry.name, entry.title, {}};
  card.add_text("signature", "use in a rule", signature(entry));
  json::JsonObject inputs;
  for (const auto& [input, initial] : entry.inputs) inputs.add(input, initial ? formula_json(*initial) : "null");
  for (const DefinitionText& function : entry.functions) {
    const std::string& text = function.text();
    const std::size_t equals = text.find(" = ");
    inputs.add(text.substr(0, equals), json::json_string(text.substr(equals + 3)));
  }
  card.properties.push_back({"inputs", inputs.close()});
  card.properties.push_back({"outputs", json_texts(entry.outputs)});
  std::vector<std::string> define;
  for (const DefinitionText& shorthand : entry.define) define.push_back(shorthand.text());
  card.add_lines("define", "where", define);
  card.properties.push_back({"do", catalog::to_json(entry.body).dump(), "lines",
                             text::join(catalog::to_lines(entry.body), "\n"), Property::Layout::lines});
  card.add_text("note", "note", entry.note);
  card.add_text("reference", "reference", entry.reference);
  return card;
}

}  // namespace optexplore::reference
