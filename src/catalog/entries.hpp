#pragma once

#include <optexplore/catalog.hpp>

#include "json/cursor.hpp"
#include "language/ast.hpp"

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

/// A parameter of a function: a number, a list of numbers or a list of rows of one length.
Parameter read_parameter(const json::Cursor& cursor);

/// `[a,b]` for all coordinates or `[[a,b],…]` with one interval per coordinate; a < b.
std::vector<Interval> read_domain(const json::Cursor& cursor);

/// `[a,b]` with a < b.
Interval read_interval(const json::Cursor& cursor);

/// A point: a list of numbers, or one number that stands for every coordinate (then the list has length 1).
std::vector<double> read_point(const json::Cursor& cursor);

/// A hyperparameter's default: a number, true or false (1 or 0), or an expression.
DefaultValue read_default(const json::Cursor& cursor);

/// The names that the hyperparameter may have for a value; nullptr when it is a number.
const std::vector<std::string>* choices_of(const RuleEntry& rule, const std::string& name);

/// One of `names`. @throws InputError naming the nearest
std::string read_choice(const json::Cursor& cursor, const std::vector<std::string>& names);

/// An expression, checked for its syntax. A mere number ("1e-3") comes back as the number.
DefaultValue read_expression(const json::Cursor& cursor);

/// The definition in `cursor`, with errors at its place; coordinates must not have a reserved name.
language::Definition read_definition(const json::Cursor& cursor);

/// The names that are taken in rules: x, g, t, …
const std::vector<std::string>& reserved_in_rules();

}  // namespace optexplore::catalog
