#pragma once

#include <functional>
#include <optexplore/table.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "text/number.hpp"

namespace optexplore::output {

/// A row of text with gaps for what changes from row to row. It is built once per block and used for each of its rows,
/// so that constant text (a trajectory's quoted label, keys, separators) costs one copy a row.
class RowTemplate {
 public:
  /// Adds constant text.
  void text(std::string_view constant) { pending_ += constant; }

  /// Adds a gap for a flat column's number.
  void number(const Values& values, Column::Kind kind) { add(values, kind == Column::Kind::integer, nullptr); }

  /// Adds a gap for one of `labels`, which must outlive the template, chosen by a flat column's number.
  void label(const Values& values, const std::vector<std::string>& labels) { add(values, false, &labels); }

  /// `count` rows of the block from row `first` on, one after another.
  [[nodiscard]] std::string render(const Block& block, const text::NumberStyle& style, std::size_t first,
                                   std::size_t count) const;
  /// All rows.
  [[nodiscard]] std::string render(const Block& block, const text::NumberStyle& style) const {
    return render(block, style, 0, block.rows);
  }

 private:
  struct Gap {
    std::string before;  ///< the constant text in front of it
    std::size_t offset;  ///< as in Values
    std::size_t stride;
    bool integer;
    const std::vector<std::string>* labels;
  };

  void add(const Values& values, bool integer, const std::vector<std::string>* labels) {
    gaps_.push_back({std::move(pending_), values.offset, values.stride, integer, labels});
    pending_.clear();
  }
  [[nodiscard]] std::size_t longest_row() const;

  std::vector<Gap> gaps_;
  std::string pending_;  ///< the constant text after the last gap
};

/// How a format writes the values of each column, resolved once for the whole table.
class ColumnTexts {
 public:
  /// @param quote  what the format makes of a label
  ColumnTexts(const Schema& schema, text::NumberStyle style,
              const std::function<std::string(const std::string&)>& quote);

  /// Adds a column's value in `block` to a row; in an absent column: `absent`.
  void add(RowTemplate& row, const Block& block, std::size_t column, std::string_view absent) const;

  /// The text of a value of that column.
  void append(std::string& text, std::size_t column, double value) const;

  [[nodiscard]] const text::NumberStyle& style() const { return style_; }

 private:
  std::vector<Column::Kind> kinds_;
  std::vector<std::vector<std::string>> labels_;  ///< quoted
  text::NumberStyle style_;
};

}  // namespace optexplore::output
