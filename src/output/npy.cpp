#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "os/spool.hpp"
#include "output/npy_header.hpp"
#include "output/rows.hpp"
#include "output/writers.hpp"
#include "text/utf8.hpp"

namespace optexplore::output {
namespace {

static_assert(std::endian::native == std::endian::little, "npy rows are written as they are in memory");

/// A structured array, one record per row: texts as fixed-width UCS-4, whole numbers as int64, the
/// rest as float64; of the shape lines × line for a grid. The header holds the number of rows, so the rows wait in a
/// spool.
class Npy : public Writer {
 public:
  explicit Npy(const Schema& schema) : line_(schema.line), spool_(1) {
    for (const Column& column : schema.columns) {
      Field field{column.name, column.kind, row_bytes_, 8, {}};
      if (column.kind == Column::Kind::text) {
        // Code points of the longest text; numpy has no empty '<U0' field.
        std::size_t longest = 1;
        for (const std::string& label : column.labels) {
          field.labels.push_back(text::to_utf32(label));
          longest = std::max(longest, field.labels.back().size());
        }
        field.width = 4 * longest;
      }
      row_bytes_ += field.width;
      fields_.push_back(std::move(field));
    }
  }

  void begin(os::Sink&) override {}

  [[nodiscard]] Parts render(const Block& block) const override {
    std::vector<std::size_t> flat;
    std::string record(row_bytes_, '\0');  // with what is the same in all rows
    for (std::size_t c = 0; c < fields_.size(); ++c) {
      const Values& values = (*block.columns)[c];
      if (values.encoding == Values::Encoding::flat)
        flat.push_back(c);
      else if (values.encoding == Values::Encoding::constant || fields_[c].kind != Column::Kind::text)
        store(record.data(), fields_[c], values.constant);
    }
    std::string bytes;
    bytes.reserve(row_bytes_ * block.rows);
    for (std::size_t r = 0; r < block.rows; ++r) {
      bytes += record;
      char* const row = bytes.data() + r * row_bytes_;
      for (const std::size_t c : flat) store(row, fields_[c], block.at(c, r));
    }
    return {std::move(bytes)};
  }

  void write(const Block& block, Parts parts, os::Sink&) override {
    rows_ += block.rows;
    spool_.append(0, parts.front());
  }

  void end(os::Sink& sink) override {
    std::vector<NpyField> described;
    for (const Field& field : fields_)
      described.push_back({field.name, field.kind == Column::Kind::integer  ? "<i8"
                                       : field.kind == Column::Kind::number ? "<f8"
                                                                            : "<U" + std::to_string(field.width / 4)});
    std::vector<std::uint64_t> shape = {rows_};
    if (line_ != 0) shape = {rows_ / line_, line_};
    sink.write(npy_header(described, shape));
    spool_.copy_to(0, sink);
  }

 private:
  struct Field {
    std::string name;
    Column::Kind kind;
    std::size_t offset;  ///< in the record, in bytes
    std::size_t width;
    std::vector<std::u32string> labels;
  };

  static void store(char* row, const Field& field, double value) {
    char* const place = row + field.offset;
    if (field.kind == Column::Kind::text) {
      const std::u32string& text = field.labels[static_cast<std::size_t>(value)];
      std::memset(place, 0, field.width);
      std::memcpy(place, text.data(), 4 * text.size());
    } else if (field.kind == Column::Kind::number) {
      // One NaN for all: its sign and payload differ between CPUs.
      if (std::isnan(value)) value = std::numeric_limits<double>::quiet_NaN();
      std::memcpy(place, &value, sizeof value);
    } else {
      const std::int64_t whole =
          std::isfinite(value) ? static_cast<std::int64_t>(value) : std::numeric_limits<std::int64_t>::min();
      std::memcpy(place, &whole, sizeof whole);
    }
  }

  std::vector<Field> fields_;
  std::size_t row_bytes_ = 0;
  std::uint64_t rows_ = 0;
  std::uint64_t line_;
  os::Spool spool_;
};

}  // namespace

std::unique_ptr<Writer> make_npy(const Schema& schema, const WriteOptions&) { return std::make_unique<Npy>(schema); }

}  // namespace optexplore::output
