#include "program/meanings.hpp"

#include <algorithm>
#include <bit>

namespace optexplore::program {
namespace {

constexpr std::uint64_t end_of_list = ~std::uint64_t{0};

}  // namespace

Meanings::Meaning Meanings::of(std::vector<std::uint64_t> key) {
  return numbers_.try_emplace(std::move(key), numbers_.size()).first->second;
}

Meanings::Meaning Meanings::of(const Graph& graph, NodeId root, const Inputs& inputs) {
  std::vector<char> needed(root + 1, 0);
  needed[root] = 1;
  for (NodeId id = root + 1; id-- > 0;)
    if (needed[id] != 0)
      for (const NodeId arg : graph[id].args) needed[arg] = 1;
  std::vector<Meaning> meanings(root + 1, 0);
  for (NodeId id = 0; id <= root; ++id) {
    if (needed[id] == 0) continue;
    meanings[id] = graph[id].op == language::Op::input ? inputs.at(id) : of_node(graph[id], meanings);
  }
  return meanings[root];
}

Meanings::Meaning Meanings::of_node(const Node& node, const std::vector<Meaning>& meanings) {
  std::vector<Meaning> args;
  for (const NodeId arg : node.args) args.push_back(meanings[arg]);
  if (commutative(node.op)) std::ranges::sort(args);
  std::vector<std::uint64_t> key = {
      static_cast<std::uint64_t>(node.op),     node.shape.length, node.shape.columns, node.aux, node.aux2,
      std::bit_cast<std::uint64_t>(node.value)};
  key.insert(key.end(), args.begin(), args.end());
  key.push_back(end_of_list);
  if (node.data)
    for (const double value : *node.data) key.push_back(std::bit_cast<std::uint64_t>(value));
  if (node.body) key.push_back(of_body(*node.body));
  if (node.otherwise) key.push_back(of_body(*node.otherwise));
  return of(std::move(key));
}

Meanings::Meaning Meanings::of_body(const Body& body) {
  // Keys of nodes begin with an Op; these begin with what none has.
  constexpr std::uint64_t first_free = 1000;
  Inputs inputs;
  if (body.index != no_node) inputs[body.index] = of({first_free});
  for (std::size_t i = 0; i < body.captured.size(); ++i) inputs[body.captured[i]] = of({first_free + 1, i});
  for (std::size_t i = 0; i < body.carried.size(); ++i) inputs[body.carried[i]] = of({first_free + 2, i});
  std::vector<std::uint64_t> key = {first_free + 3, body.captured.size()};
  for (const NodeId id : body.next) key.push_back(of(body.graph, id, inputs));
  key.push_back(body.test == no_node ? end_of_list : of(body.graph, body.test, inputs));
  for (const NodeId id : body.stacked) key.push_back(of(body.graph, id, inputs));
  return of(std::move(key));
}

}  // namespace optexplore::program
