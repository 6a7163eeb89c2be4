#include "output/format.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <optexplore/error.hpp>

#include "os/gzip.hpp"
#include "output/writers.hpp"
#include "text/suggest.hpp"

namespace optexplore::output {
namespace {

bool always(const Schema&) { return true; }
bool never(const Schema&) { return false; }
bool without_groups(const Schema& schema) { return !schema.grouped; }

/// A new format is one source file and one row here.
constexpr Format formats[] = {
    {"csv", {".csv"}, make_csv, always, true, nullptr, false},
    {"tsv", {".tsv", ".tab"}, make_tsv, always, true, nullptr, false},
    {"json", {".json"}, make_json, never, true, nullptr, false},
    {"jsonl", {".jsonl", ".ndjson"}, make_jsonl, never, true, nullptr, false},
    {"gnuplot", {".dat", ".gnuplot", ".gp"}, make_gnuplot, without_groups, true, nullptr, false},
    {"npy", {".npy"}, make_npy, never, false, nullptr, false},
    {"md", {".md", ".markdown"}, make_md, never, true, nullptr, false},
    {"text", {".txt"}, make_text, always, true, nullptr, false},
    {"matrix", {}, make_matrix, never, true, matrix_refusal, true},
};

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

void fail_unknown_format(const std::string& name, const std::vector<std::string>& known) {
  throw InputError("unknown format '" + name + "'; expected one of " + listed(known) + text::did_you_mean(name, known));
}

std::vector<std::string> format_names(bool grid) {
  std::vector<std::string> names;
  for (const Format& format : formats)
    if (grid || !format.for_grids) names.emplace_back(format.name);
  return names;
}

std::optional<std::string> format_of_extension(const std::string& path) {
  const std::string extension = lower(std::filesystem::path(os::without_gzip(path)).extension().string());
  if (extension.empty()) return std::nullopt;
  for (const Format& format : formats)
    if (std::ranges::find(format.extensions, extension) != format.extensions.end()) return std::string(format.name);
  return std::nullopt;
}

std::string format_of_path(const std::string& path) {
  if (const auto format = format_of_extension(path)) return *format;
  const std::string plain = os::without_gzip(path);
  if (std::filesystem::path(plain).extension().empty() || path.starts_with("/dev/")) return "csv";
  std::string endings;
  for (const Format& format : formats)
    if (!format.extensions[0].empty()) endings += (endings.empty() ? "" : " ") + std::string(format.extensions[0]);
  throw InputError("expected a name that ends in one of " + endings + " (or these and .gz), found '" + path +
                   "'; --format names the format of others");
}

const Format& find_format(const std::string& name, const Schema& schema) {
  const auto* const format = std::ranges::find(formats, name, &Format::name);
  const bool grid = schema.line != 0;
  if (format == std::end(formats)) fail_unknown_format(name, format_names(grid));
  if (format->for_grids && !grid)
    throw InputError("the format '" + name + "' is for grids; expected one of " + listed(format_names()));
  const std::string refusal = format->refusal == nullptr ? "" : format->refusal(schema);
  if (!refusal.empty()) throw InputError(refusal);
  return *format;
}

std::unique_ptr<Writer> make_writer(const std::string& format, const Schema& schema, const WriteOptions& options) {
  return find_format(format, schema).make(schema, options);
}

}  // namespace optexplore::output
