#pragma once

#include <optexplore/run.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "table/format.hpp"
#include "text/number.hpp"

namespace optexplore::table {

/// A row of text with gaps for numbers. It is built once per block and used for each of its rows,
/// so that the constant text of a trajectory (its quoted label, keys, separators) costs one copy a
/// row.
class RowTemplate {
 public:
  /// Adds constant text.
  void text(std::string_view constant) { pending_ += constant; }

  /// Adds a gap for the block's value number `value` (an index into a row of RowBlock::values).
  void number(std::size_t value, ColumnInfo::Kind kind) {
    gaps_.push_back({std::move(pending_), value, kind == ColumnInfo::Kind::integer, {}});
    pending_.clear();
  }

  /// Adds a gap for one of `labels`, chosen by that value.
  void choice(std::size_t value, std::vector<std::string> labels) {
    gaps_.push_back({std::move(pending_), value, false, std::move(labels)});
    pending_.clear();
  }

  /// All rows of the block, one after another.
  [[nodiscard]] std::string render(const RowBlock& block, const text::NumberStyle& style) const;

 private:
  struct Gap {
    std::string before;  ///< the constant text in front of it
    std::size_t value;
    bool integer;
    std::vector<std::string> labels;  ///< of a choice; else none
  };
  std::vector<Gap> gaps_;
  std::string pending_;  ///< the constant text after the last gap
};

/// Whether a column of this kind has a place in RowBlock::values.
inline bool has_value(ColumnInfo::Kind kind) {
  return kind != ColumnInfo::Kind::optimizer && kind != ColumnInfo::Kind::function;
}

/// The text of a column whose kind is optimizer or function.
const std::string& constant_text(const ColumnInfo& column, const TrajectoryInfo& trajectory);

/// A piece of one part that keeps all of the block but its numbers.
Piece one_part(RowBlock block, std::string text);

/// The labels of a choice, each turned into the format's text by `quote`.
template <class Quote>
std::vector<std::string> quoted_labels(const ColumnInfo& column, Quote quote) {
  std::vector<std::string> labels;
  for (const std::string& label : column.labels) labels.push_back(quote(label));
  return labels;
}

/// A format whose blocks are independent of one another: rows of text, nothing to keep.
class RowFormat : public Format {
 public:
  explicit RowFormat(Document document) : document_(std::move(document)) {}
  void begin(os::Sink&) override {}
  void write(Piece piece, os::Sink& sink) override { sink.write(piece.parts.front()); }
  void end(os::Sink&) override {}

 protected:
  Document document_;
};

}  // namespace optexplore::table
