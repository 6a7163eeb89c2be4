#include "table/rows.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace optexplore::table {
namespace {

char* copy(char* out, const std::string& text) {
  if (text.size() == 1) {  // by far the most frequent case, and several times as fast as a call
    *out = text.front();
    return out + 1;
  }
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

}  // namespace

std::string RowTemplate::render(const RowBlock& block, const text::NumberStyle& style) const {
  std::size_t longest_row = pending_.size();
  for (const Gap& gap : gaps_) {
    std::size_t longest = text::max_number_length;
    for (const std::string& label : gap.labels) longest = std::max(longest, label.size());
    longest_row += gap.before.size() + longest;
  }

  std::string text(longest_row * block.rows, '\0');
  char* out = text.data();
  const std::size_t width = block.rows == 0 ? 0 : block.values.size() / block.rows;
  for (std::size_t row = 0; row < block.rows; ++row) {
    const double* values = block.values.data() + row * width;
    for (const Gap& gap : gaps_) {
      out = copy(out, gap.before);
      if (!gap.labels.empty()) {
        out = copy(out, gap.labels[static_cast<std::size_t>(values[gap.value])]);
        continue;
      }
      out = gap.integer ? text::write_integer(out, values[gap.value], style)
                        : text::write_number(out, values[gap.value], style);
    }
    out = copy(out, pending_);
  }
  text.resize(static_cast<std::size_t>(out - text.data()));
  return text;
}

const std::string& constant_text(const ColumnInfo& column, const TrajectoryInfo& trajectory) {
  return column.kind == ColumnInfo::Kind::function ? trajectory.function : trajectory.optimizer;
}

Piece one_part(RowBlock block, std::string text) {
  Piece piece{std::move(block), {}};
  piece.block.values = {};
  piece.parts.push_back(std::move(text));
  return piece;
}

}  // namespace optexplore::table
