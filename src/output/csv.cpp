#include <string>

#include "output/rows.hpp"
#include "output/writers.hpp"

namespace optexplore::output {
namespace {

/// A field as RFC 4180 quotes it, for any separator.
std::string quoted(const std::string& field, char separator) {
  const std::string special = std::string("\"\r\n") + separator;
  if (field.find_first_of(special) == std::string::npos) return field;
  std::string text = "\"";
  for (const char c : field) {
    if (c == '"') text += '"';
    text += c;
  }
  return text + "\"";
}

/// RFC 4180, with LF for CRLF and any separator. A coordinate that a function doesn't have is empty.
class SeparatedValues : public RowWriter {
 public:
  SeparatedValues(const Schema& schema, const WriteOptions& options, char separator)
      : separator_(separator),
        texts_(schema, {.precision = options.precision},
               [separator](const std::string& label) { return quoted(label, separator); }),
        columns_(schema.columns.size()) {
    if (!options.header) return;
    for (const Column& column : schema.columns) {
      if (&column != &schema.columns.front()) header_ += separator;
      header_ += quoted(column.name, separator);
    }
    header_ += '\n';
  }

  void begin(os::Sink& sink) override { sink.write(header_); }

  [[nodiscard]] Parts render(const Block& block) const override {
    RowTemplate row;
    for (std::size_t c = 0; c < columns_; ++c) {
      if (c > 0) row.text({&separator_, 1});
      texts_.add(row, block, c, "");
    }
    row.text("\n");
    return {row.render(block, texts_.style())};
  }

 private:
  char separator_;
  ColumnTexts texts_;
  std::size_t columns_;
  std::string header_;
};

}  // namespace

std::unique_ptr<Writer> make_csv(const Schema& schema, const WriteOptions& options) {
  return std::make_unique<SeparatedValues>(schema, options, ',');
}

std::unique_ptr<Writer> make_tsv(const Schema& schema, const WriteOptions& options) {
  return std::make_unique<SeparatedValues>(schema, options, '\t');
}

}  // namespace optexplore::output
