#pragma once

#include <cmath>
#include <complex>
#include <cstdint>
#include <cstring>
#include <map>
#include <numbers>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "language/parser.hpp"
#include "program/build.hpp"
#include "program/graph.hpp"

/// A second, independent reading of the graph: a plain interpreter over double and, for derivatives by the
/// complex step, over std::complex<double>.
namespace optexplore::test {

using language::Op;
using program::Graph;
using program::NodeId;
using Complex = std::complex<double>;

template <class T>
using Values = std::map<NodeId, std::vector<T>>;  ///< of inputs and draws; a scalar has one element

inline bool same_bits(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) || std::memcmp(&a, &b, sizeof a) == 0;
}

inline double elementwise(Op op, const double* v, std::int32_t exponent) { return language::evaluate(op, v, exponent); }

/// Analytic where the real function is; comparisons look at real parts.
inline Complex elementwise(Op op, const Complex* v, std::int32_t exponent) {
  const Complex a = v[0];
  const double x = a.real();
  const double y = a.imag();
  const auto truth = [](bool b) { return Complex(b ? 1.0 : 0.0); };
  switch (op) {
    case Op::neg: return -a;
    case Op::abs: return x < 0 ? -a : a;
    case Op::sqrt: return std::sqrt(a);
    case Op::cbrt: return {std::cbrt(x), y / (3 * std::cbrt(x) * std::cbrt(x))};
    case Op::exp: return std::exp(a);
    case Op::expm1: return {std::expm1(x), std::exp(x) * y};
    case Op::log: return std::log(a);
    case Op::log1p: return {std::log1p(x), std::atan2(y, 1 + x)};
    case Op::log2: return std::log(a) / std::numbers::ln2;
    case Op::log10: return std::log10(a);
    case Op::sin: return std::sin(a);
    case Op::cos: return std::cos(a);
    case Op::tan: return std::tan(a);
    case Op::asin: return {std::asin(x), y / std::sqrt(1 - x * x)};
    case Op::acos: return {std::acos(x), -y / std::sqrt(1 - x * x)};
    case Op::atan: return {std::atan(x), y / (1 + x * x)};
    case Op::sinh: return std::sinh(a);
    case Op::cosh: return std::cosh(a);
    case Op::tanh: return std::tanh(a);
    case Op::erf: return {std::erf(x), y * 2 * std::numbers::inv_sqrtpi * std::exp(-x * x)};
    case Op::floor: return std::floor(x);
    case Op::ceil: return std::ceil(x);
    case Op::round: return std::nearbyint(x);
    case Op::sign: return x > 0 ? 1.0 : x < 0 ? -1.0 : 0.0;
    case Op::logical_not: return truth(x == 0);
    case Op::powi: {
      Complex result = 1;
      for (int k = 0; k < std::abs(exponent); ++k) result *= a;
      return exponent < 0 ? 1.0 / result : result;
    }
    case Op::add: return a + v[1];
    case Op::sub: return a - v[1];
    case Op::mul: return a * v[1];
    case Op::div: return a / v[1];
    case Op::pow: return std::exp(v[1] * std::log(a));
    case Op::atan2: {
      const double b = v[1].real();
      return {std::atan2(x, b), (b * y - x * v[1].imag()) / (x * x + b * b)};
    }
    case Op::hypot: return std::sqrt(a * a + v[1] * v[1]);
    case Op::min: return x < v[1].real() ? a : v[1];
    case Op::max: return x > v[1].real() ? a : v[1];
    case Op::mod: return a - std::floor(x / v[1].real()) * v[1];
    case Op::lt: return truth(x < v[1].real());
    case Op::le: return truth(x <= v[1].real());
    case Op::gt: return truth(x > v[1].real());
    case Op::ge: return truth(x >= v[1].real());
    case Op::eq: return truth(x == v[1].real());
    case Op::ne: return truth(x != v[1].real());
    case Op::logical_and: return truth(x != 0 && v[1].real() != 0);
    case Op::logical_or: return truth(x != 0 || v[1].real() != 0);
    case Op::where: return x != 0 ? v[1] : v[2];
    default: return std::nan("");
  }
}

/// In the order of language::ordered_sum, written down again.
template <class T>
T ordered(const std::vector<T>& v) {
  if (v.empty()) return T(0);
  T total = v[0];
  std::size_t i = 1;
  if (v.size() >= 8) {
    T p[8];
    for (i = 0; i < 8; ++i) p[i] = v[i];
    for (; i + 8 <= v.size(); i += 8)
      for (std::size_t j = 0; j < 8; ++j) p[j] = p[j] + v[i + j];
    total = ((p[0] + p[1]) + (p[2] + p[3])) + ((p[4] + p[5]) + (p[6] + p[7]));
  }
  for (; i < v.size(); ++i) total = total + v[i];
  return total;
}

template <class T>
std::vector<T> reduce(Op op, const std::vector<T>& a, const std::vector<T>& b) {
  std::vector<T> terms = a;
  if (op == Op::dot)
    for (std::size_t i = 0; i < a.size(); ++i) terms[i] = a[i] * b[i];
  if (op == Op::norm)
    for (T& term : terms) term = term * term;
  if (op == Op::norm) return {std::sqrt(ordered(terms))};
  if (op == Op::sum || op == Op::dot) return {ordered(terms)};
  T best = a[0];
  for (std::size_t i = 1; i < a.size(); ++i) {
    const T pair[2] = {best, a[i]};
    best = elementwise(op == Op::reduce_min ? Op::min : Op::max, pair, 0);
  }
  return {best};
}

template <class T>
std::vector<T> interpret(const Graph& g, NodeId root, const Values<T>& given);

/// A loop, once more: run the body, keep what it stacks, carry the rest.
template <class T>
std::vector<T> repeat(const program::Node& node, const std::vector<std::vector<T>>& done) {
  const program::Body& body = *node.body;
  Values<T> given;
  for (std::size_t k = 0; k < body.captured.size(); ++k) given[body.captured[k]] = done[node.args[k]];
  for (std::size_t k = 0; k < body.carried.size(); ++k)
    given[body.carried[k]] = done[node.args[body.captured.size() + k]];
  std::vector<std::vector<T>> stacks(body.stacked.size());
  for (std::uint32_t i = 1; i <= node.aux; ++i) {
    given[body.index] = {T(i)};
    Values<T> next = given;
    for (std::size_t k = 0; k < stacks.size(); ++k)
      stacks[k].push_back(interpret(body.graph, body.stacked[k], given)[0]);
    for (std::size_t k = 0; k < body.carried.size(); ++k)
      next[body.carried[k]] = interpret(body.graph, body.next[k], given);
    given = next;
  }
  std::vector<T> out;
  for (const NodeId id : body.carried) out.insert(out.end(), given[id].begin(), given[id].end());
  for (const auto& stack : stacks) out.insert(out.end(), stack.begin(), stack.end());
  return out;
}

template <class T>
std::vector<T> compute(const Graph& g, NodeId id, const std::vector<std::vector<T>>& done) {
  const program::Node& node = g[id];
  const auto arg = [&](std::size_t k) -> const std::vector<T>& { return done[node.args[k]]; };
  std::vector<T> out(node.shape.size());
  if (node.op == Op::constant) {
    for (std::uint32_t i = 0; i < out.size(); ++i) out[i] = g.constant_element(id, i);
  } else if (language::is_elementwise(node.op)) {
    for (std::size_t i = 0; i < out.size(); ++i) {
      T v[3] = {};
      for (std::size_t k = 0; k < node.args.size(); ++k) v[k] = arg(k).size() == 1 ? arg(k)[0] : arg(k)[i];
      out[i] = elementwise(node.op, v, static_cast<std::int32_t>(node.aux));
    }
  } else if (language::is_reduction(node.op)) {
    out = reduce(node.op, arg(0), node.args.size() > 1 ? arg(1) : arg(0));
  } else if (node.op == Op::concat) {
    out.clear();
    for (std::size_t k = 0; k < node.args.size(); ++k) out.insert(out.end(), arg(k).begin(), arg(k).end());
  } else if (node.op == Op::loop) {
    out = repeat(node, done);
  } else if (node.op == Op::scatter) {
    for (std::size_t i = 0; i < arg(0).size(); ++i) out[static_cast<std::size_t>((*node.data)[i])] += arg(0)[i];
  } else {
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = node.op == Op::fill     ? arg(0)[0]
               : node.op == Op::gather ? arg(0)[static_cast<std::size_t>((*node.data)[i])]
                                       : arg(0)[node.aux + i];
  }
  return out;
}

/// The value of `root`.
template <class T>
std::vector<T> interpret(const Graph& g, NodeId root, const Values<T>& given) {
  std::vector<bool> needed(root + 1, false);
  needed[root] = true;
  for (NodeId id = root + 1; id-- > 0;)
    if (needed[id])
      for (const NodeId arg : g[id].args) needed[arg] = true;
  std::vector<std::vector<T>> done(root + 1);
  for (NodeId id = 0; id <= root; ++id) {
    if (!needed[id]) continue;
    const auto it = given.find(id);
    done[id] = it != given.end() ? it->second : compute(g, id, done);
  }
  return done[root];
}

/// d root / d wrt[element] by the complex step: exact to rounding, no subtraction.
inline double complex_step(const Graph& g, NodeId root, const Values<double>& at, NodeId wrt,
                           const std::vector<double>& direction, std::size_t component = 0) {
  constexpr double h = 1e-30;
  Values<Complex> z;
  for (const auto& [id, values] : at) z[id].assign(values.begin(), values.end());
  for (std::size_t i = 0; i < direction.size(); ++i) z[wrt][i] += Complex(0, h * direction[i]);
  return interpret(g, root, z)[component].imag() / h;
}

/// A graph with inputs that texts can name.
struct Setting {
  Graph g;
  program::Scope scope;

  NodeId scalar(const std::string& name) { return input(name, {}); }
  NodeId vector(const std::string& name, std::uint32_t length) { return input(name, {length}); }
  NodeId input(const std::string& name, program::Shape shape) {
    const NodeId id = g.input(shape);
    scope.set(name, id);
    return id;
  }
  NodeId build(const std::string& text) { return program::build(g, language::parse_expression(text), scope); }
};

}  // namespace optexplore::test
