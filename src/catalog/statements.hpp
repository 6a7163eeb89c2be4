#pragma once

#include <cstdint>
#include <optexplore/catalog.hpp>
#include <string>
#include <vector>

#include "json/cursor.hpp"

namespace optexplore::catalog {

/// How many ifs and loops may stand in one another.
inline constexpr std::size_t max_statement_depth = 16;
/// How many rounds a loop may do.
inline constexpr std::uint32_t max_rounds = 1'000'000;

/// Lines of an update: texts, and objects with "if", "while" or "for". Throws InputError at the place of what is wrong.
std::vector<Statement> read_statements(const json::Cursor& cursor);

/// The same as JSON, as read_statements takes it.
json::Json to_json(const std::vector<Statement>& statements);

/// A procedure as JSON, as it is written in a config.
json::Json to_json(const ProcedureEntry& procedure);

/// To be read by people: a line for each assignment, condition and loop, what stands below it indented.
std::vector<std::string> to_lines(const std::vector<Statement>& statements);

/// As to_lines(), with each text in a form that only depends on its meaning as a tree.
std::vector<std::string> to_canonical_lines(const std::vector<Statement>& statements);

/// All names that the statements assign, in the order of their first assignments.
std::vector<std::string> assigned_names(const std::vector<Statement>& statements);

/// What calls stand alone on the right of an assignment, as those of procedures do: their names, each once.
std::vector<std::string> called_names(const std::vector<Statement>& statements);

}  // namespace optexplore::catalog
