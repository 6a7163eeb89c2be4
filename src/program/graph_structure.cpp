// How graphs are made of what moves elements, of matrices, and of what has a body.
#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "program/evaluate.hpp"
#include "program/graph.hpp"

namespace optexplore::program {

using language::Op;

NodeId Graph::along(Op op, NodeId matrix, std::uint32_t index) {
  const Shape shape = nodes_[matrix].shape;
  Node node = made(op, {index == 1 ? shape.columns : shape.rows()}, {matrix});
  node.aux2 = index;
  return finish(std::move(node));
}

NodeId Graph::element(NodeId values, std::uint32_t index) {
  const Node& node = nodes_[values];
  if (node.op == Op::constant) return constant(constant_element(values, index));
  if (node.shape.scalar()) return values;
  if (is_copy(node.op)) return element(node.args[0], source_of(node, nodes_[node.args[0]].shape, index));
  if (node.op == Op::concat) {
    for (const NodeId part : node.args) {
      const std::uint32_t size = nodes_[part].shape.size();
      if (index < size) return element(part, index);
      index -= size;
    }
  }
  return intern(made(Op::elem, {}, {values}, index));
}

NodeId Graph::slice(NodeId values, std::uint32_t offset, std::uint32_t length) {
  const Node& node = nodes_[values];
  if (offset == 0 && node.shape == Shape{length}) return values;
  if (node.op == Op::constant) {
    const auto first = node.data->begin() + offset;
    return constant(std::vector<double>(first, first + length));
  }
  if (node.op == Op::fill) return fill(node.args[0], {length});
  if (node.op == Op::slice) return slice(node.args[0], node.aux + offset, length);
  if (node.op == Op::reshape && !nodes_[node.args[0]].shape.scalar()) return slice(node.args[0], offset, length);
  if (node.op == Op::concat) {  // of one part, or of whole ones
    std::vector<NodeId> parts;
    std::uint32_t begin = 0;
    for (const NodeId part : node.args) {
      const std::uint32_t size = nodes_[part].shape.size();
      if (begin <= offset && offset + length <= begin + size && !nodes_[part].shape.scalar())
        return slice(part, offset - begin, length);
      if (offset <= begin && begin + size <= offset + length) parts.push_back(part);
      begin += size;
    }
    std::uint32_t found = 0;
    for (const NodeId part : parts) found += nodes_[part].shape.size();
    if (found == length) return concat(parts);
  }
  if (offset == 0 && length == node.shape.length) return reshape(values, {length});
  return intern(made(Op::slice, {length}, {values}, offset));
}

std::optional<double> Graph::known_value(NodeId number) {
  std::vector<std::pair<NodeId, NodeId>> values;
  if (!is_constant(number))
    for (const auto& [input, value] : assumed_) values.emplace_back(input, constant(value));
  const NodeId known = values.empty() ? number : substitute(number, values);
  return is_constant(known) ? std::optional(constant_element(known, 0)) : std::nullopt;
}

NodeId Graph::gather(NodeId values, const std::vector<std::uint32_t>& indices) {
  const Node& node = nodes_[values];
  const auto length = static_cast<std::uint32_t>(indices.size());
  bool consecutive = !indices.empty();
  for (std::size_t i = 1; i < indices.size(); ++i) consecutive = consecutive && indices[i] == indices[i - 1] + 1;
  if (consecutive) return slice(values, indices[0], length);
  if (node.op == Op::fill) return fill(node.args[0], {length});
  std::vector<double> data;
  data.reserve(indices.size());
  for (const std::uint32_t i : indices)
    data.push_back(node.op == Op::constant ? constant_element(values, i) : static_cast<double>(i));
  if (node.op == Op::constant) return constant(std::move(data));
  Node result = made(Op::gather, {length}, {values});
  result.data = std::make_shared<const std::vector<double>>(std::move(data));
  return intern(std::move(result));
}

NodeId Graph::scatter(NodeId values, const Data& indices, std::uint32_t length) {
  Node result = made(Op::scatter, {length}, {values});
  result.data = indices;
  return finish(std::move(result));
}

/// Makes one slice of slices and elements of one vector that follow one another there, too.
void Graph::join_slices(std::vector<NodeId>& parts) {
  std::vector<NodeId> joined;
  struct Run {
    NodeId source;
    std::uint32_t begin, end;
  };
  std::optional<Run> run;  // of the last of them
  const auto finish_run = [&] {
    if (run && run->end - run->begin > nodes_[joined.back()].shape.size())
      joined.back() = slice(run->source, run->begin, run->end - run->begin);
    run.reset();
  };
  for (const NodeId part : parts) {
    const Node& node = nodes_[part];
    const bool copies = node.op == Op::slice || node.op == Op::elem;
    if (copies && run && run->source == node.args[0] && run->end == node.aux) {
      run->end += node.shape.size();
      continue;
    }
    finish_run();
    joined.push_back(part);
    if (copies) run = Run{nodes_[part].args[0], nodes_[part].aux, nodes_[part].aux + nodes_[part].shape.size()};
  }
  finish_run();
  parts = std::move(joined);
}

NodeId Graph::concat(std::span<const NodeId> given) {
  std::vector<NodeId> parts(given.begin(), given.end());
  for (NodeId& part : parts) {  // only the elements count; and of a vector of one, whichever is no copy
    while (nodes_[part].op == Op::reshape) part = nodes_[part].args[0];
    const Node& node = nodes_[part];
    if (node.op == Op::fill && node.shape.length == 1) part = node.args[0];
    if (node.op == Op::elem && nodes_[node.args[0]].shape.length == 1) part = node.args[0];
  }
  join_slices(parts);
  if (parts.size() == 1 && !nodes_[parts[0]].shape.scalar()) return reshape(parts[0], {nodes_[parts[0]].shape.length});
  Node result;
  result.op = Op::concat;
  bool repeated = true;
  for (const NodeId part : parts) {
    result.shape.length += nodes_[part].shape.size();
    repeated = repeated && part == parts[0] && nodes_[part].shape.scalar() && !is_constant(part);
  }
  if (repeated) return fill(parts[0], result.shape);
  result.args = std::move(parts);
  return finish(std::move(result));
}

NodeId Graph::fill(NodeId scalar, Shape shape) {
  if (!nodes_[scalar].shape.scalar() || shape.scalar()) return scalar;
  return intern(made(Op::fill, shape, {scalar}));
}

NodeId Graph::reshape(NodeId value, Shape shape) {
  const Node& node = nodes_[value];
  if (node.shape == shape) return value;
  if (shape.scalar()) return element(value, 0);
  if (node.shape.scalar() || node.op == Op::fill) return fill(node.op == Op::fill ? node.args[0] : value, shape);
  if (node.op == Op::reshape) return reshape(node.args[0], shape);
  if (node.op == Op::constant) return constant(*node.data, shape);
  return intern(made(Op::reshape, shape, {value}));
}

NodeId Graph::transpose(NodeId matrix) {
  const Node& node = nodes_[matrix];
  const Shape shape = matrix_shape(node.shape.columns, node.shape.rows());
  if (node.op == Op::transpose) return node.args[0];
  if (node.op == Op::fill) return fill(node.args[0], shape);
  if (shape.columns == 1 || node.shape.columns == 1) return reshape(matrix, shape);
  return finish(made(Op::transpose, shape, {matrix}));
}

NodeId Graph::repeat(NodeId vector, Shape shape, std::uint32_t along) {
  const Node& node = nodes_[vector];
  if (node.op == Op::fill) return fill(node.args[0], shape);
  if (node.shape.length == shape.length) return reshape(vector, shape);
  return finish(made(Op::repeat, shape, {reshape(vector, {node.shape.length})}, along));
}

NodeId Graph::index(NodeId value, std::uint32_t limit, Site site) {
  Node node = made(Op::index, nodes_[value].shape, {value}, limit);
  node.site = std::move(site);
  return intern(std::move(node));
}

NodeId Graph::take(NodeId values, NodeId numbers, std::uint32_t width) {
  const std::uint32_t length = nodes_[numbers].shape.size() * width;
  const bool number = nodes_[numbers].shape.scalar() && width == 1;
  return finish(made(Op::take, {number ? 0 : length}, {values, numbers}, width));
}

NodeId Graph::place(NodeId values, NodeId numbers, Shape shape, std::uint32_t width) {
  return finish(made(Op::place, shape, {values, numbers}, width));
}

NodeId Graph::put(NodeId values, NodeId numbers, NodeId replacements, std::uint32_t width) {
  return finish(made(Op::put, nodes_[values].shape, {values, numbers, replacements}, width));
}

NodeId Graph::product(NodeId a, NodeId b) {
  if (nodes_[a].shape.vector() && nodes_[b].shape.vector()) return apply(Op::dot, {a, b});
  std::uint32_t transposed = 0;
  for (NodeId* side : {&a, &b}) {
    if (nodes_[*side].op != Op::transpose) continue;
    transposed |= side == &a ? 1U : 2U;
    *side = nodes_[*side].args[0];
  }
  const Shape left = nodes_[a].shape, right = nodes_[b].shape;
  const std::uint32_t rows = (transposed & 1U) != 0 ? left.columns : left.rows();
  const std::uint32_t columns = (transposed & 2U) != 0 ? right.rows() : right.columns;
  const Shape shape = left.vector() ? Shape{columns} : right.vector() ? Shape{rows} : matrix_shape(rows, columns);
  return finish(made(Op::product, shape, {a, b}, transposed));
}

NodeId Graph::cumsum(NodeId value, bool backwards) {
  return finish(made(Op::cumsum, nodes_[value].shape, {value}, backwards ? 1 : 0));
}

NodeId Graph::argsort(NodeId value) { return finish(made(Op::argsort, nodes_[value].shape, {value})); }

NodeId Graph::factor(Op op, NodeId matrix, Shape shape, Site site) {
  Node node = made(op, shape, {matrix});
  node.site = std::move(site);
  return finish(std::move(node));
}

NodeId Graph::solve(NodeId matrix, NodeId b, Site site) {
  Node node = made(Op::solve, nodes_[b].shape, {matrix, b});
  node.site = std::move(site);
  return finish(std::move(node));
}

NodeId Graph::eigen(NodeId matrix) { return intern(made(Op::eigen, {4}, {matrix})); }

NodeId Graph::tridiagonal_eigen(NodeId diagonal, NodeId off) { return intern(made(Op::tridiag, {4}, {diagonal, off})); }

NodeId Graph::loop(std::shared_ptr<const Body> body, std::uint32_t count, std::span<const NodeId> captured,
                   std::span<const NodeId> carried, Site site) {
  Node result;
  result.op = Op::loop;
  result.site = std::move(site);
  result.aux = count;
  for (const NodeId id : body->carried) result.shape.length += body->graph.shape(id).size();
  result.shape.length += count * static_cast<std::uint32_t>(body->stacked.size()) + (body->test == no_node ? 0 : 1);
  result.args.assign(captured.begin(), captured.end());
  result.args.insert(result.args.end(), carried.begin(), carried.end());
  result.body = std::move(body);
  return intern(std::move(result));
}

NodeId Graph::branch(NodeId condition, std::shared_ptr<const Body> then, std::shared_ptr<const Body> otherwise,
                     std::span<const NodeId> captured) {
  Node result = made(Op::branch, {}, {condition});
  for (const NodeId id : then->next) result.shape.length += then->graph.shape(id).size();
  result.args.insert(result.args.end(), captured.begin(), captured.end());
  result.body = std::move(then);
  result.otherwise = std::move(otherwise);
  return intern(std::move(result));
}

NodeId Graph::limit(NodeId derivative, std::shared_ptr<const Body> body, std::span<const NodeId> captured) {
  Node result;
  result.op = Op::limit;
  result.shape = {nodes_[derivative].shape.length + 1};
  result.args = {derivative};
  result.args.insert(result.args.end(), captured.begin(), captured.end());
  result.body = std::move(body);
  return intern(std::move(result));
}

NodeId Graph::rebuild(const Node& node, std::vector<NodeId> args) {
  switch (node.op) {
    case Op::powi: return integer_power(args[0], static_cast<std::int32_t>(node.aux));
    case Op::elem: return element(args[0], node.aux);
    case Op::slice: return slice(args[0], node.aux, node.shape.length);
    case Op::gather: return gather(args[0], std::vector<std::uint32_t>(node.data->begin(), node.data->end()));
    case Op::scatter: return scatter(args[0], node.data, node.shape.length);
    case Op::concat: return concat(args);
    case Op::fill: return fill(args[0], node.shape);
    case Op::reshape: return reshape(args[0], node.shape);
    case Op::transpose: return transpose(args[0]);
    case Op::repeat: return repeat(args[0], node.shape, node.aux);
    case Op::product: {
      const auto side = [&](std::uint32_t k) { return (node.aux >> k & 1U) != 0 ? transpose(args[k]) : args[k]; };
      const NodeId left = side(0);
      return product(left, side(1));
    }
    case Op::loop: {
      const std::span<const NodeId> all(args);
      const std::size_t captured = node.body->captured.size();
      return loop(node.body, node.aux, all.first(captured), all.subspan(captured), node.site);
    }
    default: break;
  }
  if (language::is_elementwise(node.op) || (language::is_reduction(node.op) && node.aux2 == 0))
    return apply(node.op, args);
  Node copy = node;
  copy.args = std::move(args);
  return finish(std::move(copy));
}

}  // namespace optexplore::program
