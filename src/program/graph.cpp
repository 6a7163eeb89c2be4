#include "program/graph.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <optexplore/error.hpp>
#include <stdexcept>
#include <utility>

#include "program/evaluate.hpp"

namespace optexplore::program {
namespace {

std::size_t combine(std::size_t seed, std::uint64_t value) {
  return static_cast<std::size_t>((seed ^ value) * 0x9E3779B97F4A7C15ULL + (seed >> 29U));
}

std::size_t hash(const Node& node) {
  std::size_t h = static_cast<std::size_t>(node.op) + 17;
  h = combine(h, (static_cast<std::uint64_t>(node.shape.columns) << 32U) | node.shape.length);
  h = combine(h, (static_cast<std::uint64_t>(node.aux) << 32U) | node.aux2);
  h = combine(h, std::bit_cast<std::uint64_t>(node.value));
  for (const NodeId arg : node.args) h = combine(h, arg);
  if (node.data) {
    h = combine(h, node.data->size());
    for (std::size_t i = 0; i < std::min<std::size_t>(node.data->size(), 16); ++i)
      h = combine(h, std::bit_cast<std::uint64_t>((*node.data)[i]));
  }
  return h;
}

/// Equality of bits: 0.0 and -0.0 differ, a NaN equals itself.
bool same_bits(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

bool same(const Node& a, const Node& b) {
  if (a.op != b.op || a.shape != b.shape || a.aux != b.aux || a.aux2 != b.aux2 || a.args != b.args ||
      a.body != b.body || a.otherwise != b.otherwise)
    return false;
  if (!same_bits(a.value, b.value) || (a.data == nullptr) != (b.data == nullptr)) return false;
  return a.data == b.data || std::equal(a.data->begin(), a.data->end(), b.data->begin(), b.data->end(), same_bits);
}

/// Whether dividing by `c` equals multiplying by 1/c for every argument: a power of two with a normal inverse.
bool exact_inverse(double c) {
  int exponent = 0;
  return std::isnormal(c) && std::fabs(std::frexp(c, &exponent)) == 0.5 && std::isnormal(1 / c);
}

}  // namespace

bool commutative(language::Op op) {
  switch (op) {
    case language::Op::add:
    case language::Op::mul:
    case language::Op::eq:
    case language::Op::ne:
    case language::Op::logical_and:
    case language::Op::logical_or:
    case language::Op::dot: return true;  // min and max are not: they differ in which NaN or zero they return
    default: return false;
  }
}

NodeId Graph::intern(Node node) {
  const bool rounded = format_ && language::rounds(node.op);
  const NodeId id = intern_as_it_is(std::move(node));
  return rounded ? intern_as_it_is(made(*format_, nodes_[id].shape, {id})) : id;
}

NodeId Graph::intern_as_it_is(Node node) {
  const std::size_t h = hash(node);
  const auto [first, last] = index_.equal_range(h);
  for (auto it = first; it != last; ++it)
    if (same(nodes_[it->second], node)) return it->second;
  if (nodes_.size() >= max_graph_nodes) throw InputError("the expression expands to more than 2000000 operations");
  const auto id = static_cast<NodeId>(nodes_.size());
  nodes_.push_back(std::move(node));
  index_.emplace(h, id);
  return id;
}

NodeId Graph::constant(double value) {
  Node node;
  if (format_) value = language::evaluate(*format_, &value);
  node.value = std::isnan(value) ? std::nan("") : value;
  return intern(std::move(node));
}

NodeId Graph::constant(std::vector<double> values) {
  const Shape shape{static_cast<std::uint32_t>(values.size())};
  return constant(std::move(values), shape);
}

NodeId Graph::constant(std::vector<double> values, Shape shape) {
  if (shape.scalar()) return constant(values[0]);
  Node node;
  node.shape = shape;
  if (format_)
    for (double& value : values) value = language::evaluate(*format_, &value);
  node.data = std::make_shared<const std::vector<double>>(std::move(values));
  return intern(std::move(node));
}

NodeId Graph::input(Shape shape) {
  Node node;
  node.op = language::Op::input;
  node.shape = shape;
  node.aux = inputs_++;
  return intern(std::move(node));
}

NodeId Graph::random(language::Draw kind, Shape shape) { return random(kind, shape, draws_++); }

NodeId Graph::random(language::Draw kind, Shape shape, std::uint32_t site) {
  Node node;
  node.op = language::Op::random;
  node.shape = shape;
  node.aux = site;
  node.aux2 = static_cast<std::uint32_t>(kind);
  return intern(std::move(node));
}

double Graph::constant_element(NodeId id, std::uint32_t i) const {
  const Node& node = nodes_[id];
  return node.shape.scalar() ? node.value : (*node.data)[i];
}

bool Graph::is_constant(NodeId id, double value) const {
  const Node& node = nodes_[id];
  return node.op == language::Op::constant && node.shape.scalar() && same_bits(node.value, value);
}

Node Graph::made(language::Op op, Shape shape, std::initializer_list<NodeId> args, std::uint32_t aux) {
  Node node;
  node.op = op;
  node.shape = shape;
  node.aux = aux;
  node.args = args;
  return node;
}

NodeId Graph::finish(Node node) {
  const bool constants = std::ranges::all_of(node.args, [this](NodeId arg) { return is_constant(arg); });
  if (!constants || !has_plain_value(node.op)) return intern(std::move(node));
  std::vector<Argument> args;
  for (const NodeId arg : node.args) {
    const Node& from = nodes_[arg];
    args.push_back({from.shape, from.data ? std::span<const double>(*from.data) : std::span(&from.value, 1)});
  }
  return constant(evaluate(node, args), node.shape);
}

NodeId Graph::apply(language::Op op, std::span<const NodeId> args) {
  Shape shape;
  for (const NodeId arg : args) {
    if (language::is_reduction(op) || nodes_[arg].shape.scalar()) continue;
    if (!shape.scalar() && shape != nodes_[arg].shape) throw std::logic_error("graph: shapes differ");
    shape = nodes_[arg].shape;
  }
  Node node;
  node.op = op;
  node.shape = shape;
  node.args.assign(args.begin(), args.end());
  if (std::ranges::all_of(args, [this](NodeId arg) { return is_constant(arg); })) return finish(std::move(node));
  if ((op == language::Op::sum || op == language::Op::reduce_min || op == language::Op::reduce_max) &&
      nodes_[args[0]].shape.length == 1)
    return element(args[0], 0);
  if (commutative(op) && node.args[0] > node.args[1]) std::swap(node.args[0], node.args[1]);
  const NodeId simple = simplify(op, node.args, shape);
  return simple != no_node ? simple : intern(std::move(node));
}

NodeId Graph::integer_power(NodeId x, std::int32_t exponent) {
  if (exponent == 1) return x;
  if (exponent == 0 && !is_constant(x)) return fill(constant(1.0), shape(x));
  return finish(made(language::Op::powi, shape(x), {x}, static_cast<std::uint32_t>(exponent)));
}

/// A simpler node with the same bits for every input, or no_node.
NodeId Graph::simplify(language::Op op, std::span<const NodeId> args, Shape shape) {
  const auto keeps_shape = [&](NodeId id) { return nodes_[id].shape == shape; };
  const auto negated = [&](NodeId id) { return nodes_[id].op == language::Op::neg; };
  const NodeId a = args[0];
  const NodeId b = args.size() > 1 ? args[1] : no_node;
  switch (op) {
    case language::Op::neg:
      if (negated(a)) return nodes_[a].args[0];
      return no_node;
    case language::Op::abs:
      if (negated(a)) return apply(language::Op::abs, {nodes_[a].args[0]});
      return no_node;
    case language::Op::add:  // only -0 is neutral: x + 0 turns -0 into 0
      if (is_constant(a, -0.0) && keeps_shape(b)) return b;
      if (is_constant(b, -0.0) && keeps_shape(a)) return a;
      if (negated(b)) return sub(a, nodes_[b].args[0]);
      if (negated(a)) return sub(b, nodes_[a].args[0]);
      return no_node;
    case language::Op::sub:
      if (is_constant(b, 0.0) && keeps_shape(a)) return a;
      if (negated(b)) return add(a, nodes_[b].args[0]);
      return no_node;
    case language::Op::mul: return simplify_product(a, b, shape);
    case language::Op::div: return simplify_quotient(a, b, shape);
    case language::Op::where:
      if (is_constant(a) && nodes_[a].shape.scalar()) {
        const NodeId chosen = nodes_[a].value != 0 ? b : args[2];
        return fill(chosen, shape);
      }
      return b == args[2] && keeps_shape(b) ? b : no_node;
    case language::Op::f32:
    case language::Op::f16:
    case language::Op::bf16: return nodes_[a].op == op ? a : no_node;
    default: return no_node;
  }
}

NodeId Graph::simplify_product(NodeId a, NodeId b, Shape shape) {
  for (const auto& [c, other] : {std::pair{a, b}, std::pair{b, a}}) {
    if (nodes_[other].shape != shape) continue;
    if (is_constant(c, 1.0)) return other;
    if (is_constant(c, -1.0)) return neg(other);
  }
  // A product's sign is exact, so it can be taken out and meet another one.
  const bool negative_a = nodes_[a].op == language::Op::neg;
  const bool negative_b = nodes_[b].op == language::Op::neg;
  if (negative_a && negative_b) return mul(nodes_[a].args[0], nodes_[b].args[0]);
  if (negative_a) return neg(mul(nodes_[a].args[0], b));
  if (negative_b) return neg(mul(a, nodes_[b].args[0]));
  return no_node;
}

NodeId Graph::simplify_quotient(NodeId a, NodeId b, Shape shape) {
  if (is_constant(b) && nodes_[b].shape.scalar()) {
    if (nodes_[b].value == 1 && nodes_[a].shape == shape) return a;
    const double inverse = 1 / nodes_[b].value;
    if (exact_inverse(nodes_[b].value) && (!format_ || language::evaluate(*format_, &inverse) == inverse))
      return mul(a, constant(inverse));
  }
  const bool negative_a = nodes_[a].op == language::Op::neg;
  const bool negative_b = nodes_[b].op == language::Op::neg;
  if (negative_a && negative_b) return div(nodes_[a].args[0], nodes_[b].args[0]);
  if (negative_a) return neg(div(nodes_[a].args[0], b));
  if (negative_b) return neg(div(a, nodes_[b].args[0]));
  return no_node;
}

NodeId Graph::adopt(const Node& node, std::vector<NodeId> args) {
  Node copy = node;
  copy.args = std::move(args);
  return intern_as_it_is(std::move(copy));
}

Graph Graph::extract(std::span<NodeId> nodes) const {
  std::vector<NodeId> image(*std::ranges::max_element(nodes) + 1, no_node);
  for (const NodeId id : nodes) image[id] = id;
  for (NodeId id = static_cast<NodeId>(image.size()); id-- > 0;)
    if (image[id] != no_node)
      for (const NodeId arg : nodes_[id].args) image[arg] = arg;
  Graph result;
  for (NodeId id = 0; id < image.size(); ++id) {
    if (image[id] == no_node) continue;
    image[id] = static_cast<NodeId>(result.nodes_.size());
    Node& node = result.nodes_.emplace_back(nodes_[id]);
    for (NodeId& arg : node.args) arg = image[arg];
  }
  for (NodeId& id : nodes) id = image[id];
  return result;
}

NodeId Graph::substitute(NodeId root, const std::vector<std::pair<NodeId, NodeId>>& replacements) {
  NodeId lowest = root;
  for (const auto& [from, to] : replacements) lowest = std::min(lowest, from);
  // Nodes below the lowest replaced one can't depend on it.
  std::vector<NodeId> image(root - lowest + 1, no_node);
  for (const auto& [from, to] : replacements)
    if (from <= root) image[from - lowest] = to;
  std::vector<NodeId> pending{root};
  while (!pending.empty()) {
    const NodeId id = pending.back();
    if (id < lowest || image[id - lowest] != no_node) {
      pending.pop_back();
      continue;
    }
    const std::vector<NodeId> args = nodes_[id].args;
    const std::size_t before = pending.size();
    for (const NodeId arg : args)
      if (arg >= lowest && image[arg - lowest] == no_node) pending.push_back(arg);
    if (pending.size() != before) continue;
    std::vector<NodeId> mapped = args;
    for (NodeId& arg : mapped)
      if (arg >= lowest) arg = image[arg - lowest];
    const Node node = nodes_[id];
    image[id - lowest] = mapped == args ? id : rebuild(node, std::move(mapped));
    pending.pop_back();
  }
  return root < lowest ? root : image[root - lowest];
}

}  // namespace optexplore::program
