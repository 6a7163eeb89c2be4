#include "program/functions.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "program/formulas.hpp"
#include "program/loop.hpp"
#include "program/shapes.hpp"
#include "text/number.hpp"

namespace optexplore::program {
namespace {

using language::Op;

class FunctionBuilder {
 public:
  FunctionBuilder(Graph& graph, const FunctionCall& call) : g_(graph), call_(call) {}

  NodeId run() {
    for (const auto& table : {formulas, reductions, makers, movements, algebra})
      for (const auto& [name, build] : table())
        if (name == call_.name) return (this->*build)();
    throw std::logic_error("nothing builds '" + std::string(call_.name) + "'");
  }

 private:
  struct Row {
    std::string_view name;
    NodeId (FunctionBuilder::*build)();
  };
  using Table = std::span<const Row>;

  [[nodiscard]] NodeId arg(std::size_t k) const { return call_.args[k]; }
  [[nodiscard]] Shape shape(std::size_t k) const { return g_.shape(arg(k)); }
  [[noreturn]] void expected(std::size_t k, const std::string& what) const {
    throw ArgumentError(k, "expected " + what + ", found " + describe(shape(k)));
  }
  NodeId number(double value) { return g_.constant(value); }

  /// All arguments in the shape that they have together.
  std::vector<NodeId> together() {
    std::vector<NodeId> values(call_.args.begin(), call_.args.end());
    broadcast(g_, values);
    return values;
  }

  /// The value of an argument that must be a whole number known before the run.
  [[nodiscard]] std::int64_t whole(std::size_t k, const std::string& what) const {
    if (!shape(k).scalar()) throw ArgumentError(k, what + " must be a number, found " + describe(shape(k)));
    const std::optional<double> known = g_.known_value(arg(k));
    if (!known)
      throw ArgumentError(k, what +
                                 " must be known before the run; it can't depend on the point, on t, or on what a "
                                 "sweep varies");
    const double value = *known;
    if (value != std::floor(value) || std::fabs(value) > 9e15) throw ArgumentError(k, what + " must be a whole number");
    return static_cast<std::int64_t>(value);
  }
  [[nodiscard]] std::uint64_t count(std::size_t k, const std::string& what) const {
    const std::int64_t value = whole(k, what);
    if (value < 1) throw ArgumentError(k, what + " must be at least 1, found " + std::to_string(value));
    return static_cast<std::uint64_t>(value);
  }

  // --- made of elementwise operations

  static Table formulas() {
    using B = FunctionBuilder;
    static constexpr std::array table = {Row{"relu", &B::relu_of},          Row{"silu", &B::silu},
                                         Row{"gelu", &B::gelu_of},          Row{"gelu_tanh", &B::gelu_tanh_of},
                                         Row{"isnan", &B::is_nan},          Row{"isfinite", &B::is_finite},
                                         Row{"clip", &B::clip_of},          Row{"logaddexp", &B::logaddexp_of},
                                         Row{"softmax", &B::softmax_of},    Row{"log_softmax", &B::log_softmax_of},
                                         Row{"logsumexp", &B::logsumexp_of}};
    return table;
  }
  NodeId relu_of() { return relu(g_, arg(0)); }
  NodeId silu() { return g_.mul(arg(0), g_.apply(Op::sigmoid, {arg(0)})); }
  NodeId gelu_of() { return gelu(g_, arg(0)); }
  NodeId gelu_tanh_of() { return gelu_tanh(g_, arg(0)); }
  NodeId is_nan() { return g_.apply(Op::ne, {arg(0), arg(0)}); }
  NodeId is_finite() { return g_.apply(Op::lt, {g_.apply(Op::abs, {arg(0)}), number(HUGE_VAL)}); }
  NodeId clip_of() {
    const std::vector<NodeId> v = together();
    return clip(g_, v[0], v[1], v[2]);
  }
  NodeId logaddexp_of() {
    const std::vector<NodeId> v = together();
    return logaddexp(g_, v[0], v[1]);
  }
  NodeId softmax_of() { return shape(0).scalar() ? number(1) : softmax(g_, arg(0)); }
  NodeId log_softmax_of() { return shape(0).scalar() ? number(0) : log_softmax(g_, arg(0)); }
  NodeId logsumexp_of() { return shape(0).scalar() ? arg(0) : logsumexp(g_, arg(0)); }

  // --- reductions, of everything or along an index

  static Table reductions() {
    using B = FunctionBuilder;
    static constexpr std::array table = {
        Row{"sum", &B::sum},     Row{"mean", &B::mean_of},  Row{"prod", &B::prod},       Row{"var", &B::variance},
        Row{"norm", &B::norm},   Row{"norm1", &B::norm1},   Row{"norminf", &B::norminf}, Row{"min", &B::minimum},
        Row{"max", &B::maximum}, Row{"argmin", &B::argmin}, Row{"argmax", &B::argmax},   Row{"dot", &B::dot_of}};
    return table;
  }

  /// 0: over everything. A vector's only index is all there is.
  [[nodiscard]] std::uint32_t index() const {
    if (call_.dim == no_node) return 0;
    const std::size_t k = call_.args.size();
    const Shape given = g_.shape(call_.dim);
    const bool known = g_.is_constant(call_.dim) && given.scalar();
    const double dim = known ? g_.constant_element(call_.dim, 0) : 0;
    if (dim != 1 && dim != 2)
      throw ArgumentError(k,
                          "expected 1 or 2, the index along which to go, found " +
                              (known            ? text::number_text(dim)
                               : given.scalar() ? std::string("what is known only in a run")
                                                : describe(given)) +
                              (call_.name == "norm" ? "; norm is the Euclidean one, see also norm1 and norminf" : ""));
    if (shape(0).matrix()) return static_cast<std::uint32_t>(dim);
    if (dim == 2 || shape(0).scalar())
      throw ArgumentError(0, describe(shape(0)) + " has no index " + (dim == 2 ? "2" : "1"));
    return 0;
  }
  NodeId reduced(Op op, NodeId v) {
    const std::uint32_t along = index();
    return along == 0 ? g_.apply(op, {v}) : g_.along(op, v, along);
  }
  /// Whether there is nothing to reduce: a number.
  [[nodiscard]] bool is_number() const { return shape(0).scalar() && index() == 0; }
  NodeId reduced(Op op) { return is_number() ? arg(0) : reduced(op, arg(0)); }
  /// How many elements each result is made of.
  [[nodiscard]] std::uint32_t terms() const {
    const std::uint32_t along = index();
    return along == 0 ? shape(0).size() : along == 1 ? shape(0).rows() : shape(0).columns;
  }
  NodeId mean(NodeId v) { return g_.div(reduced(Op::sum, v), number(terms())); }
  NodeId abs() { return g_.apply(Op::abs, {arg(0)}); }

  NodeId sum() { return reduced(Op::sum); }
  NodeId mean_of() { return is_number() ? arg(0) : mean(arg(0)); }
  NodeId variance() {
    if (is_number()) return number(0);
    NodeId center = mean(arg(0));
    if (index() != 0) center = g_.repeat(center, shape(0), index());
    return mean(g_.integer_power(g_.sub(arg(0), center), 2));
  }
  NodeId norm() { return is_number() ? abs() : reduced(Op::norm); }
  NodeId norm1() { return shape(0).scalar() ? abs() : g_.apply(Op::sum, {abs()}); }
  NodeId norminf() { return shape(0).scalar() ? abs() : g_.apply(Op::reduce_max, {abs()}); }
  NodeId minimum() { return call_.args.size() == 1 ? reduced(Op::reduce_min) : chain(Op::min); }
  NodeId maximum() { return call_.args.size() == 1 ? reduced(Op::reduce_max) : chain(Op::max); }
  NodeId chain(Op op) {
    const std::vector<NodeId> v = together();
    NodeId result = v[0];
    for (std::size_t i = 1; i < v.size(); ++i) result = g_.apply(op, {result, v[i]});
    return result;
  }
  NodeId argmin() { return is_number() ? number(1) : reduced(Op::argmin); }
  NodeId argmax() { return is_number() ? number(1) : reduced(Op::argmax); }
  NodeId prod() {
    if (is_number()) return arg(0);
    const std::uint32_t along = index();
    if (along == 0) return product(g_, g_.reshape(arg(0), {shape(0).length}));
    return product_of_rows(g_, along == 1 ? arg(0) : g_.transpose(arg(0)));
  }
  NodeId dot_of() {
    const std::vector<NodeId> v = together();
    return dot(g_, v[0], v[1]);
  }

  // --- from numbers

  static Table makers() {
    using B = FunctionBuilder;
    static constexpr std::array table = {Row{"range", &B::range}, Row{"zeros", &B::zeros}, Row{"ones", &B::ones},
                                         Row{"eye", &B::eye}, Row{"onehot", &B::onehot}};
    return table;
  }
  NodeId range() {
    const std::int64_t first = whole(0, "a range's end"), last = whole(1, "a range's end");
    if (last < first) throw InputError("the range is empty");
    if (static_cast<std::uint64_t>(last - first) + 1 > max_vector_length)
      throw InputError("the range is longer than 10000000");
    std::vector<double> values(static_cast<std::size_t>(last - first) + 1);
    std::iota(values.begin(), values.end(), static_cast<double>(first));
    return g_.constant(std::move(values));
  }
  NodeId filled(double value) {
    constexpr std::uint32_t short_enough = 1024;  // to be a constant, for what must be known before the run
    const Shape shape = call_.args.size() == 2
                            ? checked_shape(count(0, "a number of rows"), count(1, "a number of columns"))
                            : Shape{checked_shape(1, count(0, "a length")).length};
    if (shape.length > short_enough) return g_.fill(number(value), shape);
    return g_.constant(std::vector<double>(shape.length, value), shape);
  }
  NodeId zeros() { return filled(0); }
  NodeId ones() { return filled(1); }
  NodeId eye() {
    if (call_.args.empty()) throw InputError("eye() without a number of rows belongs to rules; write eye(n)");
    const std::uint64_t n = count(0, "a number of rows");
    const Shape square = checked_shape(n, n);
    std::vector<double> values(square.length, 0.0);
    for (std::size_t i = 0; i < n; ++i) values[i * n + i] = 1;
    return g_.constant(std::move(values), square);
  }
  NodeId onehot() {
    if (shape(0).matrix()) expected(0, "a label or a vector of labels");
    const auto k = static_cast<std::uint32_t>(checked_shape(1, count(1, "a number of classes")).length);
    const NodeId labels = checked_labels(arg(0), 0, k);
    const Shape result = shape(0).scalar() ? Shape{k} : checked_shape(shape(0).length, k);
    std::vector<double> classes(k);
    std::iota(classes.begin(), classes.end(), 1.0);
    const NodeId each = g_.constant(std::move(classes));
    if (result.vector()) return g_.apply(Op::eq, {labels, each});
    const NodeId rows = g_.repeat(labels, result, 2);
    return g_.apply(Op::eq, {rows, g_.repeat(each, result, 1)});
  }
  /// Whole numbers from 1 to k, as far as they are known.
  NodeId checked_labels(NodeId labels, std::size_t k, std::uint32_t classes) {
    if (!g_.is_constant(labels)) return g_.index(labels, classes, call_.site);
    for (std::uint32_t i = 0; i < g_.shape(labels).size(); ++i) {
      const double label = g_.constant_element(labels, i);
      if (label != std::floor(label) || !(label >= 1 && label <= classes))
        throw ArgumentError(k, "expected labels in 1…" + std::to_string(classes));
    }
    return labels;
  }

  // --- what only moves elements

  static Table movements() {
    using B = FunctionBuilder;
    static constexpr std::array table = {Row{"transpose", &B::transpose}, Row{"reshape", &B::reshape},
                                         Row{"flatten", &B::flatten},     Row{"diag", &B::diag},
                                         Row{"stack", &B::stack},         Row{"concat", &B::concat},
                                         Row{"push", &B::push},           Row{"sort", &B::sort},
                                         Row{"argsort", &B::argsort},     Row{"cumsum", &B::cumsum}};
    return table;
  }
  NodeId transpose() {
    if (shape(0).vector())
      throw ArgumentError(0, "expected a matrix, found " + describe(shape(0)) +
                                 "; outer(a, b) is the matrix of all products, reshape(v, 1, n) a row");
    return shape(0).scalar() ? arg(0) : g_.transpose(arg(0));
  }
  NodeId reshape() {
    const bool matrix = call_.args.size() == 3;
    const Shape to = matrix ? checked_shape(count(1, "a number of rows"), count(2, "a number of columns"))
                            : Shape{checked_shape(1, count(1, "a length")).length};
    if (to.size() != shape(0).size())
      throw ArgumentError(0, describe(shape(0)) + " can't become " + describe(to) + ": its elements are not as many");
    return g_.reshape(arg(0), to);
  }
  NodeId flatten() { return g_.reshape(arg(0), {shape(0).size()}); }
  NodeId diag() {
    std::vector<std::uint32_t> places;
    if (shape(0).matrix()) {
      for (std::uint32_t i = 0; i < std::min(shape(0).rows(), shape(0).columns); ++i)
        places.push_back(i * (shape(0).columns + 1));
      return g_.gather(arg(0), places);
    }
    if (shape(0).scalar()) expected(0, "a vector or a matrix");
    const std::uint32_t n = shape(0).length;
    const Shape square = checked_shape(n, n);
    std::vector<double> data(n);
    for (std::uint32_t i = 0; i < n; ++i) data[i] = static_cast<double>(std::size_t{i} * (n + 1));
    const auto indices = std::make_shared<const std::vector<double>>(std::move(data));
    return g_.reshape(g_.scatter(arg(0), indices, square.length), square);
  }
  /// Rows one below another.
  NodeId rows(const char* what) {
    const std::uint32_t columns = shape(0).matrix() ? shape(0).columns : shape(0).length;
    std::uint64_t count = 0;
    for (std::size_t k = 0; k < call_.args.size(); ++k) {
      if (shape(k).scalar()) expected(k, what);
      const std::uint32_t width = shape(k).matrix() ? shape(k).columns : shape(k).length;
      if (width != columns)
        throw ArgumentError(k,
                            "expected rows of " + std::to_string(columns) + " elements, found " + describe(shape(k)));
      count += shape(k).matrix() ? shape(k).rows() : 1;
    }
    return g_.reshape(g_.concat(call_.args), checked_shape(count, columns));
  }
  NodeId stack() { return rows("a vector or a matrix"); }
  NodeId concat() {
    std::uint64_t size = 0;
    bool matrices = false;
    for (std::size_t k = 0; k < call_.args.size(); ++k) {
      matrices = matrices || shape(k).matrix();
      size += shape(k).size();
    }
    if (matrices) {
      for (std::size_t k = 0; k < call_.args.size(); ++k)
        if (!shape(k).matrix()) expected(k, "a matrix, as the others are; stack(…) takes vectors as rows");
      return rows("a matrix");
    }
    checked_shape(1, size);
    const NodeId all = g_.concat(call_.args);
    return g_.shape(all).scalar() ? g_.fill(all, {1}) : all;
  }
  NodeId push() {
    if (shape(0).scalar()) expected(0, "a matrix, or a vector");
    const std::uint32_t width = shape(0).matrix() ? shape(0).columns : 1;
    if (shape(1).size() != width || shape(1).matrix())
      expected(1, shape(0).matrix() ? "a vector of " + std::to_string(width) : "a number");
    if (shape(0).length == width) return g_.reshape(arg(1), shape(0));
    const NodeId kept = g_.slice(arg(0), width, shape(0).length - width);
    return g_.reshape(g_.concat(std::array{kept, arg(1)}), shape(0));
  }
  NodeId argsort() { return shape(0).scalar() ? number(1) : g_.argsort(arg(0)); }
  NodeId sort() {
    if (shape(0).scalar()) return arg(0);
    NodeId places = g_.argsort(arg(0));
    if (shape(0).matrix()) {  // those of each row behind those of the rows before
      std::vector<double> before(shape(0).rows());
      for (std::size_t i = 0; i < before.size(); ++i) before[i] = static_cast<double>(i * shape(0).columns);
      places = g_.add(places, g_.repeat(g_.constant(std::move(before)), shape(0), 2));
    }
    return g_.reshape(g_.take(arg(0), g_.reshape(places, {shape(0).length}), 1), shape(0));
  }
  NodeId cumsum() { return shape(0).scalar() ? arg(0) : g_.cumsum(arg(0)); }

  // --- linear algebra

  static Table algebra() {
    using B = FunctionBuilder;
    static constexpr std::array table = {Row{"matmul", &B::matmul},   Row{"outer", &B::outer_of},
                                         Row{"trace", &B::trace},     Row{"solve", &B::solve},
                                         Row{"cholesky", &B::chol},   Row{"det", &B::det},
                                         Row{"eigvals", &B::eigvals}, Row{"eigvecs", &B::eigvecs},
                                         Row{"qr_q", &B::qr_q},       Row{"cross_entropy", &B::cross_entropy}};
    return table;
  }
  NodeId matmul() {
    const Shape a = shape(0), b = shape(1);
    if (a.scalar() || b.scalar()) throw InputError("'@' multiplies vectors and matrices; a number needs '*'");
    const std::uint32_t inner = a.matrix() ? a.columns : a.length;
    if (inner != b.rows())
      throw InputError(describe(a) + " @ " + describe(b) + ": the left has " + std::to_string(inner) +
                       (a.matrix() ? " columns" : " elements") + ", the right " + std::to_string(b.rows()) +
                       (b.matrix() ? " rows" : " elements"));
    if (a.matrix() && b.matrix()) checked_shape(a.rows(), b.columns);
    return g_.product(arg(0), arg(1));
  }
  NodeId outer_of() {
    for (std::size_t k = 0; k < 2; ++k)
      if (!shape(k).vector()) expected(k, "a vector");
    checked_shape(shape(0).length, shape(1).length);
    return outer(g_, arg(0), arg(1));
  }
  void need_square(std::size_t k) const {
    if (!shape(k).matrix() || shape(k).rows() != shape(k).columns) expected(k, "a square matrix");
  }
  NodeId trace() {
    need_square(0);
    return g_.apply(Op::sum, {diag()});
  }
  NodeId solve() {
    need_square(0);
    const std::uint32_t n = shape(0).columns;
    if (shape(1).scalar() || shape(1).rows() != n)
      expected(1, "a vector of " + std::to_string(n) + ", or a matrix with as many rows");
    return g_.solve(arg(0), arg(1), call_.site);
  }
  NodeId factored(Op op, Shape result) { return g_.factor(op, arg(0), result, call_.site); }
  /// Of the mean of a square matrix and its transpose, so that every element has its exact derivative.
  NodeId of_symmetric(Op op, Shape result) {
    need_square(0);
    const NodeId both = g_.add(arg(0), g_.transpose(arg(0)));
    return g_.factor(op, g_.mul(number(0.5), both), result, call_.site);
  }
  NodeId chol() { return of_symmetric(Op::cholesky, shape(0)); }
  /// Small ones by their formula, which has derivatives where the matrix is singular, too.
  NodeId det() {
    need_square(0);
    const auto at = [&](std::uint32_t k) { return g_.element(arg(0), k); };
    const auto minor = [&](std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
      return g_.sub(g_.mul(at(a), at(d)), g_.mul(at(b), at(c)));
    };
    switch (shape(0).columns) {
      case 1: return at(0);
      case 2: return minor(0, 1, 2, 3);
      case 3: {
        const NodeId first = g_.mul(at(0), minor(4, 5, 7, 8)), second = g_.mul(at(1), minor(3, 5, 6, 8));
        return g_.add(g_.sub(first, second), g_.mul(at(2), minor(3, 4, 6, 7)));
      }
      default: return factored(Op::det, {});
    }
  }
  NodeId eigvals() { return of_symmetric(Op::eigvals, {shape(0).columns}); }
  NodeId eigvecs() { return of_symmetric(Op::eigvecs, shape(0)); }
  NodeId qr_q() {
    if (!shape(0).matrix() || shape(0).rows() < shape(0).columns)
      expected(0, "a matrix with at least as many rows as columns");
    return factored(Op::qr_q, shape(0));
  }
  /// The mean of logsumexp(row) - row[label].
  NodeId cross_entropy() {
    if (shape(0).scalar()) expected(0, "a vector or a matrix of logits");
    const bool many = shape(0).matrix();
    const std::uint32_t classes = many ? shape(0).columns : shape(0).length;
    const Shape wanted = many ? Shape{shape(0).rows()} : Shape{};
    if (shape(1) != wanted) expected(1, many ? "a vector of " + std::to_string(wanted.length) + " labels" : "a label");
    NodeId places = checked_labels(arg(1), 1, classes);
    if (many) {
      std::vector<double> before(wanted.length);
      for (std::size_t i = 0; i < before.size(); ++i) before[i] = static_cast<double>(i * classes);
      places = g_.add(places, g_.constant(std::move(before)));
    }
    const NodeId loss = g_.sub(logsumexp(g_, arg(0)), g_.take(arg(0), places, 1));
    return many ? g_.div(g_.apply(Op::sum, {loss}), number(wanted.length)) : loss;
  }

  Graph& g_;
  const FunctionCall& call_;
};

}  // namespace

NodeId build_function(Graph& graph, const FunctionCall& call) { return FunctionBuilder(graph, call).run(); }

}  // namespace optexplore::program
