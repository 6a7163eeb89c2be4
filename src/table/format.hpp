#pragma once

#include <memory>
#include <optexplore/run.hpp>
#include <optional>
#include <string>
#include <vector>

#include "os/sink.hpp"

namespace optexplore::table {

struct FormatOptions {
  bool header = true;            ///< csv, tsv: write the line of column names
  std::optional<int> precision;  ///< significant digits 1…17; none: shortest text that reads back
};

/// What a format knows before the first row.
struct Document {
  const Experiment* experiment = nullptr;
  std::vector<ColumnInfo> columns;
  FormatOptions options;
  std::size_t line = 0;         ///< of a grid: points in a line; 0 for other rows
  bool columns_chosen = false;  ///< the user named them
};

/// A RowBlock turned into text (or bytes), without its numbers.
struct Piece {
  RowBlock block;                  ///< values emptied
  std::vector<std::string> parts;  ///< one for row-wise formats; one per column for columnar ones
};

/// One output format. render() may run on several threads at once; begin(), write() and end() run on one
/// thread at a time and see the pieces in output order.
class Format {
 public:
  virtual ~Format() = default;
  virtual void begin(os::Sink& sink) = 0;
  [[nodiscard]] virtual Piece render(RowBlock block) const = 0;
  virtual void write(Piece piece, os::Sink& sink) = 0;
  virtual void end(os::Sink& sink) = 0;
};

/// Names of all formats, in the order of the help text.
std::vector<std::string> format_names();

/// The format that a file name's extension means (".csv" → csv, ".dat" → gnuplot …), if any.
std::optional<std::string> format_of_extension(const std::string& path);

/// Throws InputError that lists the formats and names the nearest one.
[[noreturn]] void fail_unknown_format(const std::string& name, const std::vector<std::string>& known);

/// Throws InputError naming the nearest format when there is none of that name.
std::unique_ptr<Format> make_format(const std::string& name, Document document);

/// The same for rows that belong to no trajectory: the points of a grid, one row per run. Document::experiment is not
/// needed. A grid has one more format, "matrix": gnuplot's nonuniform matrix.
std::vector<std::string> table_format_names(bool grid);
std::unique_ptr<Format> make_table_format(const std::string& name, Document document);

/// What the blocks of such rows give for a trajectory.
std::shared_ptr<const TrajectoryInfo> no_trajectory(std::size_t columns);

}  // namespace optexplore::table
