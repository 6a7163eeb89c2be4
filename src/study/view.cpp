#include "study/view.hpp"

#include <algorithm>

#include "experiment/blocks.hpp"

namespace optexplore::study {

using program::NodeId;

View::View(const PointBlock& block) : View(std::span(&block, 1)) {
  block_ = block.name;
  shape_ = experiment::shape_of(block);
}

View::View(std::span<const PointBlock> blocks) : blocks_(blocks.begin(), blocks.end()) {
  for (const PointBlock& block : blocks) {
    const auto offset = static_cast<std::uint32_t>(block.offset), length = static_cast<std::uint32_t>(block.size());
    shape_.length += length;
    if (!ranges_.empty() && ranges_.back().offset + ranges_.back().length == offset)
      ranges_.back().length += length;
    else
      ranges_.push_back({offset, length});
  }
}

NodeId View::of(program::Graph& graph, NodeId point) const {
  std::vector<NodeId> parts;
  for (const Range& range : ranges_) parts.push_back(graph.slice(point, range.offset, range.length));
  return graph.reshape(graph.concat(parts), shape_);
}

NodeId View::replaced(program::Graph& graph, NodeId point, std::span<const std::pair<const View*, NodeId>> values) {
  struct Piece {
    Range range;
    NodeId value;
  };
  std::vector<Piece> pieces;
  for (const auto& [view, value] : values) {
    const NodeId all = graph.concat(std::span(&value, 1));
    std::uint32_t begin = 0;
    for (const Range& range : view->ranges_) {
      pieces.push_back({range, graph.slice(all, begin, range.length)});
      begin += range.length;
    }
  }
  std::ranges::sort(pieces, {}, [](const Piece& piece) { return piece.range.offset; });
  std::vector<NodeId> parts;
  std::uint32_t done = 0;
  const auto keep_until = [&](std::uint32_t offset) {
    if (offset > done) parts.push_back(graph.slice(point, done, offset - done));
  };
  for (const Piece& piece : pieces) {
    keep_until(piece.range.offset);
    parts.push_back(piece.value);
    done = piece.range.offset + piece.range.length;
  }
  keep_until(graph.shape(point).length);
  return graph.concat(parts);
}

}  // namespace optexplore::study
