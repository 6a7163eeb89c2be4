#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace optexplore::text {

/// A column of a table for people.
struct AlignedColumn {
  std::string title;
  bool right = false;     ///< aligned at the right, as numbers are
  std::size_t width = 0;  ///< at least
};

/// A table for people: texts in columns.
struct AlignedTable {
  std::vector<AlignedColumn> columns;
  std::vector<std::vector<std::string>> rows;  ///< a text per column
};

/// Makes the columns as wide as their titles and these texts, one per column.
void widen(std::span<AlignedColumn> columns, std::span<const std::string> cells);
/// The same with the titles.
void widen(std::span<AlignedColumn> columns);

/// Texts, one per column, two blanks apart and without blanks at the end; a line.
std::string aligned_line(std::span<const AlignedColumn> columns, std::span<const std::string> cells);
/// The line of titles.
std::string aligned_titles(std::span<const AlignedColumn> columns);

/// The whole table: titles, then rows.
std::string aligned(AlignedTable table);

/// A table in Markdown: titles and the line that says how columns are aligned, then rows.
std::string markdown(const AlignedTable& table);
std::string markdown_head(std::span<const AlignedColumn> columns);

/// Text as it may stand in a cell of Markdown: on one line, with what has a meaning there escaped.
std::string markdown_cell(const std::string& text);

/// The text on one line: control characters become blanks.
std::string one_line(std::string text);

}  // namespace optexplore::text
