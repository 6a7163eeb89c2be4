#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "language/ops.hpp"
#include "text/caret.hpp"

namespace optexplore::program {

/// A node's number in its graph. Arguments always have smaller numbers than the nodes that use them, so
/// ascending order is a topological order.
using NodeId = std::uint32_t;
inline constexpr NodeId no_node = 0xFFFFFFFF;

/// A number, a vector or a matrix, whose elements stand row by row.
struct Shape {
  std::uint32_t length = 0;   ///< elements; 0: a number
  std::uint32_t columns = 0;  ///< of a matrix; 0: a number or a vector
  [[nodiscard]] bool scalar() const { return length == 0; }
  [[nodiscard]] bool vector() const { return length != 0 && columns == 0; }
  [[nodiscard]] bool matrix() const { return columns != 0; }
  [[nodiscard]] std::uint32_t rows() const { return matrix() ? length / columns : size(); }
  /// How many numbers it holds.
  [[nodiscard]] std::uint32_t size() const { return length == 0 ? 1 : length; }
  bool operator==(const Shape&) const = default;
};

/// The shape of a matrix.
constexpr Shape matrix_shape(std::uint32_t rows, std::uint32_t columns) { return {rows * columns, columns}; }

using Data = std::shared_ptr<const std::vector<double>>;

struct Body;

/// The text that a node was built from, to show what goes wrong in a run. It counts for nothing when nodes are
/// compared.
struct Origin {
  std::string source;
  text::Span span;
};
using Site = std::shared_ptr<const Origin>;

struct Node {
  language::Op op = language::Op::constant;
  Shape shape;
  std::uint32_t aux = 0;  ///< see Op
  std::uint32_t aux2 = 0;
  double value = 0;                            ///< scalar constant
  Data data;                                   ///< constant vector or matrix; indices of gather and scatter
  std::shared_ptr<const Body> body = {};       ///< of a loop or a limit; what a branch does when its condition holds
  std::shared_ptr<const Body> otherwise = {};  ///< what a branch does else
  Site site = {};                              ///< of what may go wrong in a run
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
  NodeId constant(std::vector<double> values, Shape shape);
  /// A value given from outside; each call makes a new one. Its number is Node::aux.
  NodeId input(Shape shape);
  /// Op::f32, f16 or bf16: from now on constants and the results of arithmetic are rounded to that format, a sum or a
  /// product of matrices as a whole; nothing: they are what they are.
  void round_to(std::optional<language::Op> format) { format_ = format; }
  [[nodiscard]] std::optional<language::Op> format() const { return format_; }

  /// A draw per coordinate; each call is a draw site of its own. The site is Node::aux.
  NodeId random(language::Draw kind, Shape shape);
  NodeId random(language::Draw kind, Shape shape, std::uint32_t site);
  /// How many draw sites there are; the next ones may be numbered again when what has them is built again.
  [[nodiscard]] std::uint32_t draws() const { return draws_; }
  void number_draws_from(std::uint32_t site) { draws_ = site; }

  /// An elementwise operation or a reduction of all elements; scalars broadcast. Others must have one shape (a logic
  /// error otherwise: the builder checks what users write).
  NodeId apply(language::Op op, std::span<const NodeId> args);
  NodeId apply(language::Op op, std::initializer_list<NodeId> args) {
    return apply(op, std::span<const NodeId>(args.begin(), args.size()));
  }
  /// x^exponent by repeated multiplication.
  NodeId integer_power(NodeId x, std::int32_t exponent);

  /// A reduction of a matrix along its first index (1: a number per column) or its second one (2: a number per row).
  NodeId along(language::Op op, NodeId matrix, std::uint32_t index);

  // Elements are numbered from 0, those of a matrix row by row. What is taken of them is a vector.
  /// Element `index` as a scalar.
  NodeId element(NodeId values, std::uint32_t index);
  NodeId slice(NodeId values, std::uint32_t offset, std::uint32_t length);
  NodeId gather(NodeId values, const std::vector<std::uint32_t>& indices);
  NodeId scatter(NodeId values, const Data& indices, std::uint32_t length);
  /// The elements of all parts in one vector.
  NodeId concat(std::span<const NodeId> parts);
  NodeId fill(NodeId scalar, Shape shape);
  /// The same elements in another shape of that size.
  NodeId reshape(NodeId value, Shape shape);
  NodeId transpose(NodeId matrix);
  /// The matrix whose rows (along = 1) or columns (2) all are the vector.
  NodeId repeat(NodeId vector, Shape shape, std::uint32_t along);

  // Numbers that a run computes, from 1, as places. Those of `index` are in its range or NaN.
  /// `value` where it is a whole number in 1 … limit, else NaN and a fault.
  NodeId index(NodeId value, std::uint32_t limit, Site site);
  /// Groups of `width` elements: one after another those with the given numbers.
  NodeId take(NodeId values, NodeId numbers, std::uint32_t width);
  /// Zeros of the shape with groups of `width` elements added at their numbers.
  NodeId place(NodeId values, NodeId numbers, Shape shape, std::uint32_t width);
  /// `values` with groups of `width` elements replaced; of two with one number the later stays.
  NodeId put(NodeId values, NodeId numbers, NodeId replacements, std::uint32_t width);

  /// The product of two matrices, of a matrix and a vector, or of two vectors (a scalar). The terms of each of its
  /// elements are added in the order of language::ordered_sum.
  NodeId product(NodeId a, NodeId b);
  /// Sums along the last index, of the elements up to each one, or from each one on.
  NodeId cumsum(NodeId value, bool backwards = false);
  /// The places, from 1, in the order of the elements along the last index; what is equal keeps its order.
  NodeId argsort(NodeId value);
  /// An operation on one matrix that gives a result of the shape: cholesky, qr_q, det, eigvals, eigvecs.
  NodeId factor(language::Op op, NodeId matrix, Shape shape, Site site = {});
  /// The solution z of A·z = b, which has the shape of b.
  NodeId solve(NodeId matrix, NodeId b, Site site = {});

  /// The lowest and the highest eigenvalue of a symmetric matrix, then the last components of their unit eigenvectors
  /// (absolute values). Has no derivative.
  NodeId eigen(NodeId matrix);
  /// The same of a symmetric tridiagonal matrix; `off` is as long as `diagonal`, its last element doesn't count.
  NodeId tridiagonal_eigen(NodeId diagonal, NodeId off);

  /// Runs `body` `count` times, or with a test as long as that holds, at most `count` times. The result is one vector:
  /// what is carried, as it is after the last time, then for each stacked number its `count` values; with a test, which
  /// allows no stacked numbers, how many times it was. Each lane goes its own way. Has tangents, and no reverse mode.
  /// @param site  of the test, where it is a fault when it doesn't end the loop
  NodeId loop(std::shared_ptr<const Body> body, std::uint32_t count, std::span<const NodeId> captured,
              std::span<const NodeId> carried, Site site = {});

  /// The `next` of one of two bodies, one after another in a vector: of `then` where the condition holds (is a number
  /// and not 0), else of `otherwise`. What is not taken is not run. Both capture the same. Has tangents, and no reverse
  /// mode.
  NodeId branch(NodeId condition, std::shared_ptr<const Body> then, std::shared_ptr<const Body> otherwise,
                std::span<const NodeId> captured);

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

  /// The operation of another graph's node, on arguments of the same shapes; a draw keeps its site.
  NodeId adopt(const Node& node, std::vector<NodeId> args);

  /// A graph of what computes `nodes`, and nothing else; `nodes` become their numbers there. Inputs stay inputs.
  [[nodiscard]] Graph extract(std::span<NodeId> nodes) const;

  /// From now on it is known that an input is this number in every run. It stays an input.
  void assume(NodeId input, double value) { assumed_.emplace_back(input, value); }
  /// The value of a number that is constant, or follows from what is assumed.
  std::optional<double> known_value(NodeId number);

  /// The same computation as `root` with some nodes replaced by others of the same shape.
  NodeId substitute(NodeId root, const std::vector<std::pair<NodeId, NodeId>>& replacements);

 private:
  struct Key;
  NodeId intern(Node node);
  NodeId intern_as_it_is(Node node);
  void join_slices(std::vector<NodeId>& parts);
  /// Interns what was made of the arguments, or the constant that it is.
  NodeId finish(Node node);
  NodeId simplify(language::Op op, std::span<const NodeId> args, Shape shape);
  NodeId simplify_product(NodeId a, NodeId b, Shape shape);
  NodeId simplify_quotient(NodeId a, NodeId b, Shape shape);
  NodeId rebuild(const Node& node, std::vector<NodeId> args);
  static Node made(language::Op op, Shape shape, std::initializer_list<NodeId> args, std::uint32_t aux = 0);

  std::vector<Node> nodes_;
  std::unordered_multimap<std::size_t, NodeId> index_;
  std::uint32_t inputs_ = 0;
  std::uint32_t draws_ = 0;
  std::optional<language::Op> format_;
  std::vector<std::pair<NodeId, double>> assumed_;
};

/// Sets a graph's format for as long as it lives.
class InFormat {
 public:
  InFormat(Graph& graph, std::optional<language::Op> format) : graph_(graph), before_(graph.format()) {
    graph.round_to(format);
  }
  ~InFormat() { graph_.round_to(before_); }
  InFormat(const InFormat&) = delete;
  InFormat& operator=(const InFormat&) = delete;

 private:
  Graph& graph_;
  std::optional<language::Op> before_;
};

/// What a loop does each time, a branch in one case, or what a limit is of: a graph of its own, closed, so that it sees
/// nothing but its inputs.
struct Body {
  Graph graph;
  NodeId index = no_node;        ///< the number of the iteration, from 1
  std::vector<NodeId> captured;  ///< inputs that stay
  NodeId test = no_node;        ///< a loop goes on while it holds (is a number and not 0); it is asked before each time
  std::vector<NodeId> carried;  ///< inputs that become `next` for the next time
  std::vector<NodeId> next;
  std::vector<NodeId> stacked;  ///< numbers whose values are all kept
};

}  // namespace optexplore::program
