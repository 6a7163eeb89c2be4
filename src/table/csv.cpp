#include <string>
#include <utility>

#include "table/formats.hpp"
#include "table/rows.hpp"

namespace optexplore::table {
namespace {

/// RFC 4180, with LF for CRLF and any separator. A coordinate that a function doesn't have is
/// empty.
class SeparatedValues : public RowFormat {
 public:
  SeparatedValues(Document document, char separator)
      : RowFormat(std::move(document)), separator_(separator), style_{.precision = document_.options.precision} {}

  void begin(os::Sink& sink) override {
    if (!document_.options.header) return;
    std::string line;
    for (const ColumnInfo& column : document_.columns) {
      if (&column != &document_.columns.front()) line += separator_;
      line += quoted(column.name);
    }
    sink.write(line + "\n");
  }

  [[nodiscard]] Piece render(RowBlock block) const override {
    RowTemplate row;
    std::size_t value = 0;
    for (std::size_t c = 0; c < document_.columns.size(); ++c) {
      const ColumnInfo& column = document_.columns[c];
      if (c > 0) row.text({&separator_, 1});
      if (!has_value(column.kind)) {
        row.text(quoted(constant_text(column, *block.trajectory)));
        continue;
      }
      if (!block.trajectory->present[c]) {
        // an empty field
      } else if (column.kind == ColumnInfo::Kind::choice) {
        row.choice(value, quoted_labels(column, [this](const std::string& label) { return quoted(label); }));
      } else {
        row.number(value, column.kind);
      }
      ++value;
    }
    row.text("\n");
    std::string text = row.render(block, style_);
    return one_part(std::move(block), std::move(text));
  }

 private:
  [[nodiscard]] std::string quoted(const std::string& field) const {
    const std::string special = std::string("\"\r\n") + separator_;
    if (field.find_first_of(special) == std::string::npos) return field;
    std::string text = "\"";
    for (const char c : field) {
      if (c == '"') text += '"';
      text += c;
    }
    return text + "\"";
  }

  char separator_;
  text::NumberStyle style_;
};

}  // namespace

std::unique_ptr<Format> make_csv(Document document) {
  return std::make_unique<SeparatedValues>(std::move(document), ',');
}

std::unique_ptr<Format> make_tsv(Document document) {
  return std::make_unique<SeparatedValues>(std::move(document), '\t');
}

}  // namespace optexplore::table
