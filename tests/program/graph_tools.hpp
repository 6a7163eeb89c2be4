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
#include "program/evaluate.hpp"
#include "program/graph.hpp"

/// A second, independent reading of the graph: a plain interpreter over double and, for derivatives by the
/// complex step, over std::complex<double>.
namespace optexplore::test {

using language::Op;
using program::Graph;
using program::NodeId;
using Complex = std::complex<double>;
using Vector = std::vector<double>;

template <class T>
using Values = std::map<NodeId, std::vector<T>>;  ///< of inputs and draws; a scalar has one element

inline double real(double v) { return v; }
inline double real(const Complex& v) { return v.real(); }

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
    case Op::sigmoid: return 1.0 / (1.0 + std::exp(-a));
    case Op::softplus: return std::log(1.0 + std::exp(a));
    case Op::f32:
    case Op::f16:
    case Op::bf16: return {elementwise(op, &x, 0), y};
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
  if (op == Op::argmin || op == Op::argmax) {
    std::size_t best = 0;
    for (std::size_t i = 1; i < a.size(); ++i)
      if (op == Op::argmin ? std::real(a[i]) < std::real(a[best]) : std::real(a[i]) > std::real(a[best])) best = i;
    return {T(static_cast<double>(best + 1))};
  }
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
  double rounds = 0;
  for (std::uint32_t i = 1; i <= node.aux; ++i) {
    if (body.index != program::no_node) given[body.index] = {T(i)};
    if (body.test != program::no_node) {
      const double test = real(interpret(body.graph, body.test, given)[0]);
      if (std::isnan(test) || test == 0) break;
      ++rounds;
    }
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
  if (body.test != program::no_node) out.push_back(T(rounds));
  return out;
}

/// What the taken body gives.
template <class T>
std::vector<T> choose(const program::Node& node, const std::vector<std::vector<T>>& done) {
  const double condition = real(done[node.args[0]][0]);
  const program::Body& body = std::isnan(condition) || condition == 0 ? *node.otherwise : *node.body;
  Values<T> given;
  for (std::size_t k = 0; k < body.captured.size(); ++k) given[body.captured[k]] = done[node.args[1 + k]];
  std::vector<T> out;
  for (const NodeId id : body.next) {
    const std::vector<T> result = interpret(body.graph, id, given);
    out.insert(out.end(), result.begin(), result.end());
  }
  return out;
}

/// A matrix of either kind of number, by rows.
template <class T>
struct Grid {
  std::size_t rows = 0, columns = 0;
  std::vector<T> v;
  T& at(std::size_t i, std::size_t j) { return v[i * columns + j]; }
  const T& at(std::size_t i, std::size_t j) const { return v[i * columns + j]; }
};

template <class T>
Grid<T> transposed(const Grid<T>& a) {
  Grid<T> t{a.columns, a.rows, std::vector<T>(a.v.size())};
  for (std::size_t i = 0; i < a.rows; ++i)
    for (std::size_t j = 0; j < a.columns; ++j) t.at(j, i) = a.at(i, j);
  return t;
}

/// Gauss and Jordan's elimination with the largest pivot; `b` becomes the solution, the result is the determinant.
template <class T>
T eliminate(Grid<T> a, Grid<T>& b) {
  T det = 1;
  for (std::size_t k = 0; k < a.rows; ++k) {
    std::size_t pivot = k;
    for (std::size_t i = k; i < a.rows; ++i)
      if (std::abs(a.at(i, k)) > std::abs(a.at(pivot, k))) pivot = i;
    if (pivot != k) det = -det;
    for (std::size_t j = 0; j < a.columns; ++j) std::swap(a.at(k, j), a.at(pivot, j));
    for (std::size_t j = 0; j < b.columns; ++j) std::swap(b.at(k, j), b.at(pivot, j));
    det *= a.at(k, k);
    for (std::size_t i = 0; i < a.rows; ++i) {
      if (i == k) continue;
      const T factor = a.at(i, k) / a.at(k, k);
      for (std::size_t j = 0; j < a.columns; ++j) a.at(i, j) -= factor * a.at(k, j);
      for (std::size_t j = 0; j < b.columns; ++j) b.at(i, j) -= factor * b.at(k, j);
    }
  }
  for (std::size_t i = 0; i < a.rows; ++i)
    for (std::size_t j = 0; j < b.columns; ++j) b.at(i, j) /= a.at(i, i);
  return det;
}

/// From the lower half, column by column.
template <class T>
Grid<T> cholesky(const Grid<T>& a) {
  Grid<T> l{a.rows, a.rows, std::vector<T>(a.v.size())};
  for (std::size_t j = 0; j < a.rows; ++j)
    for (std::size_t i = j; i < a.rows; ++i) {
      T rest = a.at(i, j);
      for (std::size_t k = 0; k < j; ++k) rest -= l.at(i, k) * l.at(j, k);
      l.at(i, j) = i == j ? std::sqrt(rest) : rest / l.at(j, j);
    }
  return l;
}

/// By Gram and Schmidt, twice. Without conjugates, so that it is analytic.
template <class T>
Grid<T> orthonormal(Grid<T> q) {
  for (std::size_t j = 0; j < q.columns; ++j) {
    for (int twice = 0; twice < 2; ++twice)
      for (std::size_t k = 0; k < j; ++k) {
        T dot = 0;
        for (std::size_t i = 0; i < q.rows; ++i) dot += q.at(i, k) * q.at(i, j);
        for (std::size_t i = 0; i < q.rows; ++i) q.at(i, j) -= dot * q.at(i, k);
      }
    T squares = 0;
    for (std::size_t i = 0; i < q.rows; ++i) squares += q.at(i, j) * q.at(i, j);
    for (std::size_t i = 0; i < q.rows; ++i) q.at(i, j) /= std::sqrt(squares);
  }
  return q;
}

/// The operations on matrices; `a` and `b` are the arguments.
template <class T>
std::vector<T> matrices(const program::Node& node, const Grid<T>& a, const Grid<T>& b, const std::vector<T>& third) {
  Grid<T> out{node.shape.rows(), std::max(node.shape.columns, 1U), std::vector<T>(node.shape.size())};
  switch (node.op) {
    case Op::transpose: return transposed(a).v;
    case Op::repeat:
      for (std::size_t i = 0; i < out.rows; ++i)
        for (std::size_t j = 0; j < out.columns; ++j) out.at(i, j) = a.v[node.aux == 1 ? j : i];
      return out.v;
    case Op::product: {
      const Grid<T> left = (node.aux & 1U) != 0 ? transposed(a) : a, right = (node.aux & 2U) != 0 ? transposed(b) : b;
      for (std::size_t i = 0; i < left.rows; ++i)
        for (std::size_t j = 0; j < right.columns; ++j) {
          std::vector<T> terms;
          for (std::size_t k = 0; k < left.columns; ++k) terms.push_back(left.at(i, k) * right.at(k, j));
          out.v[i * right.columns + j] = ordered(terms);
        }
      return out.v;
    }
    case Op::solve: {
      Grid<T> z = b;
      eliminate(a, z);
      return z.v;
    }
    case Op::det: {
      Grid<T> nothing{a.rows, 0, {}};
      return {eliminate(a, nothing)};
    }
    case Op::eigvals:
    case Op::eigvecs: {  // as the library has them: their derivatives are checked by identities
      Vector given(a.v.size());
      for (std::size_t i = 0; i < given.size(); ++i) given[i] = real(a.v[i]);
      const program::Argument argument{
          {static_cast<std::uint32_t>(given.size()), static_cast<std::uint32_t>(a.columns)}, given};
      const Vector found = program::evaluate(node, {&argument, 1});
      return std::vector<T>(found.begin(), found.end());
    }
    case Op::cholesky: return cholesky(a).v;
    case Op::qr_q: return orthonormal(a).v;
    case Op::cumsum: {
      out.v = a.v;
      const std::size_t width = node.shape.matrix() ? node.shape.columns : a.v.size();
      for (std::size_t i = 0; i < a.v.size(); ++i) {
        const std::size_t at = node.aux == 0 ? i : a.v.size() - 1 - i;
        const bool begins = node.aux == 0 ? at % width == 0 : at % width == width - 1;
        if (!begins) out.v[at] = out.v[node.aux == 0 ? at - 1 : at + 1] + out.v[at];
      }
      return out.v;
    }
    case Op::argsort: {
      const std::size_t width = node.shape.matrix() ? node.shape.columns : a.v.size();
      for (std::size_t i = 0; i < a.v.size(); ++i) {  // its place is how many go before it
        const std::size_t begin = i / width * width;
        std::size_t before = 0;
        for (std::size_t k = begin; k < begin + width; ++k)
          before += real(a.v[k]) < real(a.v[i]) || (real(a.v[k]) == real(a.v[i]) && k < i) ? 1 : 0;
        out.v[begin + before] = static_cast<double>(i - begin + 1);
      }
      return out.v;
    }
    case Op::index: return a.v;
    case Op::put: out.v = a.v; [[fallthrough]];
    default:  // take, place and put: by the numbers in b
      for (std::size_t i = 0; i < b.v.size(); ++i)
        for (std::size_t w = 0; w < node.aux; ++w) {
          const std::size_t there = static_cast<std::size_t>(real(b.v[i]) - 1) * node.aux + w, here = i * node.aux + w;
          const auto given = [&](const std::vector<T>& from) { return from.size() == 1 ? from[0] : from[here]; };
          if (node.op == Op::take) out.v[here] = a.v[there];
          if (node.op == Op::place) out.v[there] += given(a.v);
          if (node.op == Op::put) out.v[there] = given(third);
        }
      return out.v;
  }
}

/// The elements that one of a reduction along an index is made of.
template <class T>
std::vector<T> terms(const program::Node& node, const std::vector<T>& from, program::Shape shape, std::size_t i) {
  if (node.aux2 == 0) return from;
  std::vector<T> some;
  for (std::size_t k = 0; k < (node.aux2 == 1 ? shape.rows() : shape.columns); ++k)
    some.push_back(node.aux2 == 1 ? from[k * shape.columns + i] : from[i * shape.columns + k]);
  return some;
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
    const program::Shape shape = g.shape(node.args[0]);
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = reduce(node.op, terms(node, arg(0), shape, i), terms(node, arg(node.args.size() - 1), shape, i))[0];
  } else if (node.op == Op::concat) {
    out.clear();
    for (std::size_t k = 0; k < node.args.size(); ++k) out.insert(out.end(), arg(k).begin(), arg(k).end());
  } else if (node.op == Op::loop) {
    out = repeat(node, done);
  } else if (node.op == Op::branch) {
    out = choose(node, done);
  } else if (node.op == Op::scatter) {
    for (std::size_t i = 0; i < arg(0).size(); ++i) out[static_cast<std::size_t>((*node.data)[i])] += arg(0)[i];
  } else if (node.op == Op::reshape) {
    out = arg(0);
  } else if (node.op > Op::argmax && node.op != Op::elem && node.op != Op::slice && node.op != Op::gather &&
             node.op != Op::fill) {
    const auto grid = [&](std::size_t k) {
      const program::Shape shape = g.shape(node.args[k]);
      const bool row = shape.vector() && k == 0 && node.op == Op::product;
      return row ? Grid<T>{1, shape.length, arg(k)}
                 : Grid<T>{shape.scalar() ? 1 : shape.rows(), shape.matrix() ? shape.columns : 1, arg(k)};
    };
    out = matrices(node, grid(0), grid(node.args.size() > 1 ? 1 : 0), arg(node.args.size() - 1));
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
