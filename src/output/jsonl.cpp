#include <string>
#include <utility>
#include <vector>

#include "json/text.hpp"
#include "output/rows.hpp"
#include "output/writers.hpp"

namespace optexplore::output {
namespace {

/// One JSON object per row; the key of a coordinate that a function doesn't have is left out.
class JsonLines : public RowWriter {
 public:
  JsonLines(const Schema& schema, const WriteOptions& options)
      : texts_(schema, json::json_style(options.precision), json::json_string) {
    for (const Column& column : schema.columns) keys_.push_back(json::json_string(column.name) + ":");
  }

  [[nodiscard]] Parts render(const Block& block) const override {
    RowTemplate row;
    const char* before = "{";
    for (std::size_t c = 0; c < keys_.size(); ++c) {
      if ((*block.columns)[c].encoding == Values::Encoding::absent) continue;
      row.text(std::exchange(before, ","));
      row.text(keys_[c]);
      texts_.add(row, block, c, "");
    }
    row.text(*before == '{' ? "{}\n" : "}\n");
    return {row.render(block, texts_.style())};
  }

 private:
  ColumnTexts texts_;
  std::vector<std::string> keys_;  ///< `"x":`
};

}  // namespace

std::unique_ptr<Writer> make_jsonl(const Schema& schema, const WriteOptions& options) {
  return std::make_unique<JsonLines>(schema, options);
}

}  // namespace optexplore::output
