#include "study/frames.hpp"

#include <algorithm>
#include <utility>

namespace optexplore::study {

using program::NodeId;

Frames::Frames(program::Graph& graph) : graph_(graph) { frames_.push_back({{}, {}, {}, none()}); }

Counts Frames::none() const {
  const NodeId zero = graph_.constant(0.0);
  return {zero, zero, zero};
}

/// Counts are exact, whatever format the graph has.
NodeId Frames::sum(NodeId a, NodeId b) const {
  const program::InFormat exact(graph_, std::nullopt);
  return graph_.add(a, b);
}

void Frames::ask(Question question, NodeId answer) {
  if (std::ranges::any_of(frames_, [&](const Frame& frame) { return frame.asked.contains(answer); })) return;
  // What a loop doesn't change is computed once, before it. What a branch asks for first is asked only there, even if
  // something else has it.
  const auto belongs = [&](const program::Part& part) {
    if (std::ranges::find(part.outside, answer) != part.outside.end()) return false;
    return !part.repeats || program::inside(graph_, part, answer);
  };
  std::size_t level = frames_.size() - 1;
  while (level > 0 && !belongs(frames_[level].part)) --level;
  Frame& frame = frames_[level];
  frame.asked.insert(answer);
  NodeId& count = frame.counts[static_cast<std::size_t>(question)];
  count = sum(count, graph_.constant(1.0));
}

void Frames::keep_outside(NodeId node) {
  frames_.front().here.insert(node);
  for (Frame& frame : frames_) frame.part.outside.push_back(node);
}

void Frames::open(bool repeats, std::vector<NodeId> own, NodeId begin) {
  program::Part part{begin, repeats, std::move(own), closed_, {}};
  for (const Frame& frame : frames_) part.outside.insert(part.outside.end(), frame.here.begin(), frame.here.end());
  frames_.push_back({std::move(part), {}, {}, none()});
}

program::Part Frames::close() {
  program::Part part = std::move(frames_.back().part);
  frames_.pop_back();
  while (!closed_.empty() && closed_.back().first >= part.begin) closed_.pop_back();
  closed_.emplace_back(part.begin, static_cast<NodeId>(graph_.size()));
  return part;
}

void Frames::keep_here(std::span<const NodeId> nodes) { frames_.back().here.insert(nodes.begin(), nodes.end()); }

Counts Frames::take_counts() { return std::exchange(frames_.back().counts, none()); }

void Frames::add(const Counts& counts) {
  for (std::size_t k = 0; k < counts.size(); ++k) frames_.back().counts[k] = sum(frames_.back().counts[k], counts[k]);
}

}  // namespace optexplore::study
