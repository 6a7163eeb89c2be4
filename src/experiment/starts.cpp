#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "catalog/entries.hpp"
#include "experiment/block_starts.hpp"
#include "experiment/read.hpp"
#include "language/ast.hpp"
#include "text/pattern.hpp"
#include "text/place.hpp"
#include "text/wrap.hpp"

namespace optexplore::experiment {
namespace {

constexpr std::uint64_t max_points = (std::uint64_t{1} << 53) - 1;

struct Noun {
  const char* singular;
  const char* plural;
};
constexpr Noun number{"number", "numbers"};
constexpr Noun axis_noun{"axis", "axes"};
constexpr Noun interval_noun{"interval", "intervals"};
constexpr Noun pair_noun{"pair", "pairs"};

/// "2 numbers (x, y)", "10 numbers (x1 … x10)"
std::string expected_numbers(const FunctionSpec& function, const Noun& what) {
  std::string names;
  if (function.dim <= 6)
    for (std::size_t i = 0; i < function.dim; ++i) names += (names.empty() ? "" : ", ") + function.coordinate(i);
  else
    names = function.coordinate(0) + " … " + function.coordinate(function.dim - 1);
  return std::to_string(function.dim) + " " + (function.dim == 1 ? what.singular : what.plural) + " (" + names + ")";
}

/// Something per coordinate must fit every function.
void check_dims(const Cursor& cursor, std::size_t length, const std::vector<FunctionSpec>& functions,
                const Noun& what) {
  for (const FunctionSpec& function : functions)
    if (length != function.dim)
      cursor.fail("expected " + expected_numbers(function, what) +
                  (functions.size() > 1 ? " for " + function.entry.name : "") + ", found " + std::to_string(length));
}

/// The values of a point's blocks, in order: [[[1, 2], [3, 4]], [0, 0]]; or the rows of the only one.
std::vector<double> read_nested_point(const Cursor& cursor, const std::vector<FunctionSpec>& functions) {
  std::vector<double> point;
  for (const FunctionSpec& function : functions) {
    const std::vector<PointBlock> blocks = start_blocks(function);
    std::vector<Cursor> values = cursor.elements();
    if (blocks.size() == 1 && blocks.front().rank == 2) values = {cursor};
    if (values.size() != blocks.size()) {
      std::vector<std::string> names;
      for (const PointBlock& block : blocks) names.push_back(block.name);
      cursor.fail("expected a value for each block of " + function.entry.name + " (" + text::join(names, ", ") +
                  "), found " + std::to_string(values.size()));
    }
    StartSpec start;
    for (std::size_t k = 0; k < blocks.size(); ++k)
      start.blocks.push_back({blocks[k].name, catalog::read_parameter(values[k]), values[k].place()});
    std::vector<double> own = block_start(start, function, {});
    if (!point.empty() && own != point)
      cursor.fail("the functions have different blocks; give each block by its name, as in {\"W\": 1, \"b\": 0}");
    point = std::move(own);
  }
  return point;
}

StartSpec read_block_values(const Cursor& blocks) {
  StartSpec start;
  start.kind = StartSpec::Kind::blocks;
  for (const std::string& name : blocks.keys()) {
    const Cursor value = blocks.member(name);
    std::variant<Parameter, Formula> read;
    if (value.is_string())
      read = catalog::read_text<Formula>(value);
    else
      read = catalog::read_parameter(value);
    start.blocks.push_back({name, std::move(read), value.place()});
  }
  if (start.blocks.empty()) blocks.fail("expected a block's name, and where it begins");
  return start;
}

/// One point of several: {"W": 1, "b": 0} without draws.
std::vector<double> read_named_point(const Cursor& cursor, const std::vector<FunctionSpec>& functions) {
  const StartSpec start = read_block_values(cursor);
  text::with_place([&] { return cursor.place(); }, [&] { check_block_starts(start, functions); });
  std::vector<double> point;
  for (const FunctionSpec& function : functions) {
    std::vector<double> own = block_start(start, function, [&](auto...) -> double {
      cursor.fail("a start with draws stands alone: {\"blocks\": {…}, \"count\": 3}");
    });
    if (!point.empty() && own != point) cursor.fail("the functions have different blocks; give one start by blocks");
    point = std::move(own);
  }
  return point;
}

std::vector<double> read_start_point(const Cursor& cursor, const std::vector<FunctionSpec>& functions) {
  const auto is_list = [](const Cursor& element) { return element.is_array(); };
  if (cursor.is_object()) return read_named_point(cursor, functions);
  if (cursor.is_array() && std::ranges::any_of(cursor.elements(), is_list)) return read_nested_point(cursor, functions);
  std::vector<double> point = catalog::read_point(cursor);
  if (cursor.is_array()) {
    check_dims(cursor, point.size(), functions, number);
    return point;
  }
  // One number stands for every coordinate of a vector; for named coordinates it is a slip.
  for (const FunctionSpec& function : functions)
    if (function.dim != 1 && function.entry.definition.tree().of_numbers()) check_dims(cursor, 1, functions, number);
  return point;
}

StartSpec read_points(const Cursor& cursor, const std::vector<FunctionSpec>& functions) {
  StartSpec start;
  start.kind = StartSpec::Kind::points;
  for (const Cursor& point : cursor.elements()) start.points.push_back(read_start_point(point, functions));
  if (start.points.empty()) cursor.fail("expected at least one point");
  return start;
}

StartSpec read_grid(const Cursor& cursor, const std::vector<FunctionSpec>& functions) {
  StartSpec start;
  start.kind = StartSpec::Kind::grid;
  std::uint64_t total = 1;
  const std::vector<Cursor> axes = cursor.elements();
  for (const Cursor& axis : axes) {
    if (!axis.is_array() || axis.json().size() != 3) axis.fail("expected [low, high, number of points]");
    const std::vector<Cursor> parts = axis.elements();
    const Interval interval{catalog::read_number(parts[0]), catalog::read_number(parts[1])};
    const std::uint64_t count = parts[2].whole(1);
    if (count == 1 && interval.low != interval.high) axis.fail("one point on an axis needs low = high");
    if (total > max_points / count) cursor.fail("the grid has more than 2^53 points");
    total *= count;
    start.box.push_back(interval);
    start.counts.push_back(count);
  }
  check_dims(cursor, axes.size(), functions, axis_noun);
  return start;
}

StartSpec read_uniform(const Cursor& cursor, const Cursor& whole, const std::vector<FunctionSpec>& functions) {
  StartSpec start;
  start.kind = StartSpec::Kind::uniform;
  for (const Cursor& interval : cursor.elements()) start.box.push_back(catalog::read_interval(interval));
  check_dims(cursor, start.box.size(), functions, interval_noun);
  if (const auto count = whole.find("count")) start.count = count->whole(1);
  return start;
}

StartSpec read_normal(const Cursor& cursor, const Cursor& whole, const std::vector<FunctionSpec>& functions) {
  StartSpec start;
  start.kind = StartSpec::Kind::normal;
  for (const Cursor& pair : cursor.elements()) {
    if (!pair.is_array() || pair.json().size() != 2) pair.fail("expected [mean, standard deviation]");
    const std::vector<double> numbers = catalog::read_numbers(pair);
    if (!(numbers[1] > 0)) pair.fail("expected a standard deviation above 0");
    start.normal.push_back({numbers[0], numbers[1]});
  }
  check_dims(cursor, start.normal.size(), functions, pair_noun);
  if (const auto count = whole.find("count")) start.count = count->whole(1);
  return start;
}

StartSpec read_blocks(const Cursor& blocks, const Cursor* whole, const std::vector<FunctionSpec>& functions) {
  if (whole == nullptr && blocks.has("count"))
    blocks.fail_key("count", "'count' needs the blocks apart: {\"blocks\": {…}, \"count\": 3}");
  StartSpec start = read_block_values(blocks);
  if (whole != nullptr)
    if (const auto count = whole->find("count")) start.count = count->whole(1);
  text::with_place([&] { return blocks.place(); }, [&] { check_block_starts(start, functions); });
  return start;
}

StartSpec read_domain_start(const Cursor& cursor, const std::vector<FunctionSpec>& functions) {
  StartSpec start;
  start.kind = StartSpec::Kind::domain;
  start.count = cursor.whole(1);
  for (const FunctionSpec& function : functions)
    if (function.entry.domain.empty())
      cursor.fail("the function " + function.entry.name + " has no domain; give it one, or use {\"uniform\": …}");
  return start;
}

constexpr std::array kinds_of_starts = {"points", "grid", "uniform", "normal", "domain", "blocks"};

/// Whether an object's keys are names of blocks, and no kind of start: {"W": "randn()", "b": 0}.
bool names_blocks(const Cursor& cursor, const std::vector<FunctionSpec>& functions) {
  if (std::ranges::any_of(kinds_of_starts, [&](const char* key) { return cursor.has(key); })) return false;
  return std::ranges::any_of(functions, [&](const FunctionSpec& function) {
    const std::vector<PointBlock> blocks = start_blocks(function);
    if (function.blocks().size() > 1) return true;
    return std::ranges::any_of(cursor.keys(), [&](const std::string& key) {
      return std::ranges::any_of(blocks, [&](const PointBlock& block) { return text::matches(key, block.name); });
    });
  });
}

}  // namespace

std::optional<std::size_t> start_length(const Cursor& cursor) {
  const auto size_of = [](const Cursor& list) -> std::optional<std::size_t> {
    return list.is_array() && !list.json().empty() ? std::optional(list.json().size()) : std::nullopt;
  };
  if (!cursor.is_object()) {
    const bool nested = cursor.is_array() && !cursor.json().empty() && cursor.json().front().is_array();
    return nested ? std::nullopt : size_of(cursor);
  }
  for (const char* key : {"grid", "uniform", "normal"})
    if (const auto found = cursor.find(key)) return size_of(*found);
  const auto points = cursor.find("points");
  return points && size_of(*points) ? size_of(points->elements().front()) : std::nullopt;
}

StartSpec read_start(const Cursor& cursor, const std::vector<FunctionSpec>& functions) {
  if (!cursor.is_object()) {
    if (!cursor.is_array() && !cursor.is_number() && !cursor.is_string())
      cursor.fail_expected("a point such as [-7, 2], or an object with points, grid, uniform, normal or domain");
    StartSpec start;
    start.kind = StartSpec::Kind::points;
    start.points.push_back(read_start_point(cursor, functions));
    return start;
  }
  if (names_blocks(cursor, functions)) return read_blocks(cursor, nullptr, functions);
  cursor.check_keys({"points", "grid", "uniform", "normal", "domain", "blocks", "count"});
  int kinds = 0;
  for (const char* key : kinds_of_starts) kinds += cursor.has(key) ? 1 : 0;
  if (kinds != 1) cursor.fail("expected exactly one of points, grid, uniform, normal, domain and blocks");
  if (cursor.has("count") && !cursor.has("uniform") && !cursor.has("normal") && !cursor.has("blocks"))
    cursor.fail_key("count", "'count' goes with 'uniform', 'normal' and 'blocks' only");
  if (const auto blocks = cursor.find("blocks")) return read_blocks(*blocks, &cursor, functions);
  if (const auto points = cursor.find("points")) return read_points(*points, functions);
  if (const auto grid = cursor.find("grid")) return read_grid(*grid, functions);
  if (const auto uniform = cursor.find("uniform")) return read_uniform(*uniform, cursor, functions);
  if (const auto normal = cursor.find("normal")) return read_normal(*normal, cursor, functions);
  return read_domain_start(cursor.member("domain"), functions);
}

}  // namespace optexplore::experiment
