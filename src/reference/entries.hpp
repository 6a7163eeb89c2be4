#pragma once

#include <optexplore/catalog.hpp>
#include <string>
#include <vector>

#include "language/words.hpp"
#include "reference/kinds.hpp"

/// What kinds() is made of, a source file per kind.
namespace optexplore::reference {

std::vector<Entry> function_entries();
Card function_card(const std::string& name);
Card function_card(const FunctionEntry& entry);

std::vector<Entry> rule_entries();
Card rule_card(const std::string& name);

std::vector<Entry> schedule_entries();
Card schedule_card(const std::string& name);
std::string schedule_overview();

std::vector<Entry> procedure_entries();
Card procedure_card(const std::string& name);
Card procedure_card(const ProcedureEntry& entry);

std::vector<Entry> column_entries();
Card column_card(const std::string& name);

std::vector<std::string> word_names(language::Word::Kind kind);
std::vector<Entry> word_entries(language::Word::Kind kind);
Card word_card(language::Word::Kind kind, const std::string& name);

/// An expression as JSON: a number if it is one, else a string.
std::string formula_json(const Formula& formula);

}  // namespace optexplore::reference
