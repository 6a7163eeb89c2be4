#include <string>
#include <vector>

#include "output/rows.hpp"
#include "output/writers.hpp"
#include "text/aligned.hpp"

namespace optexplore::output {
namespace {

/// A table in Markdown. It needs no widths: whoever shows it aligns the columns.
class Markdown : public RowWriter {
 public:
  Markdown(const Schema& schema, const WriteOptions& options)
      : texts_(schema, {.precision = options.precision}, text::markdown_cell) {
    for (const Column& column : schema.columns) columns_.push_back({column.name, column.kind != Column::Kind::text, 0});
  }

  void begin(os::Sink& sink) override { sink.write(text::markdown_head(columns_)); }

  [[nodiscard]] Parts render(const Block& block) const override {
    RowTemplate row;
    row.text("|");
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      row.text(" ");
      texts_.add(row, block, c, "");
      row.text(" |");
    }
    row.text("\n");
    return {row.render(block, texts_.style())};
  }

 private:
  ColumnTexts texts_;
  std::vector<text::AlignedColumn> columns_;
};

}  // namespace

std::unique_ptr<Writer> make_md(const Schema& schema, const WriteOptions& options) {
  return std::make_unique<Markdown>(schema, options);
}

}  // namespace optexplore::output
