#include "table/blocks.hpp"

#include "table/rows.hpp"

namespace optexplore::table {
std::vector<BlockColumn> block_columns(const Document& document) {
  std::vector<BlockColumn> columns;
  std::size_t value = 0;
  for (std::size_t c = 0; c < document.columns.size(); ++c) {
    const ColumnInfo& column = document.columns[c];
    if (!has_value(column.kind)) continue;
    const bool constant = column.kind == ColumnInfo::Kind::integer && (column.name == "run" || column.name == "seed");
    if (document.columns_chosen || !constant) columns.push_back({c, value});
    ++value;
  }
  return columns;
}

}  // namespace optexplore::table
