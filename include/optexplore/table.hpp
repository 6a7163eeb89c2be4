#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace optexplore {

/// Why a trajectory ended.
enum class Status {
  max_steps,
  stopped,
  diverged,     ///< the point or f is not finite
  no_gradient,  ///< the same, because the gradient of a finite f was not
  interrupted,  ///< from outside; see Control
};

/// "max_steps", "stopped", "diverged", "no_gradient" or "interrupted".
const char* to_string(Status status);

/// Whether it ended because something was not finite any more.
constexpr bool failed(Status status) { return status == Status::diverged || status == Status::no_gradient; }

/// A column of a table. Its values are doubles, whatever they mean.
struct Column {
  enum class Kind {
    integer,  ///< a whole number below 2^53: step, run, seed
    number,
    text,  ///< a number of one of `labels`, from 0
  };
  std::string name;
  Kind kind = Kind::number;
  std::vector<std::string> labels = {};  ///< all texts that the column can have
  /// Constant in a group, and among its facts: formats that write a head for each group leave it out of the rows.
  bool of_group = false;
};

/// What is known of all rows of a table before the first one.
struct Schema {
  std::vector<Column> columns;
  bool grouped = false;  ///< every row belongs to a group, a trajectory
  std::size_t line = 0;  ///< of a grid: points in a line; its blocks hold whole lines. 0: no grid
  std::vector<std::pair<std::string, std::string>> head;  ///< what a JSON document begins with: names and JSON texts

  /// The number of the column of that name. Throws std::out_of_range.
  [[nodiscard]] std::size_t column(std::string_view name) const;
};

/// Something known of a group, or of a part of it: a number, a text, or facts again.
struct Fact {
  std::string name;
  std::variant<double, std::uint64_t, std::string, std::vector<Fact>> value;
};

/// Rows that belong together: those of one trajectory.
struct Group {
  std::uint64_t number = 0;  ///< in the output, from 0
  std::string title;         ///< on one line: "sgd, run 3"
  std::vector<Fact> facts;   ///< "optimizer", "type", …, "hyperparameters", in the order of the output

  /// The fact of that name, or null.
  [[nodiscard]] const Fact* find(std::string_view name) const;
  /// A fact that is a text. Throws std::out_of_range when there is none of that name.
  [[nodiscard]] const std::string& text(std::string_view name) const;
  /// Facts within one: those of "hyperparameters". Throws std::out_of_range.
  [[nodiscard]] const std::vector<Fact>& facts_of(std::string_view name) const;
};

/// How a group ended.
struct Ending {
  Status status = Status::max_steps;
  std::uint64_t steps = 0;      ///< updates done
  std::string coordinate = {};  ///< with no_gradient: the first one in which f had no finite gradient
  std::string reason = {};      ///< of what is no number, where it is known: "the matrix is singular in solve(H, g)"
  /// "at_most ended the loop after 50 rounds in fa > fx, first in update 3"; empty: no loop came to its limit
  std::string limit = {};
  /// The last point's distance from the start, as a share of the start's from the nearest known minimizer; NaN:
  /// unknown.
  double way = std::numeric_limits<double>::quiet_NaN();
};

/// Where the values of one column of a block are.
struct Values {
  enum class Encoding : unsigned char {
    absent,    ///< nowhere: this function has no such coordinate
    constant,  ///< the same in each row
    flat,      ///< in Block::numbers: that of row r at offset + r * stride
  };
  Encoding encoding = Encoding::absent;
  double constant = std::numeric_limits<double>::quiet_NaN();
  std::size_t offset = 0;
  std::size_t stride = 0;
};

/// Consecutive rows of a table.
struct Block {
  std::size_t rows = 0;
  std::shared_ptr<const std::vector<Values>> columns;  ///< one per column of the schema; blocks may share them
  std::vector<double> numbers;                         ///< of the flat columns
  std::shared_ptr<const Group> group;                  ///< what the rows belong to; null in a table without groups
  bool begins = false;                                 ///< with the first row of its group, or else of the table
  std::optional<Ending> ending;                        ///< set when the block has the last row of its group

  /// A value; NaN in an absent column.
  [[nodiscard]] double at(std::size_t column, std::size_t row) const {
    const Values& values = (*columns)[column];
    return values.encoding == Values::Encoding::flat ? numbers[values.offset + row * values.stride] : values.constant;
  }
};

/// Columns whose values stand row by row in Block::numbers, `columns` of them in each row.
std::shared_ptr<const std::vector<Values>> row_major(std::size_t columns);

/// A table small enough for memory: of results, not of steps.
struct Table {
  Schema schema;
  std::vector<double> numbers;  ///< row by row

  /// Its rows as one block.
  [[nodiscard]] Block block() const;
};

}  // namespace optexplore
