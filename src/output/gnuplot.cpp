#include "output/gnuplot.hpp"

#include <string>
#include <vector>

#include "output/rows.hpp"
#include "output/writers.hpp"

namespace optexplore::output {

std::string quoted_data(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    const bool control = static_cast<unsigned char>(c) < ' ';
    result += c == '"' ? '\'' : control ? ' ' : c;
  }
  return result + "\"";
}

namespace {

/// Rows with blanks between. A group has a quoted title above it, and two blank lines between it and the next; a table
/// without groups has a comment with the names of its columns; a grid has a blank line behind each line, as splot
/// wants it.
class Gnuplot : public RowWriter {
 public:
  Gnuplot(const Schema& schema, const WriteOptions& options)
      : line_(schema.line), texts_(schema, gnuplot_style(options.precision), quoted_data) {
    if (!schema.grouped && options.header) header_ = "#";
    for (std::size_t c = 0; c < schema.columns.size(); ++c) {
      if (schema.grouped && schema.columns[c].of_group) continue;
      columns_.push_back(c);
      absent_.emplace_back(schema.columns[c].kind == Column::Kind::text ? "\"\"" : "NaN");
      if (!header_.empty()) header_ += " " + schema.columns[c].name;
    }
    if (!header_.empty()) header_ += "\n";
  }

  void begin(os::Sink& sink) override { sink.write(header_); }

  [[nodiscard]] Parts render(const Block& block) const override {
    RowTemplate row;
    for (std::size_t k = 0; k < columns_.size(); ++k) {
      if (k > 0) row.text(" ");
      texts_.add(row, block, columns_[k], absent_[k]);
    }
    row.text("\n");
    std::string text = block.group && block.begins ? heading(*block.group) : "";
    if (line_ == 0) return {text + row.render(block, texts_.style())};
    for (std::size_t first = 0; first < block.rows; first += line_)
      text += row.render(block, texts_.style(), first, line_) + "\n";
    return {text};
  }

 private:
  static std::string heading(const Group& group) {
    return (group.number > 0 ? "\n\n" : "") + quoted_data(group.title) + "\n";
  }

  std::size_t line_;
  ColumnTexts texts_;
  std::vector<std::size_t> columns_;
  std::vector<std::string> absent_;  ///< per written column: what stands for no value
  std::string header_;
};

}  // namespace

std::unique_ptr<Writer> make_gnuplot(const Schema& schema, const WriteOptions& options) {
  return std::make_unique<Gnuplot>(schema, options);
}

}  // namespace optexplore::output
