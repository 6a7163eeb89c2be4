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
#include "table/formats.hpp"
#include "table/npy_header.hpp"
#include "table/rows.hpp"

namespace optexplore::table {
namespace {

static_assert(std::endian::native == std::endian::little, "npy rows are written as they are in memory");

/// A structured array, one record per row: texts as fixed-width UCS-4, whole numbers as int64, the
/// rest as float64; of the shape lines × line for a grid. The header holds the number of rows, so the rows wait in a
/// spool.
class Npy : public Format {
 public:
  explicit Npy(const Document& document) : line_(document.line), spool_(1) {
    for (const ColumnInfo& column : document.columns) {
      const std::size_t width = is_text(column.kind) ? 4 * longest(column, document) : 8;
      fields_.push_back({column, row_bytes_, width, {}});
      for (const std::string& label : column.labels) fields_.back().labels.push_back(to_utf32(label));
      row_bytes_ += width;
    }
  }

  void begin(os::Sink&) override {}

  [[nodiscard]] Piece render(RowBlock block) const override {
    const std::string row = prototype(*block.trajectory);
    std::string bytes;
    bytes.reserve(row.size() * block.rows);
    const double* value = block.values.data();
    for (std::size_t r = 0; r < block.rows; ++r) {
      bytes += row;
      char* record = bytes.data() + r * row.size();
      for (const Field& field : fields_) {
        if (field.column.kind == ColumnInfo::Kind::choice) {
          if (!std::isnan(*value))
            store(record + field.offset, field.labels[static_cast<std::size_t>(*value)], field.width);
          ++value;
        } else if (!is_text(field.column.kind))
          store(record + field.offset, *value++, field.column.kind);
      }
    }
    return one_part(std::move(block), std::move(bytes));
  }

  void write(Piece piece, os::Sink&) override {
    rows_ += piece.block.rows;
    spool_.append(0, piece.parts.front());
  }

  void end(os::Sink& sink) override {
    std::vector<NpyField> described;
    for (const Field& field : fields_) {
      const auto kind = field.column.kind;
      described.push_back({field.column.name, kind == ColumnInfo::Kind::integer ? "<i8"
                                              : kind == ColumnInfo::Kind::number
                                                  ? "<f8"
                                                  : "<U" + std::to_string(field.width / 4)});
    }
    std::vector<std::uint64_t> shape = {rows_};
    if (line_ != 0) shape = {rows_ / line_, line_};
    sink.write(npy_header(described, shape));
    spool_.copy_to(0, sink);
  }

 private:
  struct Field {
    ColumnInfo column;
    std::size_t offset;  ///< in the record, in bytes
    std::size_t width;
    std::vector<std::u32string> labels;  ///< of a choice
  };

  /// Code points of the longest text that the column can hold, at least 1: numpy has no empty '<U0'
  /// field.
  static std::size_t longest(const ColumnInfo& column, const Document& document) {
    std::size_t length = 1;
    const auto consider = [&](const std::string& text) { length = std::max(length, to_utf32(text).size()); };
    if (column.kind == ColumnInfo::Kind::choice) {
      for (const std::string& label : column.labels) consider(label);
    } else if (column.kind == ColumnInfo::Kind::function) {
      for (const auto& function : document.experiment->functions) consider(function.entry.name);
    } else {
      for (const auto& optimizer : document.experiment->optimizers) consider(optimizer.label);
    }
    return length;
  }

  /// A record with the trajectory's texts and zeros for its numbers.
  [[nodiscard]] std::string prototype(const TrajectoryInfo& trajectory) const {
    std::string row(row_bytes_, '\0');
    for (const Field& field : fields_) {
      if (has_value(field.column.kind)) continue;
      store(row.data() + field.offset, to_utf32(constant_text(field.column, trajectory)), field.width);
    }
    return row;
  }

  static bool is_text(ColumnInfo::Kind kind) { return !has_value(kind) || kind == ColumnInfo::Kind::choice; }

  static void store(char* place, const std::u32string& text, std::size_t width) {
    std::memcpy(place, text.data(), std::min(4 * text.size(), width));
  }

  static void store(char* place, double value, ColumnInfo::Kind kind) {
    if (kind == ColumnInfo::Kind::number) {
      // One NaN for all: its sign and payload differ between CPUs.
      if (std::isnan(value)) value = std::numeric_limits<double>::quiet_NaN();
      std::memcpy(place, &value, sizeof value);
      return;
    }
    const std::int64_t whole =
        std::isfinite(value) ? static_cast<std::int64_t>(value) : std::numeric_limits<std::int64_t>::min();
    std::memcpy(place, &whole, sizeof whole);
  }

  std::vector<Field> fields_;
  std::size_t row_bytes_ = 0;
  std::uint64_t rows_ = 0;
  std::uint64_t line_;
  os::Spool spool_;
};

}  // namespace

std::unique_ptr<Format> make_npy(Document document) { return std::make_unique<Npy>(document); }

}  // namespace optexplore::table
