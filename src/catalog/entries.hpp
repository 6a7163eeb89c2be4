#pragma once

#include <optexplore/catalog.hpp>

#include "json/cursor.hpp"
#include "text/place.hpp"

namespace optexplore::catalog {

/// Reads a function: a catalogue file or an object with a "definition" in a config. Every text is checked for
/// its syntax, every list for its length. @throws InputError at the offending place
FunctionEntry read_function(const json::Cursor& cursor);

/// Reads a rule from a catalogue file; its name may be missing. @throws InputError at the offending place
RuleEntry read_rule(const json::Cursor& cursor);

/// Reads a schedule from a catalogue file. @throws InputError at the offending place
ScheduleEntry read_schedule(const json::Cursor& cursor);

/// The parts of a rule that a config's own rule shares with a catalogue file: choices, state, update and the texts.
/// `params` are only names here; their values are read elsewhere.
RuleEntry read_rule_body(const json::Cursor& cursor, const std::vector<std::string>& params);

/// A finite number, or a text whose value is one: "pi/2".
double read_number(const json::Cursor& cursor);
/// A list of them, possibly empty.
std::vector<double> read_numbers(const json::Cursor& cursor);

/// A parameter of a function: a number, a list of numbers or a list of rows of one length.
Parameter read_parameter(const json::Cursor& cursor);

/// `[a,b]` for all coordinates or `[[a,b],…]` with one interval per coordinate; a < b.
std::vector<Interval> read_domain(const json::Cursor& cursor);

/// `[a,b]` with a < b.
Interval read_interval(const json::Cursor& cursor);

/// A point: a list of numbers, or one number that stands for every coordinate (then the list has length 1).
std::vector<double> read_point(const json::Cursor& cursor);

/// A hyperparameter's default: a number, true or false (1 or 0), or an expression; a mere number as text ("1e-3") is
/// the number.
DefaultValue read_default(const json::Cursor& cursor);

/// The names that the hyperparameter may have for a value; nullptr when it is a number.
const std::vector<std::string>* choices_of(const RuleEntry& rule, const std::string& name);

/// One of `names`. @throws InputError naming the nearest
Choice read_choice(const json::Cursor& cursor, const std::vector<std::string>& names);

/// A text of the language (Formula, AssignmentText), with errors at its place.
template <class Text>
Text read_text(const json::Cursor& cursor) {
  return text::with_place([&] { return cursor.place(); }, [&] { return Text::read(cursor.text()); });
}

/// A definition whose coordinates have no reserved name. Throws InputError.
DefinitionText checked_definition(const std::string& text);
/// The same with errors at its place.
DefinitionText read_definition(const json::Cursor& cursor);

/// A procedure's object.
ProcedureEntry read_procedure(const json::Cursor& cursor);
/// {"name": {…}, "another": "file.json"}
std::vector<ProcedureEntry> read_procedures(const json::Cursor& cursor);

/// "block" or "point".
RuleEntry::Scope read_scope(const json::Cursor& cursor);
/// As rules have it: "block" or "point".
const char* to_string(RuleEntry::Scope scope);

/// The names that are taken in rules: x, g, t, …
const std::vector<std::string>& reserved_in_rules();

}  // namespace optexplore::catalog
