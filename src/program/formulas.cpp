#include "program/formulas.hpp"

#include <cmath>
#include <numbers>
#include <optional>
#include <utility>
#include <vector>

#include "language/ops.hpp"

namespace optexplore::program {

using language::Op;

namespace {

constexpr std::int32_t max_integer_power = 1024;

std::optional<std::int32_t> whole_exponent(double k) {
  if (k != std::floor(k) || std::fabs(k) > max_integer_power) return std::nullopt;
  return static_cast<std::int32_t>(k);
}

}  // namespace

NodeId power(Graph& graph, NodeId a, NodeId b) {
  if (!graph.is_constant(b)) return graph.apply(Op::pow, {a, b});
  if (graph.shape(b).scalar()) {
    const auto whole = whole_exponent(graph.constant_element(b, 0));
    return whole ? graph.integer_power(a, *whole) : graph.apply(Op::pow, {a, b});
  }
  if (!graph.is_constant(a)) return graph.apply(Op::pow, {a, b});
  std::vector<double> values(graph.shape(b).length);  // (-1)^k with k = 1, 2, …: each like a literal
  for (std::uint32_t i = 0; i < values.size(); ++i) {
    const double args[] = {graph.constant_element(a, i), graph.constant_element(b, i)};
    const auto whole = whole_exponent(args[1]);
    values[i] = whole ? language::integer_power(args[0], *whole) : language::evaluate(Op::pow, args);
  }
  return graph.constant(std::move(values), graph.shape(b));
}

NodeId dot(Graph& graph, NodeId a, NodeId b) {
  const Shape shape = graph.shape(a).scalar() ? graph.shape(b) : graph.shape(a);
  if (shape.scalar()) return graph.mul(a, b);
  const NodeId first = graph.fill(a, shape);
  return graph.apply(Op::dot, {first, graph.fill(b, shape)});
}

NodeId outer(Graph& graph, NodeId a, NodeId b) {
  const Shape shape = matrix_shape(graph.shape(a).length, graph.shape(b).length);
  const NodeId rows = graph.repeat(a, shape, 2);
  return graph.mul(rows, graph.repeat(b, shape, 1));
}

NodeId relu(Graph& graph, NodeId v) {
  const NodeId zero = graph.constant(0.0);
  return graph.where(graph.apply(Op::gt, {v, zero}), v, zero);
}

/// b + softplus(a - b).
NodeId logaddexp(Graph& graph, NodeId a, NodeId b) {
  return graph.add(b, graph.apply(Op::softplus, {graph.sub(a, b)}));
}

namespace {

/// A value for each row of a matrix, or for a vector, as what goes with its elements.
NodeId beside(Graph& graph, NodeId value, Shape shape) {
  return shape.matrix() ? graph.repeat(value, shape, 2) : value;
}

NodeId over_last(Graph& graph, Op op, NodeId v) {
  return graph.shape(v).matrix() ? graph.along(op, v, 2) : graph.apply(op, {v});
}

/// A whole number near the largest element along the last index: rounding has no slope, so what is taken off an
/// exponent drops out of derivatives.
/// An infinite one has no difference to itself: 0 in its place gives what it tends to.
NodeId largest(Graph& graph, NodeId v) {
  const NodeId whole = graph.apply(Op::round, {over_last(graph, Op::reduce_max, v)});
  const NodeId infinite = graph.apply(Op::eq, {graph.apply(Op::abs, {whole}), graph.constant(HUGE_VAL)});
  return graph.where(infinite, graph.constant(0.0), whole);
}

NodeId shifted_exp(Graph& graph, NodeId v, NodeId m) {
  return graph.apply(Op::exp, {graph.sub(v, beside(graph, m, graph.shape(v)))});
}

}  // namespace

NodeId logsumexp(Graph& graph, NodeId v) {
  const NodeId m = largest(graph, v);
  const NodeId total = over_last(graph, Op::sum, shifted_exp(graph, v, m));
  return graph.add(m, graph.apply(Op::log, {total}));
}

NodeId softmax(Graph& graph, NodeId v) {
  const NodeId e = shifted_exp(graph, v, largest(graph, v));
  return graph.div(e, beside(graph, over_last(graph, Op::sum, e), graph.shape(v)));
}

NodeId log_softmax(Graph& graph, NodeId v) { return graph.sub(v, beside(graph, logsumexp(graph, v), graph.shape(v))); }

NodeId gelu(Graph& graph, NodeId v) {
  const NodeId scaled = graph.div(v, graph.constant(std::numbers::sqrt2));
  const NodeId area = graph.add(graph.constant(1.0), graph.apply(Op::erf, {scaled}));
  return graph.mul(graph.mul(graph.constant(0.5), v), area);
}

NodeId gelu_tanh(Graph& graph, NodeId v) {
  const NodeId cubic = graph.add(v, graph.mul(graph.constant(0.044715), graph.integer_power(v, 3)));
  const NodeId scaled = graph.mul(graph.constant(std::sqrt(2 / std::numbers::pi)), cubic);
  const NodeId area = graph.add(graph.constant(1.0), graph.apply(Op::tanh, {scaled}));
  return graph.mul(graph.mul(graph.constant(0.5), v), area);
}

NodeId clip(Graph& graph, NodeId v, NodeId low, NodeId high) {
  const NodeId below = graph.apply(Op::lt, {v, low});
  const NodeId above = graph.apply(Op::gt, {v, high});
  return graph.where(below, low, graph.where(above, high, v));
}

}  // namespace optexplore::program
