#include <cmath>
#include <optexplore/version.hpp>
#include <string>
#include <utility>
#include <vector>

#include "json/text.hpp"
#include "os/spool.hpp"
#include "table/formats.hpp"
#include "table/rows.hpp"

namespace optexplore::table {
namespace {

text::NumberStyle gnuplot_style(const FormatOptions& options) {
  // gnuplot reads "inf" as a string.
  return {.precision = options.precision, .nan = "NaN", .inf = "NaN", .minus_inf = "NaN"};
}

/// {"optexplore":…, "columns":[…], "data":{"x":[…], …}}: the columns wait in a spool.
class TableJson : public Format {
 public:
  explicit TableJson(Document document)
      : document_(std::move(document)),
        style_(json::json_style(document_.options.precision)),
        spool_(document_.columns.size()) {}

  void begin(os::Sink&) override {}

  [[nodiscard]] Piece render(RowBlock block) const override {
    Piece piece;
    for (std::size_t c = 0; c < document_.columns.size(); ++c) piece.parts.push_back(column_text(block, c));
    piece.block = std::move(block);
    piece.block.values = {};
    return piece;
  }

  void write(Piece piece, os::Sink&) override {
    for (std::size_t c = 0; c < piece.parts.size(); ++c) {
      if (piece.parts[c].empty()) continue;
      if (!spool_.empty(c)) spool_.append(c, ",");
      spool_.append(c, piece.parts[c]);
    }
  }

  void end(os::Sink& sink) override {
    std::string names;
    for (const ColumnInfo& column : document_.columns)
      names += (names.empty() ? "" : ",") + json::json_string(column.name);
    sink.write("{\"optexplore\":" + json::json_string(version) + ",\n\"columns\":[" + names + "],\n\"data\":{");
    for (std::size_t c = 0; c < document_.columns.size(); ++c) {
      sink.write((c > 0 ? ",\n" : "\n") + json::json_string(document_.columns[c].name) + ":[");
      spool_.copy_to(c, sink);
      sink.write("]");
    }
    sink.write("}}\n");
  }

 private:
  [[nodiscard]] std::string column_text(const RowBlock& block, std::size_t c) const {
    const ColumnInfo& column = document_.columns[c];
    const std::vector<std::string> labels = quoted_labels(column, json::json_string);
    std::string text;
    for (std::size_t row = 0; row < block.rows; ++row) {
      const double value = block.values[row * document_.columns.size() + c];
      if (row > 0) text += ',';
      if (column.kind == ColumnInfo::Kind::choice)
        text += std::isnan(value) ? "null" : labels[static_cast<std::size_t>(value)];
      else if (column.kind == ColumnInfo::Kind::integer)
        text::append_integer(text, value, style_);
      else
        text::append_number(text, value, style_);
    }
    return text;
  }

  Document document_;
  text::NumberStyle style_;
  os::Spool spool_;
};

/// Rows with blanks between; a blank line behind each line of a grid, as splot wants it.
class TableGnuplot : public RowFormat {
 public:
  explicit TableGnuplot(Document document) : RowFormat(std::move(document)), style_(gnuplot_style(document_.options)) {}

  void begin(os::Sink& sink) override {
    if (!document_.options.header) return;
    std::string line = "#";
    for (const ColumnInfo& column : document_.columns) line += " " + column.name;
    sink.write(line + "\n");
  }

  [[nodiscard]] Piece render(RowBlock block) const override {
    RowTemplate row;
    for (std::size_t c = 0; c < document_.columns.size(); ++c) {
      const ColumnInfo& column = document_.columns[c];
      if (c > 0) row.text(" ");
      if (!block.trajectory->present[c])
        row.text("NaN");
      else if (column.kind == ColumnInfo::Kind::choice)
        row.choice(c, quoted_labels(column, [](const std::string& label) { return "\"" + label + "\""; }));
      else
        row.number(c, column.kind);
    }
    row.text("\n");
    if (document_.line == 0) {
      std::string text = row.render(block, style_);
      return one_part(std::move(block), std::move(text));
    }
    std::string text;
    const std::size_t width = document_.columns.size();
    for (std::size_t first = 0; first < block.rows; first += document_.line) {
      const auto begin = block.values.begin() + static_cast<std::ptrdiff_t>(first * width);
      RowBlock line;
      line.rows = document_.line;
      line.values.assign(begin, begin + static_cast<std::ptrdiff_t>(document_.line * width));
      text += row.render(line, style_) + "\n";
    }
    return one_part(std::move(block), std::move(text));
  }

 private:
  text::NumberStyle style_;
};

/// gnuplot's nonuniform matrix: n x1 … xn, then for each line y z1 … zn. The columns are x, y and one value.
class Matrix : public RowFormat {
 public:
  explicit Matrix(Document document) : RowFormat(std::move(document)), style_(gnuplot_style(document_.options)) {}

  [[nodiscard]] Piece render(RowBlock block) const override {
    const std::size_t width = document_.columns.size();
    std::string text;
    if (block.first) {
      text += std::to_string(document_.line);
      for (std::size_t i = 0; i < document_.line; ++i) add(text, block.values[i * width]);
      text += '\n';
    }
    for (std::size_t first = 0; first < block.rows; first += document_.line) {
      text::append_number(text, block.values[first * width + 1], style_);
      for (std::size_t i = 0; i < document_.line; ++i) add(text, block.values[(first + i) * width + 2]);
      text += '\n';
    }
    return one_part(std::move(block), std::move(text));
  }

 private:
  void add(std::string& text, double value) const {
    text += ' ';
    text::append_number(text, value, style_);
  }

  text::NumberStyle style_;
};

}  // namespace

std::unique_ptr<Format> make_table_json(Document document) { return std::make_unique<TableJson>(std::move(document)); }

std::unique_ptr<Format> make_table_gnuplot(Document document) {
  return std::make_unique<TableGnuplot>(std::move(document));
}

std::unique_ptr<Format> make_matrix(Document document) { return std::make_unique<Matrix>(std::move(document)); }

}  // namespace optexplore::table
