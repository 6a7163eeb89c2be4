#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "language/ops.hpp"

namespace optexplore::program {

/// A node's number in its graph. Arguments always have smaller numbers than the nodes that use them, so
/// ascending order is a topological order.
using NodeId = std::uint32_t;
inline constexpr NodeId no_node = 0xFFFFFFFF;

/// A scalar (length 0) or a vector of `length` elements.
struct Shape {
  std::uint32_t length = 0;
  [[nodiscard]] bool scalar() const { return length == 0; }
  [[nodiscard]] std::uint32_t rows() const { return length == 0 ? 1 : length; }
  bool operator==(const Shape&) const = default;
};

using Data = std::shared_ptr<const std::vector<double>>;

struct Body;

struct Node {
  language::Op op = language::Op::constant;
  Shape shape;
  std::uint32_t aux = 0;  ///< see Op
  std::uint32_t aux2 = 0;
  double value = 0;                       ///< scalar constant
  Data data;                              ///< constant vector; indices of gather and scatter
  std::shared_ptr<const Body> body = {};  ///< of a loop or a limit
  std::vector<NodeId> args;
};

/// Whether the two arguments of an operation may be swapped without changing a bit.
bool commutative(language::Op op);

/// Limits that keep a hostile definition from eating the machine.
inline constexpr std::size_t max_graph_nodes = 2'000'000;
inline constexpr std::size_t max_vector_length = 10'000'000;

/// An append-only graph of typed operations. Equal nodes are one node, constants are folded, and identities
/// are simplified when no rounding, NaN or sign of zero can change. So two texts that mean the same
/// computation usually are the same node.
class Graph {
 public:
  [[nodiscard]] const Node& operator[](NodeId id) const { return nodes_[id]; }
  [[nodiscard]] std::size_t size() const { return nodes_.size(); }
  [[nodiscard]] Shape shape(NodeId id) const { return nodes_[id].shape; }

  NodeId constant(double value);
  NodeId constant(std::vector<double> values);
  /// A value given from outside; each call makes a new one. Its number is Node::aux.
  NodeId input(Shape shape);
  /// A draw per coordinate; each call is a draw site of its own. The site is Node::aux.
  NodeId random(language::Draw kind, Shape shape);

  /// An elementwise operation or reduction; scalars broadcast. Vectors must have one length (a logic error
  /// otherwise: the builder checks what users write).
  NodeId apply(language::Op op, std::span<const NodeId> args);
  NodeId apply(language::Op op, std::initializer_list<NodeId> args) {
    return apply(op, std::span<const NodeId>(args.begin(), args.size()));
  }
  /// x^exponent by repeated multiplication.
  NodeId integer_power(NodeId x, std::int32_t exponent);

  /// Element `index` (from 0) of a vector, as a scalar.
  NodeId element(NodeId vector, std::uint32_t index);
  NodeId slice(NodeId vector, std::uint32_t offset, std::uint32_t length);
  NodeId gather(NodeId vector, const std::vector<std::uint32_t>& indices);
  NodeId scatter(NodeId vector, const Data& indices, std::uint32_t length);
  NodeId concat(std::span<const NodeId> parts);
  NodeId fill(NodeId scalar, std::uint32_t length);
  /// The solution z of A·z = b. `matrix` holds A row by row in length² elements, `b` has length elements. Has no
  /// derivative.
  NodeId solve(NodeId matrix, NodeId b);

  /// The lowest and the highest eigenvalue of a symmetric matrix of n² elements row by row, then the last components
  /// of their unit eigenvectors (absolute values). Has no derivative either.
  NodeId eigen(NodeId matrix);
  /// The same of a symmetric tridiagonal matrix; `off` is as long as `diagonal`, its last element doesn't count.
  NodeId tridiagonal_eigen(NodeId diagonal, NodeId off);

  /// Runs `body` `count` times. The result is one vector: what is carried, as it is after the last time, then for each
  /// stacked number its `count` values. Has no derivative.
  NodeId loop(std::shared_ptr<const Body> body, std::uint32_t count, std::span<const NodeId> captured,
              std::span<const NodeId> carried);

  /// `derivative` where it is finite, else its limits, as program/limit.hpp has them; then one element more: the
  /// number, from 1, of the first that isn't finite although the function is, else 0.
  /// @param body      what computes it (`next`) and the function (`stacked`) from `captured`, closed
  /// @param captured  first the point that it is the derivative at, then what else it depends on; two at most
  NodeId limit(NodeId derivative, std::shared_ptr<const Body> body, std::span<const NodeId> captured);

  NodeId add(NodeId a, NodeId b) { return apply(language::Op::add, {a, b}); }
  NodeId sub(NodeId a, NodeId b) { return apply(language::Op::sub, {a, b}); }
  NodeId mul(NodeId a, NodeId b) { return apply(language::Op::mul, {a, b}); }
  NodeId div(NodeId a, NodeId b) { return apply(language::Op::div, {a, b}); }
  NodeId neg(NodeId a) { return apply(language::Op::neg, {a}); }
  NodeId where(NodeId c, NodeId a, NodeId b) { return apply(language::Op::where, {c, a, b}); }

  /// The scalar or vector constant's element i (a scalar's value for every i). Only for constants.
  [[nodiscard]] double constant_element(NodeId id, std::uint32_t i) const;
  [[nodiscard]] bool is_constant(NodeId id) const { return nodes_[id].op == language::Op::constant; }
  [[nodiscard]] bool is_constant(NodeId id, double value) const;

  /// A graph of what computes `nodes`, and nothing else; `nodes` become their numbers there. Inputs stay inputs.
  [[nodiscard]] Graph extract(std::span<NodeId> nodes) const;

  /// The same computation as `root` with some nodes replaced by others of the same shape.
  NodeId substitute(NodeId root, const std::vector<std::pair<NodeId, NodeId>>& replacements);

 private:
  struct Key;
  NodeId intern(Node node);
  NodeId fold(language::Op op, std::span<const NodeId> args, Shape shape, std::int32_t exponent);
  NodeId fold_reduction(language::Op op, std::span<const NodeId> args);
  NodeId simplify(language::Op op, std::span<const NodeId> args, Shape shape);
  NodeId simplify_product(NodeId a, NodeId b, Shape shape);
  NodeId simplify_quotient(NodeId a, NodeId b, Shape shape);
  NodeId rebuild(const Node& node, std::vector<NodeId> args);

  std::vector<Node> nodes_;
  std::unordered_multimap<std::size_t, NodeId> index_;
  std::uint32_t inputs_ = 0;
  std::uint32_t draws_ = 0;
};

/// What a loop does each time, or what a limit is of: a graph of its own, closed, so that it sees nothing but its
/// inputs.
struct Body {
  Graph graph;
  NodeId index = no_node;        ///< the number of the iteration, from 1
  std::vector<NodeId> captured;  ///< inputs that stay
  std::vector<NodeId> carried;   ///< inputs that become `next` for the next time
  std::vector<NodeId> next;
  std::vector<NodeId> stacked;  ///< numbers whose values are all kept
};

}  // namespace optexplore::program
