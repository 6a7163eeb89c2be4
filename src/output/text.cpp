#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "os/spool.hpp"
#include "output/rows.hpp"
#include "output/writers.hpp"
#include "text/aligned.hpp"

namespace optexplore::output {
namespace {

/// Between cells and behind rows while they wait; no cell has one, for it is on one line.
constexpr char cell_end = '\t';
constexpr char row_end = '\n';

/// Takes rows of cells apart, however they are cut into pieces.
class CellReader : public os::Sink {
 public:
  using Take = std::function<void(const std::vector<std::string>& row)>;
  CellReader(std::size_t columns, Take take) : row_(columns), take_(std::move(take)) {}

  void write(std::string_view bytes) override {
    for (const char c : bytes) {
      if (c == cell_end) {
        ++column_;
      } else if (c == row_end) {
        take_(row_);
        for (std::string& cell : row_) cell.clear();
        column_ = 0;
      } else {
        row_[column_] += c;
      }
    }
  }
  void finish() override {}

 private:
  std::vector<std::string> row_;
  std::size_t column_ = 0;
  Take take_;
};

/// Aligned columns, numbers at the right. Their widths are known behind the last row, so the rows wait in a spool.
class Text : public Writer {
 public:
  Text(const Schema& schema, const WriteOptions& options)
      : header_(options.header), texts_(schema, {.precision = options.precision}, text::one_line), spool_(1) {
    for (const Column& column : schema.columns)
      columns_.push_back({text::one_line(column.name), column.kind != Column::Kind::text, 0});
    if (header_) text::widen(columns_);
  }

  void begin(os::Sink&) override {}

  [[nodiscard]] Parts render(const Block& block) const override {
    RowTemplate row;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      if (c > 0) row.text({&cell_end, 1});
      texts_.add(row, block, c, "");
    }
    row.text({&row_end, 1});
    return {row.render(block, texts_.style())};
  }

  void write(const Block&, Parts parts, os::Sink&) override {
    CellReader(columns_.size(), [this](const auto& row) { text::widen(columns_, row); }).write(parts.front());
    spool_.append(0, parts.front());
  }

  void end(os::Sink& sink) override {
    if (header_) sink.write(text::aligned_titles(columns_));
    CellReader rows(columns_.size(), [&](const auto& row) { sink.write(text::aligned_line(columns_, row)); });
    spool_.copy_to(0, rows);
  }

 private:
  bool header_;
  ColumnTexts texts_;
  std::vector<text::AlignedColumn> columns_;
  os::Spool spool_;
};

}  // namespace

std::unique_ptr<Writer> make_text(const Schema& schema, const WriteOptions& options) {
  return std::make_unique<Text>(schema, options);
}

}  // namespace optexplore::output
