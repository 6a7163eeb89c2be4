#include "program/shapes.hpp"

#include <algorithm>

namespace optexplore::program {
namespace {

/// Rows and columns as broadcasting sees them: a vector is a row.
std::uint32_t rows(Shape shape) { return shape.matrix() ? shape.rows() : 1; }
std::uint32_t columns(Shape shape) { return shape.matrix() ? shape.columns : shape.length; }

bool stretches(std::uint32_t a, std::uint32_t b) { return a == b || a == 1 || b == 1; }

/// The shape of two values together; a number when there is none.
Shape together(Shape a, Shape b) {
  if (a == b) return a;
  if (a.vector() && b.vector()) return {};
  // A vector is as long as the rows: only matrices stretch.
  if ((a.vector() && columns(b) != a.length) || (b.vector() && columns(a) != b.length)) return {};
  if (!stretches(rows(a), rows(b)) || !stretches(columns(a), columns(b))) return {};
  return checked_shape(std::max(rows(a), rows(b)), std::max(columns(a), columns(b)));
}

std::string in_words(Shape a, Shape b) {
  if (a.vector() && b.vector())
    return "vectors of " + std::to_string(a.length) + " and " + std::to_string(b.length) + " elements";
  if (a.matrix() && b.matrix())
    return "matrices of " + describe(a).substr(std::string("a matrix of ").size()) + " and " +
           describe(b).substr(std::string("a matrix of ").size());
  return describe(a) + " and " + describe(b);
}

}  // namespace

std::string describe(Shape shape) {
  if (shape.scalar()) return "a number";
  if (shape.vector()) return "a vector of " + std::to_string(shape.length);
  return "a matrix of " + std::to_string(shape.rows()) + "×" + std::to_string(shape.columns);
}

Shape checked_shape(std::uint64_t rows, std::uint64_t columns) {
  if (rows == 0 || columns == 0) throw InputError("expected at least one row and one column");
  if (rows > max_vector_length || columns > max_vector_length || rows * columns > max_vector_length)
    throw InputError("expected at most " + std::to_string(max_vector_length) + " elements, found " +
                     std::to_string(rows) + "×" + std::to_string(columns));
  return matrix_shape(static_cast<std::uint32_t>(rows), static_cast<std::uint32_t>(columns));
}

NodeId broadcast_to(Graph& graph, NodeId value, Shape shape) {
  const Shape from = graph.shape(value);
  if (from.scalar() || from == shape) return value;
  if (!shape.matrix() || (from.vector() && from.length != shape.columns)) return no_node;
  if (rows(from) != shape.rows() && rows(from) != 1) return no_node;
  if (columns(from) != shape.columns && columns(from) != 1) return no_node;
  if (rows(from) == 1 && columns(from) == 1) return graph.fill(graph.element(value, 0), shape);
  return graph.repeat(value, shape, rows(from) == 1 ? 1 : 2);
}

void broadcast(Graph& graph, std::vector<NodeId>& values) {
  Shape shape;
  for (const bool vectors : {false, true})  // they go with the rows of what the matrices are together
    for (const NodeId value : values) {
      const Shape next = graph.shape(value);
      if (next.scalar() || next.vector() != vectors) continue;
      const Shape both = shape.scalar() ? next : together(shape, next);
      if (both.scalar()) {
        const bool in_order = graph.shape(values[0]) != next;
        throw ShapeMismatch(in_words(in_order ? shape : next, in_order ? next : shape) + " can't be combined");
      }
      shape = both;
    }
  for (NodeId& value : values) value = broadcast_to(graph, value, shape);
}

}  // namespace optexplore::program
