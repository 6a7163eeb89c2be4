#include <string>
#include <utility>
#include <vector>

#include "json/text.hpp"
#include "table/formats.hpp"
#include "table/rows.hpp"

namespace optexplore::table {
namespace {

/// One JSON object per row; the key of a coordinate that a function doesn't have is left out.
class JsonLines : public RowFormat {
 public:
  explicit JsonLines(Document document)
      : RowFormat(std::move(document)), style_(json::json_style(document_.options.precision)) {
    for (const ColumnInfo& column : document_.columns) {
      keys_.push_back(json::json_string(column.name) + ":");
    }
  }

  [[nodiscard]] Piece render(RowBlock block) const override {
    RowTemplate row;
    std::size_t value = 0;
    const char* before = "{";
    for (std::size_t c = 0; c < keys_.size(); ++c) {
      const ColumnInfo& column = document_.columns[c];
      const std::size_t this_value = has_value(column.kind) ? value++ : 0;
      if (!block.trajectory->present[c]) continue;
      row.text(std::exchange(before, ","));
      row.text(keys_[c]);
      if (column.kind == ColumnInfo::Kind::choice) {
        row.choice(this_value, quoted_labels(column, json::json_string));
      } else if (has_value(column.kind)) {
        row.number(this_value, column.kind);
      } else {
        row.text(json::json_string(constant_text(column, *block.trajectory)));
      }
    }
    row.text(*before == '{' ? "{}\n" : "}\n");
    std::string text = row.render(block, style_);
    return one_part(std::move(block), std::move(text));
  }

 private:
  text::NumberStyle style_;
  std::vector<std::string> keys_;  ///< `"x":`
};

}  // namespace

std::unique_ptr<Format> make_jsonl(Document document) { return std::make_unique<JsonLines>(std::move(document)); }

}  // namespace optexplore::table
