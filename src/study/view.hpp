#pragma once

#include <cstdint>
#include <optexplore/experiment.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "program/graph.hpp"

namespace optexplore::study {

/// What a rule sees of a point as its x: one block in the block's shape, or several as one vector.
class View {
 public:
  /// One block. A block of one coordinate that is no vector is a number.
  explicit View(const PointBlock& block);
  /// Several, which are ascending.
  explicit View(std::span<const PointBlock> blocks);

  [[nodiscard]] program::Shape shape() const { return shape_; }
  [[nodiscard]] unsigned rank() const { return shape_.scalar() ? 0 : shape_.matrix() ? 2 : 1; }
  /// The name of the block; empty for several.
  [[nodiscard]] const std::string& block() const { return block_; }
  [[nodiscard]] const std::vector<PointBlock>& blocks() const { return blocks_; }

  /// The view of a point.
  program::NodeId of(program::Graph& graph, program::NodeId point) const;

  /// A point with what the views see replaced by values of their shapes. They don't overlap.
  static program::NodeId replaced(program::Graph& graph, program::NodeId point,
                                  std::span<const std::pair<const View*, program::NodeId>> values);

 private:
  struct Range {
    std::uint32_t offset;
    std::uint32_t length;
  };
  std::string block_;
  std::vector<PointBlock> blocks_;
  program::Shape shape_;
  std::vector<Range> ranges_;  ///< of the point's coordinates, no two of them in touch
};

}  // namespace optexplore::study
