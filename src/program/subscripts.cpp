#include "program/subscripts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "language/ops.hpp"
#include "program/shapes.hpp"
#include "text/number.hpp"

namespace optexplore::program {
namespace {

using language::Op;

/// Groups of elements that stand beside each other.
struct Picked {
  /// Their places from 0, when they are known: whole groups from first on, or these.
  std::optional<std::uint32_t> first;
  NodeId numbers = no_node;  ///< from 1
  std::uint32_t count = 1;   ///< of groups
  std::uint32_t width = 1;   ///< of a group
  Shape shape;               ///< of all of them
};

class Picker {
 public:
  Picker(Graph& graph, NodeId base, const IndexText& text)
      : g_(graph), base_(base), shape_(graph.shape(base)), text_(text) {}

  Picked picked(std::span<const Subscript> subscripts) {
    if (shape_.scalar()) fail(text_.base, "a number has no elements; only a vector or a matrix has");
    if (subscripts.size() == 2 && !shape_.matrix()) fail(text_.whole, "two indices need a matrix");
    if (subscripts.size() == 1 || is_whole(subscripts[1], shape_.columns)) return along_first(subscripts[0]);
    return both(subscripts[0], subscripts[1]);
  }

  NodeId take(const Picked& from) {
    if (from.first) return g_.reshape(g_.slice(base_, *from.first * from.width, from.count * from.width), from.shape);
    if (!g_.is_constant(from.numbers)) return g_.reshape(g_.take(base_, from.numbers, from.width), from.shape);
    const std::vector<std::uint32_t> places = elements(from);
    if (from.shape.scalar()) return g_.element(base_, places[0]);
    return g_.reshape(g_.gather(base_, places), from.shape);
  }

  NodeId replaced(const Picked& at, NodeId value, text::Span value_span) {
    const NodeId with = broadcast_to(g_, value, at.shape);
    if (with == no_node)
      fail(value_span, "expected a number" + (at.shape.scalar() ? "" : " or " + describe(at.shape)) +
                           (at.shape.vector() ? ", one for each element" : "") + ", found " +
                           describe(g_.shape(value)));
    if (!at.first && !g_.is_constant(at.numbers)) return g_.put(base_, at.numbers, with, at.width);
    // Behind the old elements stand the new ones: each place takes from where its last value is.
    const bool one = g_.shape(with).scalar();
    const std::vector<std::uint32_t> places = elements(at);
    std::vector<std::uint32_t> from(shape_.length);
    std::iota(from.begin(), from.end(), 0U);
    for (std::uint32_t i = 0; i < places.size(); ++i) from[places[i]] = shape_.length + (one ? 0 : i);
    return g_.reshape(g_.gather(g_.concat(std::array{base_, with}), from), shape_);
  }

 private:
  [[noreturn]] void fail(text::Span span, const std::string& message) const {
    throw text::error_at(text_.source, span, message);
  }

  static bool is_whole(const Subscript& subscript, std::uint32_t limit) {
    return subscript.numbers == no_node && subscript.first.value_or(1) == 1 && subscript.last.value_or(limit) == limit;
  }

  /// The elements that are known, in order, from 0.
  [[nodiscard]] std::vector<std::uint32_t> elements(const Picked& of) const {
    std::vector<std::uint32_t> places;
    for (std::uint32_t i = 0; i < of.count; ++i) {
      const std::uint32_t group =
          of.first ? *of.first + i : static_cast<std::uint32_t>(g_.constant_element(of.numbers, i)) - 1;
      for (std::uint32_t w = 0; w < of.width; ++w) places.push_back(group * of.width + w);
    }
    return places;
  }

  void check(double index, std::uint32_t limit, text::Span span) const {
    if (index != std::floor(index)) fail(span, "an index must be a whole number");
    if (index >= 1 && index <= limit) return;
    const std::string found =
        std::fabs(index) < 1e15 ? std::to_string(static_cast<std::int64_t>(index)) : text::number_text(index);
    fail(span, "index " + found + " is outside 1…" + std::to_string(limit));
  }

  /// The first and the last one of a range, checked.
  [[nodiscard]] std::pair<std::uint32_t, std::uint32_t> ends_of(const Subscript& range, std::uint32_t limit) const {
    const std::int64_t first = range.first.value_or(1), last = range.last.value_or(limit);
    check(static_cast<double>(first), limit, range.first_span);
    check(static_cast<double>(last), limit, range.last_span);
    if (last < first) fail(text_.whole, "the slice is empty: its end lies before its beginning");
    return {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last)};
  }

  /// The numbers of a subscript, in its range.
  NodeId numbers(const Subscript& subscript, std::uint32_t limit) {
    if (subscript.numbers == no_node) {
      const auto [first, last] = ends_of(subscript, limit);
      std::vector<double> values(last - first + 1);
      std::iota(values.begin(), values.end(), static_cast<double>(first));
      return g_.constant(std::move(values));
    }
    const Shape shape = g_.shape(subscript.numbers);
    if (shape.matrix()) fail(subscript.span, "expected a number or a vector as an index, found " + describe(shape));
    if (!g_.is_constant(subscript.numbers))
      return g_.index(subscript.numbers, limit, std::make_shared<const Origin>(Origin{text_.source, subscript.span}));
    for (std::uint32_t i = 0; i < shape.size(); ++i)
      check(g_.constant_element(subscript.numbers, i), limit, subscript.span);
    return subscript.numbers;
  }

  /// Elements of a vector, rows of a matrix.
  Picked along_first(const Subscript& subscript) {
    const std::uint32_t width = shape_.matrix() ? shape_.columns : 1;
    Picked result;
    result.width = width;
    bool one = false;
    if (subscript.numbers == no_node) {
      const auto [first, last] = ends_of(subscript, shape_.rows());
      result.first = first - 1;
      result.count = last - first + 1;
    } else {
      result.numbers = numbers(subscript, shape_.rows());
      result.count = g_.shape(result.numbers).size();
      one = g_.shape(result.numbers).scalar();
    }
    if (shape_.matrix())
      result.shape = one ? Shape{width} : checked_shape(result.count, width);
    else
      result.shape = one ? Shape{} : Shape{result.count};
    return result;
  }

  Picked both(const Subscript& row, const Subscript& column) {
    const NodeId i = numbers(row, shape_.rows()), j = numbers(column, shape_.columns);
    const Shape rows = g_.shape(i), columns = g_.shape(j);
    std::vector<NodeId> pair = {i, j};
    Shape shape = rows.scalar() ? columns : rows;
    if (!rows.scalar() && !columns.scalar()) {
      if (row.numbers == no_node || column.numbers == no_node) {
        shape = checked_shape(rows.length, columns.length);
        pair = {g_.repeat(i, shape, 2), g_.repeat(j, shape, 1)};
      } else if (rows != columns) {
        fail(text_.whole,
             "the indices differ in length: " + std::to_string(rows.length) + " and " + std::to_string(columns.length));
      }
    }
    const NodeId before = g_.sub(pair[0], g_.constant(1.0));
    const NodeId number = g_.add(g_.mul(before, g_.constant(shape_.columns)), pair[1]);
    Picked result;
    result.numbers = g_.reshape(number, shape.matrix() ? Shape{shape.length} : shape);
    result.count = shape.size();
    result.shape = shape;
    return result;
  }

  Graph& g_;
  NodeId base_;
  Shape shape_;
  const IndexText& text_;
};

}  // namespace

NodeId pick(Graph& graph, NodeId base, std::span<const Subscript> subscripts, const IndexText& text) {
  Picker picker(graph, base, text);
  return picker.take(picker.picked(subscripts));
}

NodeId replace(Graph& graph, NodeId base, std::span<const Subscript> subscripts, NodeId value, const IndexText& text,
               text::Span value_span) {
  Picker picker(graph, base, text);
  return picker.replaced(picker.picked(subscripts), value, value_span);
}

}  // namespace optexplore::program
