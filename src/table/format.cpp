#include "table/format.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <optexplore/error.hpp>
#include <string_view>
#include <utility>

#include "table/formats.hpp"
#include "text/suggest.hpp"

namespace optexplore::table {
namespace {

struct Row {
  std::string_view name;
  std::array<std::string_view, 3> extensions;
  std::unique_ptr<Format> (*make)(Document);
};

/// A new format is one source file and one row here.
constexpr Row formats[] = {
    {"csv", {".csv"}, make_csv},
    {"tsv", {".tsv", ".tab"}, make_tsv},
    {"json", {".json"}, make_json},
    {"jsonl", {".jsonl", ".ndjson"}, make_jsonl},
    {"gnuplot", {".dat", ".gnuplot", ".gp"}, make_gnuplot},
    {"npy", {".npy"}, make_npy},
};

/// Formats whose layout of rows without trajectories is another one.
constexpr Row table_formats[] = {
    {"json", {}, make_table_json},
    {"gnuplot", {}, make_table_gnuplot},
};

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

}  // namespace

void fail_unknown_format(const std::string& name, const std::vector<std::string>& known) {
  std::string expected;
  for (const std::string& format : known) expected += (expected.empty() ? "" : ", ") + format;
  throw InputError("unknown format '" + name + "'; expected one of " + expected + text::did_you_mean(name, known));
}

std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const Row& row : formats) names.emplace_back(row.name);
  return names;
}

std::optional<std::string> format_of_extension(const std::string& path) {
  const std::string extension = lower(std::filesystem::path(path).extension().string());
  if (extension.empty()) return std::nullopt;
  for (const Row& row : formats) {
    if (std::ranges::find(row.extensions, extension) != row.extensions.end()) {
      return std::string(row.name);
    }
  }
  return std::nullopt;
}

std::unique_ptr<Format> make_format(const std::string& name, Document document) {
  for (const Row& row : formats) {
    if (row.name == name) return row.make(std::move(document));
  }
  fail_unknown_format(name, format_names());
}

std::vector<std::string> table_format_names(bool grid) {
  std::vector<std::string> names = format_names();
  if (grid) names.emplace_back("matrix");
  return names;
}

std::unique_ptr<Format> make_table_format(const std::string& name, Document document) {
  const bool grid = document.line != 0;
  if (grid && name == "matrix") return make_matrix(std::move(document));
  for (const Row& row : table_formats)
    if (row.name == name) return row.make(std::move(document));
  for (const Row& row : formats)
    if (row.name == name) return row.make(std::move(document));
  fail_unknown_format(name, table_format_names(grid));
}

std::shared_ptr<const TrajectoryInfo> no_trajectory(std::size_t columns) {
  auto info = std::make_shared<TrajectoryInfo>();
  info->present.assign(columns, true);
  return info;
}

}  // namespace optexplore::table
