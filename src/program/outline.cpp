#include "program/outline.hpp"

#include <algorithm>
#include <iterator>
#include <unordered_map>

namespace optexplore::program {
namespace {

using language::Op;

enum class Place : unsigned char { unknown, outside, inside };

/// What may go wrong, what is drawn anew each time, and what may take long stays where it was written: a loop that is
/// not entered must not come to it.
bool stays(Op op) {
  switch (op) {
    case Op::random:
    case Op::index:
    case Op::solve:
    case Op::cholesky:
    case Op::qr_q:
    case Op::eigvals:
    case Op::eigvecs:
    case Op::loop:
    case Op::branch: return true;
    default: return false;
  }
}

/// Where the nodes belong that some others need.
class Places {
 public:
  Places(const Graph& graph, const Part& part) : graph_(graph), part_(part) {
    for (const NodeId id : part.own) places_[id] = Place::inside;
    for (const NodeId id : part.outside) places_[id] = Place::outside;
  }

  Place of(NodeId root) {
    std::vector<NodeId> pending{root};
    while (!pending.empty()) {
      const NodeId id = pending.back();
      if (known(id) != Place::unknown) {
        pending.pop_back();
        continue;
      }
      const std::size_t before = pending.size();
      for (const NodeId arg : graph_[id].args)
        if (known(arg) == Place::unknown) pending.push_back(arg);
      if (pending.size() == before) places_[id] = decide(graph_[id]);
    }
    return known(root);
  }

 private:
  [[nodiscard]] Place known(NodeId id) const {
    if (const auto found = places_.find(id); found != places_.end()) return found->second;
    const Op op = graph_[id].op;
    const bool before = id < part_.begin && !is_elsewhere(id);
    return before || op == Op::constant || op == Op::input ? Place::outside : Place::unknown;
  }

  [[nodiscard]] bool is_elsewhere(NodeId id) const {
    const auto after = std::ranges::upper_bound(part_.elsewhere, id, {}, &std::pair<NodeId, NodeId>::first);
    return after != part_.elsewhere.begin() && id < std::prev(after)->second;
  }

  [[nodiscard]] Place decide(const Node& node) const {
    if (!part_.repeats || stays(node.op)) return Place::inside;
    const auto in = [this](NodeId arg) { return known(arg) == Place::inside; };
    return std::ranges::any_of(node.args, in) ? Place::inside : Place::outside;
  }

  const Graph& graph_;
  const Part& part_;
  std::unordered_map<NodeId, Place> places_;  ///< asked for, never gone through
};

}  // namespace

bool inside(const Graph& graph, const Part& part, NodeId node) { return Places(graph, part).of(node) == Place::inside; }

Outlines take_out(const Graph& graph, const Part& part, std::span<const std::vector<NodeId>> results) {
  Places places(graph, part);
  Outlines all;
  std::vector<std::vector<NodeId>> inner(results.size());  // ascending, so arguments come first
  for (std::size_t k = 0; k < results.size(); ++k) {
    std::vector<bool> seen(graph.size(), false);
    std::vector<NodeId> pending = results[k];
    while (!pending.empty()) {
      const NodeId id = pending.back();
      pending.pop_back();
      if (seen[id]) continue;
      seen[id] = true;
      if (places.of(id) == Place::inside) {
        if (std::ranges::find(part.own, id) != part.own.end()) continue;
        inner[k].push_back(id);
        pending.insert(pending.end(), graph[id].args.begin(), graph[id].args.end());
      } else if (graph.is_constant(id)) {
        inner[k].push_back(id);
      } else {
        all.captured.push_back(id);
      }
    }
    std::ranges::sort(inner[k]);
  }
  std::ranges::sort(all.captured);
  all.captured.erase(std::unique(all.captured.begin(), all.captured.end()), all.captured.end());
  for (std::size_t k = 0; k < results.size(); ++k) {
    Outline outline{std::make_shared<Body>(), {}, {}};
    Graph& own = outline.body->graph;
    std::vector<NodeId> image(graph.size(), no_node);
    for (const NodeId id : all.captured) {
      image[id] = own.input(graph.shape(id));
      outline.body->captured.push_back(image[id]);
    }
    for (const NodeId id : part.own) {
      image[id] = own.input(graph.shape(id));
      outline.own.push_back(image[id]);
    }
    for (const NodeId id : inner[k]) {
      std::vector<NodeId> args = graph[id].args;
      for (NodeId& arg : args) arg = image[arg];
      image[id] = own.adopt(graph[id], std::move(args));
    }
    for (const NodeId id : results[k]) outline.results.push_back(image[id]);
    all.outlines.push_back(std::move(outline));
  }
  return all;
}

}  // namespace optexplore::program
