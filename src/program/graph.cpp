#include "program/graph.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <optexplore/error.hpp>
#include <stdexcept>

namespace optexplore::program {
namespace {

std::size_t combine(std::size_t seed, std::uint64_t value) {
  return static_cast<std::size_t>((seed ^ value) * 0x9E3779B97F4A7C15ULL + (seed >> 29U));
}

std::size_t hash(const Node& node) {
  std::size_t h = static_cast<std::size_t>(node.op) + 17;
  h = combine(h, node.shape.length);
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
  if (a.op != b.op || a.shape != b.shape || a.aux != b.aux || a.aux2 != b.aux2 || a.args != b.args || a.body != b.body)
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
  node.value = std::isnan(value) ? std::nan("") : value;
  return intern(std::move(node));
}

NodeId Graph::constant(std::vector<double> values) {
  Node node;
  node.shape = {static_cast<std::uint32_t>(values.size())};
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

NodeId Graph::random(language::Draw kind, Shape shape) {
  Node node;
  node.op = language::Op::random;
  node.shape = shape;
  node.aux = draws_++;
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

NodeId Graph::apply(language::Op op, std::span<const NodeId> args) {
  Shape shape;
  bool constants = true;
  for (const NodeId arg : args) {
    constants = constants && is_constant(arg);
    if (language::is_reduction(op) || nodes_[arg].shape.scalar()) continue;
    if (!shape.scalar() && shape != nodes_[arg].shape) throw std::logic_error("graph: lengths differ");
    shape = nodes_[arg].shape;
  }
  if (constants && language::is_elementwise(op)) return fold(op, args, shape, 0);
  if (constants && language::is_reduction(op)) return fold_reduction(op, args);
  if ((op == language::Op::sum || op == language::Op::reduce_min || op == language::Op::reduce_max) &&
      nodes_[args[0]].shape.length == 1)
    return element(args[0], 0);
  std::array<NodeId, 3> sorted{};
  std::copy(args.begin(), args.end(), sorted.begin());
  if (commutative(op) && sorted[0] > sorted[1]) std::swap(sorted[0], sorted[1]);
  const std::span<const NodeId> ordered(sorted.data(), args.size());
  const NodeId simple = simplify(op, ordered, shape);
  if (simple != no_node) return simple;
  Node node;
  node.op = op;
  node.shape = shape;
  node.args.assign(ordered.begin(), ordered.end());
  return intern(std::move(node));
}

NodeId Graph::fold(language::Op op, std::span<const NodeId> args, Shape shape, std::int32_t exponent) {
  std::vector<double> values(shape.rows());
  for (std::uint32_t i = 0; i < shape.rows(); ++i) {
    std::array<double, 3> v{};
    for (std::size_t k = 0; k < args.size(); ++k) v[k] = constant_element(args[k], i);
    values[i] = language::evaluate(op, v.data(), exponent);
  }
  return shape.scalar() ? constant(values[0]) : constant(std::move(values));
}

NodeId Graph::fold_reduction(language::Op op, std::span<const NodeId> args) {
  std::vector<double> terms(nodes_[args[0]].shape.rows());
  for (std::uint32_t i = 0; i < terms.size(); ++i) {
    const double v = constant_element(args[0], i);
    terms[i] = op == language::Op::dot ? v * constant_element(args[1], i) : op == language::Op::norm ? v * v : v;
  }
  if (op == language::Op::reduce_min || op == language::Op::reduce_max) {
    std::array<double, 2> v{terms[0], 0};
    for (std::size_t i = 1; i < terms.size(); ++i) {
      v[1] = terms[i];
      v[0] = language::evaluate(op == language::Op::reduce_min ? language::Op::min : language::Op::max, v.data());
    }
    return constant(v[0]);
  }
  const double total = language::ordered_sum(terms.data(), terms.size());
  return constant(op == language::Op::norm ? std::sqrt(total) : total);
}

NodeId Graph::integer_power(NodeId x, std::int32_t exponent) {
  if (exponent == 1) return x;
  if (is_constant(x)) return fold(language::Op::powi, {&x, 1}, shape(x), exponent);
  if (exponent == 0) {
    const NodeId one = constant(1.0);
    return shape(x).scalar() ? one : fill(one, shape(x).length);
  }
  Node node;
  node.op = language::Op::powi;
  node.shape = shape(x);
  node.aux = static_cast<std::uint32_t>(exponent);
  node.args = {x};
  return intern(std::move(node));
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
        return keeps_shape(chosen) ? chosen : fill(chosen, shape.length);
      }
      return b == args[2] && keeps_shape(b) ? b : no_node;
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
    if (exact_inverse(nodes_[b].value)) return mul(a, constant(1 / nodes_[b].value));
  }
  const bool negative_a = nodes_[a].op == language::Op::neg;
  const bool negative_b = nodes_[b].op == language::Op::neg;
  if (negative_a && negative_b) return div(nodes_[a].args[0], nodes_[b].args[0]);
  if (negative_a) return neg(div(nodes_[a].args[0], b));
  if (negative_b) return neg(div(a, nodes_[b].args[0]));
  return no_node;
}

NodeId Graph::element(NodeId vector, std::uint32_t index) {
  const Node& node = nodes_[vector];
  if (node.op == language::Op::constant) return constant(constant_element(vector, index));
  if (node.op == language::Op::fill) return node.args[0];
  if (node.op == language::Op::slice) return element(node.args[0], node.aux + index);
  if (node.op == language::Op::gather) return element(node.args[0], static_cast<std::uint32_t>((*node.data)[index]));
  if (node.op == language::Op::concat) {
    for (const NodeId part : node.args) {
      const Shape part_shape = nodes_[part].shape;
      if (index < part_shape.rows()) return part_shape.scalar() ? part : element(part, index);
      index -= part_shape.rows();
    }
  }
  Node result;
  result.op = language::Op::elem;
  result.aux = index;
  result.args = {vector};
  return intern(std::move(result));
}

NodeId Graph::slice(NodeId vector, std::uint32_t offset, std::uint32_t length) {
  const Node& node = nodes_[vector];
  if (offset == 0 && length == node.shape.length) return vector;
  if (node.op == language::Op::constant) {
    const auto first = node.data->begin() + offset;
    return constant(std::vector<double>(first, first + length));
  }
  if (node.op == language::Op::fill) return fill(node.args[0], length);
  if (node.op == language::Op::slice) return slice(node.args[0], node.aux + offset, length);
  Node result;
  result.op = language::Op::slice;
  result.shape = {length};
  result.aux = offset;
  result.args = {vector};
  return intern(std::move(result));
}

NodeId Graph::gather(NodeId vector, const std::vector<std::uint32_t>& indices) {
  const Node& node = nodes_[vector];
  const auto length = static_cast<std::uint32_t>(indices.size());
  bool consecutive = !indices.empty();
  for (std::size_t i = 1; i < indices.size(); ++i) consecutive = consecutive && indices[i] == indices[i - 1] + 1;
  if (consecutive) return slice(vector, indices[0], length);
  if (node.op == language::Op::fill) return fill(node.args[0], length);
  std::vector<double> data;
  data.reserve(indices.size());
  for (const std::uint32_t i : indices)
    data.push_back(node.op == language::Op::constant ? constant_element(vector, i) : static_cast<double>(i));
  if (node.op == language::Op::constant) return constant(std::move(data));
  Node result;
  result.op = language::Op::gather;
  result.shape = {length};
  result.data = std::make_shared<const std::vector<double>>(std::move(data));
  result.args = {vector};
  return intern(std::move(result));
}

NodeId Graph::scatter(NodeId vector, const Data& indices, std::uint32_t length) {
  Node result;
  result.op = language::Op::scatter;
  result.shape = {length};
  result.data = indices;
  result.args = {vector};
  return intern(std::move(result));
}

NodeId Graph::concat(std::span<const NodeId> given) {
  std::vector<NodeId> parts(given.begin(), given.end());
  for (NodeId& part : parts) {  // a vector of one element is as good as its element; whichever is no copy
    const Node& node = nodes_[part];
    if (node.op == language::Op::fill && node.shape.length == 1) part = node.args[0];
    if (node.op == language::Op::elem && nodes_[node.args[0]].shape.length == 1) part = node.args[0];
  }
  if (parts.size() == 1 && !nodes_[parts[0]].shape.scalar()) return parts[0];
  Node result;
  result.op = language::Op::concat;
  bool constants = true;
  bool repeated = true;
  for (const NodeId part : parts) {
    result.shape.length += nodes_[part].shape.rows();
    constants = constants && is_constant(part);
    repeated = repeated && part == parts[0] && nodes_[part].shape.scalar();
  }
  if (constants) {
    std::vector<double> values;
    for (const NodeId part : parts)
      for (std::uint32_t i = 0; i < nodes_[part].shape.rows(); ++i) values.push_back(constant_element(part, i));
    return constant(std::move(values));
  }
  if (repeated) return fill(parts[0], result.shape.length);
  result.args.assign(parts.begin(), parts.end());
  return intern(std::move(result));
}

NodeId Graph::fill(NodeId scalar, std::uint32_t length) {
  if (!nodes_[scalar].shape.scalar()) return scalar;
  Node result;
  result.op = language::Op::fill;
  result.shape = {length};
  result.args = {scalar};
  return intern(std::move(result));
}

NodeId Graph::solve(NodeId matrix, NodeId b) {
  Node result;
  result.op = language::Op::solve;
  result.shape = nodes_[b].shape;
  result.args = {matrix, b};
  return intern(std::move(result));
}

NodeId Graph::eigen(NodeId matrix) {
  Node result;
  result.op = language::Op::eigen;
  result.shape = {4};
  result.args = {matrix};
  return intern(std::move(result));
}

NodeId Graph::tridiagonal_eigen(NodeId diagonal, NodeId off) {
  Node result;
  result.op = language::Op::tridiag;
  result.shape = {4};
  result.args = {diagonal, off};
  return intern(std::move(result));
}

NodeId Graph::loop(std::shared_ptr<const Body> body, std::uint32_t count, std::span<const NodeId> captured,
                   std::span<const NodeId> carried) {
  Node result;
  result.op = language::Op::loop;
  result.aux = count;
  for (const NodeId id : body->carried) result.shape.length += body->graph.shape(id).rows();
  result.shape.length += count * static_cast<std::uint32_t>(body->stacked.size());
  result.args.assign(captured.begin(), captured.end());
  result.args.insert(result.args.end(), carried.begin(), carried.end());
  result.body = std::move(body);
  return intern(std::move(result));
}

NodeId Graph::limit(NodeId derivative, std::shared_ptr<const Body> body, std::span<const NodeId> captured) {
  Node result;
  result.op = language::Op::limit;
  result.shape = {nodes_[derivative].shape.length + 1};
  result.args = {derivative};
  result.args.insert(result.args.end(), captured.begin(), captured.end());
  result.body = std::move(body);
  return intern(std::move(result));
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

NodeId Graph::rebuild(const Node& node, std::vector<NodeId> args) {
  switch (node.op) {
    case language::Op::powi: return integer_power(args[0], static_cast<std::int32_t>(node.aux));
    case language::Op::elem: return element(args[0], node.aux);
    case language::Op::slice: return slice(args[0], node.aux, node.shape.length);
    case language::Op::gather: {
      std::vector<std::uint32_t> indices(node.data->begin(), node.data->end());
      return gather(args[0], indices);
    }
    case language::Op::scatter: return scatter(args[0], node.data, node.shape.length);
    case language::Op::concat: return concat(args);
    case language::Op::fill: return fill(args[0], node.shape.length);
    case language::Op::solve: return solve(args[0], args[1]);
    case language::Op::eigen: return eigen(args[0]);
    case language::Op::tridiag: return tridiagonal_eigen(args[0], args[1]);
    case language::Op::limit: return limit(args[0], node.body, std::span<const NodeId>(args).subspan(1));
    case language::Op::loop: {
      const std::span<const NodeId> all(args);
      const std::size_t captured = node.body->captured.size();
      return loop(node.body, node.aux, all.first(captured), all.subspan(captured));
    }
    default: return apply(node.op, args);
  }
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
