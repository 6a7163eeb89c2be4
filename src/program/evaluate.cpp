#include "program/evaluate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "program/factorizations.hpp"
#include "program/linear_solve.hpp"

namespace optexplore::program {
namespace {

using language::Op;
using Values = std::vector<double>;

/// Some of an argument's elements: `count` of them from `first` on, `stride` apart.
struct Stretch {
  std::size_t first = 0;
  std::size_t count = 0;
  std::size_t stride = 1;
  [[nodiscard]] Values of(const Argument& from) const {
    Values values(count);
    for (std::size_t i = 0; i < count; ++i) values[i] = from.at(first + i * stride);
    return values;
  }
};

/// What element `i` of a reduction along an index is made of.
Stretch reduced(Shape shape, std::uint32_t along, std::size_t i) {
  if (along == 0) return {0, shape.size()};
  if (along == 1) return {i, shape.rows(), shape.columns};
  return {i * shape.columns, shape.columns};
}

bool goes_before(Op op, double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && !std::isnan(b);
  return op == Op::argmin ? a < b : a > b;
}

double reduce(Op op, Values terms, const Values& others) {
  if (op == Op::argmin || op == Op::argmax) {
    std::size_t best = 0;
    for (std::size_t i = 1; i < terms.size(); ++i)
      if (goes_before(op, terms[i], terms[best])) best = i;
    return static_cast<double>(best + 1);
  }
  if (op == Op::reduce_min || op == Op::reduce_max) {
    std::array<double, 2> v{terms[0], 0};
    for (std::size_t i = 1; i < terms.size(); ++i) {
      v[1] = terms[i];
      v[0] = language::evaluate(op == Op::reduce_min ? Op::min : Op::max, v.data());
    }
    return v[0];
  }
  if (op == Op::dot || op == Op::norm)
    for (std::size_t i = 0; i < terms.size(); ++i) terms[i] *= op == Op::dot ? others[i] : terms[i];
  const double total = language::ordered_sum(terms.data(), terms.size());
  return op == Op::norm ? std::sqrt(total) : total;
}

Values reduction(const Node& node, std::span<const Argument> args) {
  Values values(node.shape.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Stretch stretch = reduced(args[0].shape, node.aux2, i);
    values[i] = reduce(node.op, stretch.of(args[0]), args.size() > 1 ? stretch.of(args[1]) : Values());
  }
  return values;
}

Values elementwise(const Node& node, std::span<const Argument> args) {
  Values values(node.shape.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::array<double, 3> v{};
    for (std::size_t k = 0; k < args.size(); ++k) v[k] = args[k].at(i);
    values[i] = language::evaluate(node.op, v.data(), static_cast<std::int32_t>(node.aux));
  }
  return values;
}

/// A vector is one row on the left and one column on the right.
Values product(const Node& node, const Argument& a, const Argument& b) {
  const bool ta = (node.aux & 1U) != 0, tb = (node.aux & 2U) != 0;
  const std::size_t a_columns = a.shape.matrix() ? a.shape.columns : a.shape.length;
  const std::size_t b_columns = b.shape.matrix() ? b.shape.columns : 1;
  const std::size_t k = ta ? a.shape.rows() : a_columns;
  const std::size_t n = tb ? b.shape.rows() : b_columns;
  Values values(node.shape.size()), terms(k);
  for (std::size_t at = 0; at < values.size(); ++at) {
    const std::size_t i = at / n, j = at % n;
    for (std::size_t s = 0; s < k; ++s)
      terms[s] =
          a.values[ta ? s * a_columns + i : i * a_columns + s] * b.values[tb ? j * b_columns + s : s * b_columns + j];
    values[at] = language::ordered_sum(terms.data(), k);
  }
  return values;
}

Values cumsum(const Node& node, const Argument& arg) {
  Values values(arg.values.begin(), arg.values.end());
  const std::size_t width = node.shape.matrix() ? node.shape.columns : values.size();
  for (std::size_t begin = 0; begin < values.size(); begin += width)
    for (std::size_t i = 1; i < width; ++i) {
      const std::size_t at = node.aux == 0 ? begin + i : begin + width - 1 - i;
      values[at] = values[node.aux == 0 ? at - 1 : at + 1] + values[at];
    }
  return values;
}

Values argsort(const Node& node, const Argument& arg) {
  Values places(node.shape.size());
  const std::size_t width = node.shape.matrix() ? node.shape.columns : places.size();
  std::vector<std::size_t> order(width);
  for (std::size_t begin = 0; begin < places.size(); begin += width) {
    std::iota(order.begin(), order.end(), begin);
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
      return arg.values[a] < arg.values[b] || (std::isnan(arg.values[b]) && !std::isnan(arg.values[a]));
    });
    for (std::size_t i = 0; i < width; ++i) places[begin + i] = static_cast<double>(order[i] - begin + 1);
  }
  return places;
}

/// Column by column.
Values solve(const Node& node, const Argument& a, const Argument& b) {
  const std::size_t columns = node.shape.matrix() ? node.shape.columns : 1, n = node.shape.size() / columns;
  Values values(node.shape.size()), z(n);
  for (std::size_t j = 0; j < columns; ++j) {
    for (std::size_t i = 0; i < n; ++i) z[i] = b.values[i * columns + j];
    linear_solve(a.values.data(), z.data(), n, 1);
    for (std::size_t i = 0; i < n; ++i) values[i * columns + j] = z[i];
  }
  return values;
}

Values factor(const Node& node, const Argument& a) {
  Values values(node.shape.size()), eigenvalues(a.shape.columns);
  const std::size_t n = a.shape.columns;
  switch (node.op) {
    case Op::cholesky: cholesky(a.values.data(), values.data(), n); break;
    case Op::qr_q: orthonormal_columns(a.values.data(), values.data(), a.shape.rows(), n); break;
    case Op::det: values[0] = determinant(a.values.data(), n); break;
    case Op::eigvals: symmetric_eigen(a.values.data(), values.data(), nullptr, n); break;
    default: symmetric_eigen(a.values.data(), eigenvalues.data(), values.data(), n);
  }
  return values;
}

/// The first element of the group of that number; nothing for one that is no number.
bool begin_of_group(double number, std::size_t width, std::size_t& begin) {
  if (std::isnan(number)) return false;
  begin = (static_cast<std::size_t>(number) - 1) * width;
  return true;
}

Values by_numbers(const Node& node, std::span<const Argument> args) {
  const std::size_t width = node.aux;
  const Argument& numbers = args[1];
  Values values(node.shape.size(), node.op == Op::take ? std::numeric_limits<double>::quiet_NaN() : 0.0);
  if (node.op == Op::put) std::ranges::copy(args[0].values, values.begin());
  const Argument& given = node.op == Op::put ? args[2] : args[0];
  for (std::size_t i = 0, begin = 0; i < numbers.values.size(); ++i) {
    if (!begin_of_group(numbers.values[i], width, begin)) continue;
    for (std::size_t w = 0; w < width; ++w) {
      if (node.op == Op::take) values[i * width + w] = given.values[begin + w];
      if (node.op == Op::place) values[begin + w] += given.at(i * width + w);
      if (node.op == Op::put) values[begin + w] = given.at(i * width + w);
    }
  }
  return values;
}

}  // namespace

bool is_copy(Op op) {
  switch (op) {
    case Op::elem:
    case Op::slice:
    case Op::gather:
    case Op::reshape:
    case Op::transpose:
    case Op::repeat:
    case Op::fill: return true;
    default: return false;
  }
}

std::uint32_t source_of(const Node& node, Shape argument, std::uint32_t i) {
  switch (node.op) {
    case Op::elem:
    case Op::slice: return node.aux + i;
    case Op::gather: return static_cast<std::uint32_t>((*node.data)[i]);
    case Op::transpose: return i % node.shape.columns * argument.columns + i / node.shape.columns;
    case Op::repeat: return node.aux == 1 ? i % node.shape.columns : i / node.shape.columns;
    case Op::fill: return 0;
    default: return i;
  }
}

bool has_plain_value(Op op) {
  if (language::is_elementwise(op) || language::is_reduction(op) || is_copy(op)) return true;
  switch (op) {
    case Op::product:
    case Op::solve:
    case Op::cholesky:
    case Op::qr_q:
    case Op::det:
    case Op::eigvals:
    case Op::eigvecs:
    case Op::cumsum:
    case Op::argsort:
    case Op::scatter:
    case Op::concat:
    case Op::take:
    case Op::place:
    case Op::put: return true;
    default: return false;
  }
}

Values evaluate(const Node& node, std::span<const Argument> args) {
  if (language::is_elementwise(node.op)) return elementwise(node, args);
  if (language::is_reduction(node.op)) return reduction(node, args);
  Values values(node.shape.size());
  if (is_copy(node.op)) {
    for (std::uint32_t i = 0; i < values.size(); ++i) values[i] = args[0].at(source_of(node, args[0].shape, i));
    return values;
  }
  switch (node.op) {
    case Op::product: return product(node, args[0], args[1]);
    case Op::solve: return solve(node, args[0], args[1]);
    case Op::cholesky:
    case Op::qr_q:
    case Op::det:
    case Op::eigvals:
    case Op::eigvecs: return factor(node, args[0]);
    case Op::cumsum: return cumsum(node, args[0]);
    case Op::argsort: return argsort(node, args[0]);
    case Op::scatter:
      for (std::size_t i = 0; i < node.data->size(); ++i)
        values[static_cast<std::size_t>((*node.data)[i])] += args[0].at(i);
      return values;
    case Op::concat: {
      auto to = values.begin();
      for (const Argument& part : args) to = std::ranges::copy(part.values, to).out;
      return values;
    }
    case Op::take:
    case Op::place:
    case Op::put: return by_numbers(node, args);
    default: throw std::logic_error("evaluate: no plain operation");
  }
}

}  // namespace optexplore::program
