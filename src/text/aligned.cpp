#include "text/aligned.hpp"

#include <algorithm>
#include <string_view>

#include "text/number.hpp"
#include "text/utf8.hpp"
#include "text/wrap.hpp"

namespace optexplore::text {
namespace {

constexpr std::string_view between = "  ";

template <class Cell>
std::string line(std::span<const AlignedColumn> columns, Cell cell) {
  std::string text;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const std::string& content = cell(c);
    const std::size_t used = display_width(content);
    const std::string fill(columns[c].width > used ? columns[c].width - used : 0, ' ');
    if (c > 0) text += between;
    text += columns[c].right ? fill + content : content + fill;
  }
  text.erase(text.find_last_not_of(' ') + 1);
  return text + "\n";
}

}  // namespace

void widen(std::span<AlignedColumn> columns, std::span<const std::string> cells) {
  for (std::size_t c = 0; c < columns.size(); ++c)
    columns[c].width = std::max(columns[c].width, display_width(cells[c]));
}

void widen(std::span<AlignedColumn> columns) {
  for (AlignedColumn& column : columns) column.width = std::max(column.width, display_width(column.title));
}

std::string aligned_line(std::span<const AlignedColumn> columns, std::span<const std::string> cells) {
  return line(columns, [&](std::size_t c) -> const std::string& { return cells[c]; });
}

std::string aligned_titles(std::span<const AlignedColumn> columns) {
  return line(columns, [&](std::size_t c) -> const std::string& { return columns[c].title; });
}

std::string aligned(AlignedTable table) {
  widen(table.columns);
  for (const std::vector<std::string>& row : table.rows) widen(table.columns, row);
  std::string text = aligned_titles(table.columns);
  for (const std::vector<std::string>& row : table.rows) text += aligned_line(table.columns, row);
  return text;
}

std::string markdown_head(std::span<const AlignedColumn> columns) {
  std::string titles = "|", rule = "|";
  for (const AlignedColumn& column : columns) {
    titles += " " + markdown_cell(column.title) + " |";
    rule += column.right ? " ---: |" : " --- |";
  }
  return titles + "\n" + rule + "\n";
}

std::string markdown(const AlignedTable& table) {
  std::string text = markdown_head(table.columns);
  for (const std::vector<std::string>& row : table.rows) {
    text += "|";
    for (const std::string& cell : row) text += " " + markdown_cell(cell) + " |";
    text += "\n";
  }
  return text;
}

std::string markdown_cell(const std::string& text) {
  std::string result;
  for (const char c : one_line(text)) {
    if (c == '|' || c == '\\' || c == '*' || c == '_' || c == '<' || c == '`') result += '\\';
    result += c;
  }
  return result;
}

std::string one_line(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; }, ' ');
  return text;
}

}  // namespace optexplore::text
