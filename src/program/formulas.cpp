#include "program/formulas.hpp"

#include <algorithm>
#include <cmath>
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
  return graph.constant(std::move(values));
}

NodeId dot(Graph& graph, NodeId a, NodeId b) {
  const std::uint32_t length = std::max(graph.shape(a).length, graph.shape(b).length);
  if (length == 0) return graph.mul(a, b);
  const NodeId first = graph.fill(a, length);
  return graph.apply(Op::dot, {first, graph.fill(b, length)});
}

NodeId relu(Graph& graph, NodeId v) {
  const NodeId zero = graph.constant(0.0);
  return graph.where(graph.apply(Op::gt, {v, zero}), v, zero);
}

/// b + softplus(a - b).
NodeId logaddexp(Graph& graph, NodeId a, NodeId b) {
  return graph.add(b, graph.apply(Op::softplus, {graph.sub(a, b)}));
}

/// m + log Σ e^(v - m) with a whole number m near the largest: rounding has no slope, so m drops out of derivatives.
NodeId logsumexp(Graph& graph, NodeId v) {
  const NodeId m = graph.apply(Op::round, {graph.apply(Op::reduce_max, {v})});
  const NodeId total = graph.apply(Op::sum, {graph.apply(Op::exp, {graph.sub(v, m)})});
  return graph.add(m, graph.apply(Op::log, {total}));
}

NodeId clip(Graph& graph, NodeId v, NodeId low, NodeId high) {
  const NodeId below = graph.apply(Op::lt, {v, low});
  const NodeId above = graph.apply(Op::gt, {v, high});
  return graph.where(below, low, graph.where(above, high, v));
}

}  // namespace optexplore::program
