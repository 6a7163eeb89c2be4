#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <memory>
#include <optexplore/table.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "os/sink.hpp"
#include "output/format.hpp"
#include "output/write.hpp"

namespace optexplore::output::samples {

inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();
inline constexpr double inf = std::numeric_limits<double>::infinity();

using Blocks = std::vector<Block>;
using Kind = Column::Kind;

/// A table as it comes: its schema and blocks.
struct Sample {
  Schema schema;
  Blocks blocks;
};

/// Trajectories with the columns optimizer, step, x, y, f.
inline Schema trajectories(std::vector<std::string> labels) {
  Schema schema;
  schema.columns = {{"optimizer", Kind::text, std::move(labels), true}, {"step", Kind::integer}, {"x"}, {"y"}, {"f"}};
  schema.grouped = true;
  schema.head = {{"function", R"({"name":"f"})"}, {"steps", "2"}};
  return schema;
}

inline std::shared_ptr<Group> group(std::uint64_t number, const std::string& label) {
  auto made = std::make_shared<Group>();
  made->number = number;
  made->title = label;
  made->facts = {{"optimizer", label}, {"type", "sgd"}, {"hyperparameters", std::vector<Fact>{{"lr", 0.95}}}};
  return made;
}

inline Values constant(double value) { return {Values::Encoding::constant, value, 0, 0}; }
inline Values flat(std::size_t offset, std::size_t stride) { return {Values::Encoding::flat, nan, offset, stride}; }

/// One trajectory in a block: of optimizer `label` (a number); `rows` hold step, x, y, f.
inline Block trajectory(std::shared_ptr<Group> of, double label, const std::vector<std::vector<double>>& rows,
                        Status status = Status::max_steps) {
  Block block;
  block.rows = rows.size();
  block.columns = std::make_shared<std::vector<Values>>(
      std::vector<Values>{constant(label), flat(0, 4), flat(1, 4), flat(2, 4), flat(3, 4)});
  for (const auto& row : rows) block.numbers.insert(block.numbers.end(), row.begin(), row.end());
  block.group = std::move(of);
  block.begins = true;
  block.ending = Ending{status, rows.size() - 1};
  return block;
}

inline const std::string awkward_label = "a,\"b\"\né|";

/// Two short trajectories: an ordinary one, and one with an awkward label that diverges.
inline Sample two_trajectories() {
  return {trajectories({"sgd", awkward_label}),
          {trajectory(group(0, "sgd"), 0, {{0, -7, 2, 0.1}, {1, 0.1, 1e-8, 1e22}, {2, 0.5, -0.25, 3}}),
           trajectory(group(1, awkward_label), 1, {{0, -7, 2, 1.0 / 3}, {1, inf, -inf, -nan}}, Status::diverged)}};
}

/// Rows without groups, in two blocks: an optimizer's label, a number of runs, a status that changes from row to row,
/// and a column that the second block lacks.
inline Sample results() {
  Sample sample;
  sample.schema.columns = {{"optimizer", Kind::text, {"sgd", "a\"b"}},
                           {"run", Kind::integer},
                           {"status", Kind::text, {"max_steps", "diverged"}},
                           {"x_1"},
                           {"y"}};
  Block first;
  first.begins = true;
  first.rows = 3;
  first.columns = std::make_shared<std::vector<Values>>(
      std::vector<Values>{constant(0), flat(0, 4), flat(1, 4), flat(2, 4), flat(3, 4)});
  first.numbers = {1, 0, 0.5, 2, 2, 1, -inf, 1e300, 3, 0, nan, 12.25};
  Block second;
  second.rows = 2;
  second.columns = std::make_shared<std::vector<Values>>(
      std::vector<Values>{constant(1), flat(0, 3), flat(1, 3), flat(2, 3), Values{}});
  second.numbers = {4, 1, -1e-8, 5, 0, 7};
  sample.blocks = {first, second};
  return sample;
}

/// Three lines of two points.
inline Sample grid() {
  Sample sample;
  sample.schema.columns = {{"x"}, {"y"}, {"f"}};
  sample.schema.line = 2;
  Block block;
  block.begins = true;
  block.rows = 6;
  block.columns = row_major(3);
  block.numbers = {0, 0, 1, 1, 0, 2, 0, 5, 3, 1, 5, inf, 0, 9, 5, 1, 9, 6};
  sample.blocks = {block};
  return sample;
}

/// The same rows in blocks of at most `rows`.
inline Blocks recut(const Blocks& blocks, std::size_t rows) {
  Blocks result;
  for (const Block& block : blocks)
    for (std::size_t first = 0; first < block.rows; first += rows) {
      Block part = block;
      part.rows = std::min(rows, block.rows - first);
      auto columns = std::make_shared<std::vector<Values>>(*block.columns);
      for (Values& values : *columns) values.offset += first * values.stride;
      part.columns = std::move(columns);
      part.begins = block.begins && first == 0;
      if (first + part.rows < block.rows) part.ending.reset();
      result.push_back(std::move(part));
    }
  return result;
}

/// The same blocks with the values of each column, constant ones too, one after another.
inline Blocks flattened(Blocks blocks) {
  for (Block& block : blocks) {
    auto columns = std::make_shared<std::vector<Values>>(*block.columns);
    std::vector<double> numbers;
    for (std::size_t c = 0; c < columns->size(); ++c) {
      Values& values = (*columns)[c];
      if (values.encoding == Values::Encoding::absent) continue;
      values = flat(numbers.size(), 1);
      for (std::size_t r = 0; r < block.rows; ++r) numbers.push_back(block.at(c, r));
    }
    block.columns = std::move(columns);
    block.numbers = std::move(numbers);
  }
  return blocks;
}

inline BlockSource source(Blocks blocks) {
  return [blocks = std::move(blocks), next = std::size_t{0}]() mutable -> std::optional<Block> {
    if (next == blocks.size()) return std::nullopt;
    return blocks[next++];
  };
}

/// What a format makes of these blocks.
inline std::string written(const std::string& format, const Sample& sample, const WriteOptions& options = {},
                           unsigned jobs = 1) {
  os::StringSink sink;
  const auto writer = make_writer(format, sample.schema, options);
  write_all(source(sample.blocks), *writer, sink, jobs);
  return sink.text;
}

}  // namespace optexplore::output::samples
