#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "output/writer.hpp"

namespace optexplore::output {

/// One format. Any table can be written in any of them, except where `refusal` says no.
struct Format {
  std::string_view name;
  std::array<std::string_view, 3> extensions;
  std::unique_ptr<Writer> (*make)(const Schema&, const WriteOptions&);
  bool (*has_header)(const Schema&);  ///< whether there is a line of column names that can be left out
  bool has_digits;                    ///< whether numbers are text
  /// Why such a table can't be written, or an empty text; null: every table can.
  std::string (*refusal)(const Schema&);
  bool for_grids;  ///< makes sense for grids only, and is listed for them only
};

/// Names of the formats, in the order of the help text.
std::vector<std::string> format_names(bool grid = false);

/// The format that a file name's extension means (".csv" → csv, ".dat" → gnuplot …), if any.
std::optional<std::string> format_of_extension(const std::string& path);

/// The format of an output that goes there: csv for a name without an extension. Throws InputError for one that means
/// nothing.
std::string format_of_path(const std::string& path);

/// Throws InputError that lists the formats and names the nearest one.
[[noreturn]] void fail_unknown_format(const std::string& name, const std::vector<std::string>& known);

/// The format of that name. Throws InputError when there is none, or when it can't hold such a table.
const Format& find_format(const std::string& name, const Schema& schema);

/// Throws as find_format() does.
std::unique_ptr<Writer> make_writer(const std::string& format, const Schema& schema, const WriteOptions& options = {});

}  // namespace optexplore::output
