#include "program/limit.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "program/evaluate.hpp"
#include "program/series.hpp"

namespace optexplore::program {
namespace {

using language::Op;

/// Numbers that a limit may hold, and elements that it may compute, before it is given up.
constexpr std::size_t most_numbers = 4'000'000;
constexpr std::size_t most_work = 20'000'000;

bool has_limits(const Node& node) {
  if (language::is_elementwise(node.op) || is_copy(node.op)) return true;
  switch (node.op) {
    case Op::constant:
    case Op::input:
    case Op::scatter:
    case Op::concat:
    case Op::sum:
    case Op::dot:
    case Op::norm:
    case Op::reduce_min:
    case Op::reduce_max:
    case Op::product: return true;
    default: return false;
  }
}

/// What is added up or compared for one element of a reduction or a product: elements of the arguments that are equally
/// far apart.
struct Terms {
  std::size_t a = 0, a_stride = 1;
  std::size_t b = 0, b_stride = 1;
  std::uint32_t count = 0;
};

Terms terms_of(const Node& node, Shape a, Shape b, std::uint32_t i) {
  if (node.op != Op::product) {
    if (node.aux2 == 0) return {.count = a.size()};
    if (node.aux2 == 1) return {.a = i, .a_stride = a.columns, .count = a.rows()};
    return {.a = std::size_t{i} * a.columns, .count = a.columns};
  }
  const bool ta = (node.aux & 1U) != 0, tb = (node.aux & 2U) != 0;
  const std::uint32_t a_columns = a.matrix() ? a.columns : a.length, b_columns = b.matrix() ? b.columns : 1;
  const std::uint32_t columns = tb ? b.rows() : b_columns;
  const std::size_t row = i / columns, column = i % columns;
  return {.a = ta ? row : row * a_columns,
          .a_stride = ta ? a_columns : 1,
          .b = tb ? column * b_columns : column,
          .b_stride = tb ? 1 : b_columns,
          .count = ta ? a.rows() : a_columns};
}

bool has_terms(Op op) { return language::is_reduction(op) || op == Op::product; }

/// Whether the operation has finite slopes wherever it is finite itself, and hides nothing that is not.
bool is_tame(const Graph& graph, const Node& node) {
  switch (node.op) {
    case Op::neg:
    case Op::abs:
    case Op::sign:
    case Op::floor:
    case Op::ceil:
    case Op::round:
    case Op::lt:
    case Op::le:
    case Op::gt:
    case Op::ge:
    case Op::eq:
    case Op::ne:
    case Op::logical_not:
    case Op::logical_and:
    case Op::logical_or:
    case Op::add:
    case Op::sub:
    case Op::mul:
    case Op::f32:
    case Op::f16:
    case Op::bf16:
    case Op::sin:
    case Op::cos:
    case Op::sinh:
    case Op::cosh:
    case Op::sum:
    case Op::dot: return true;
    case Op::powi: return static_cast<std::int32_t>(node.aux) > 0;
    case Op::div: return graph.is_constant(node.args[1]);
    default: return !language::is_elementwise(node.op) && !language::is_reduction(node.op);
  }
}

/// The product that a branch which is not taken gives: zero, whatever it is multiplied by.
double product(double a, double b) {
  const double result = a * b;
  return std::isnan(result) && (a == 0 || b == 0) ? 0 : result;
}

double quotient(double a, double b) {
  const double result = a / b;
  return std::isnan(result) && a == 0 ? 0 : result;
}

/// Some of a node's elements, in order.
struct Elements {
  bool all = false;
  std::vector<std::uint32_t> list;

  [[nodiscard]] bool empty() const { return !all && list.empty(); }
  [[nodiscard]] bool has(std::uint32_t element) const { return all || std::ranges::binary_search(list, element); }
  void add(const Elements& other) {
    if (all || other.empty()) return;
    if (other.all) return add_all();
    if (list == other.list) return;
    std::vector<std::uint32_t> joined;
    std::ranges::set_union(list, other.list, std::back_inserter(joined));
    list = std::move(joined);
  }
  void add_all() { all = true, list.clear(); }
  void add(std::uint32_t element) { add(Elements{false, {element}}); }
};

Elements common(const Elements& a, const Elements& b, std::uint32_t rows) {
  Elements result;
  if (a.all && b.all) {
    for (std::uint32_t i = 0; i < rows; ++i) result.list.push_back(i);
  } else if (a.all) {
    result = b;
  } else if (b.all) {
    result = a;
  } else {
    std::ranges::set_intersection(a.list, b.list, std::back_inserter(result.list));
  }
  return result;
}

/// The derivative's graph at one point: numbers once, and for each coordinate the series of what depends on it.
class Neighbourhood {
 public:
  Neighbourhood(const Body& body, std::span<const std::span<const double>> captured)
      : body_(body), g_(body.graph), point_(body.captured[0]), offsets_(g_.size() + 1, 0) {
    for (NodeId id = 0; id < g_.size(); ++id) offsets_[id + 1] = offsets_[id] + g_.shape(id).size();
    if (offsets_.back() > most_numbers) return;
    numbers_.resize(offsets_.back());
    for (std::size_t k = 0; k < captured.size(); ++k)
      std::ranges::copy(captured[k], numbers_.begin() + static_cast<std::ptrdiff_t>(offsets_[body.captured[k]]));
    for (NodeId id = 0; id < g_.size(); ++id)
      if (g_[id].op != Op::input) compute(id);
  }

  /// Whether the function is a number here.
  [[nodiscard]] bool function_is_finite() const {
    return !numbers_.empty() && std::isfinite(number(body_.stacked[0], 0));
  }

  [[nodiscard]] std::size_t work() const { return g_.size() + offsets_.back() / 16; }

  /// The limit of the derivative's element `i` along coordinate `i`.
  double limit(std::uint32_t i) {
    find_needs(i);
    find_affected(i);
    const double right = side(i, 1), left = side(i, -1);
    if (std::isnan(right)) return left;
    if (std::isnan(left) || right == left) return right;
    if (std::isinf(right)) return std::isinf(left) ? 0 : right;
    return std::isinf(left) ? left : right / 2 + left / 2;
  }

 private:
  [[nodiscard]] std::uint32_t place(NodeId id, std::uint32_t i) const { return g_.shape(id).scalar() ? 0 : i; }
  [[nodiscard]] double number(NodeId id, std::uint32_t i) const { return numbers_[offsets_[id] + place(id, i)]; }

  // --- numbers

  void compute(NodeId id) {
    const Node& node = g_[id];
    double* const out = numbers_.data() + offsets_[id];
    const std::uint32_t rows = node.shape.size();
    if (has_terms(node.op)) {
      for (std::uint32_t i = 0; i < rows; ++i) out[i] = reduce(node, i);
      return;
    }
    if (is_copy(node.op)) {
      for (std::uint32_t i = 0; i < rows; ++i) out[i] = number(node.args[0], source(node, i));
      return;
    }
    std::uint32_t at = 0;
    switch (node.op) {
      case Op::constant:
        for (std::uint32_t i = 0; i < rows; ++i) out[i] = g_.constant_element(id, i);
        return;
      case Op::scatter:
        for (std::uint32_t i = 0; i < node.data->size(); ++i)
          out[static_cast<std::size_t>((*node.data)[i])] += number(node.args[0], i);
        return;
      case Op::concat:
        for (const NodeId arg : node.args)
          for (std::uint32_t i = 0; i < g_.shape(arg).size(); ++i) out[at++] = number(arg, i);
        return;
      default:
        for (std::uint32_t i = 0; i < rows; ++i) out[i] = evaluate(node, i);
    }
  }

  /// Which element of its argument is element i of what is made of copies.
  [[nodiscard]] std::uint32_t source(const Node& node, std::uint32_t i) const {
    return source_of(node, g_.shape(node.args[0]), i);
  }
  [[nodiscard]] Terms terms(const Node& node, std::uint32_t i) const {
    return terms_of(node, g_.shape(node.args[0]), g_.shape(node.args.back()), i);
  }
  /// What the terms of a sum are multiplied by; no_node: by nothing.
  static NodeId factor(const Node& node) {
    if (node.op == Op::norm) return node.args[0];
    return node.args.size() == 2 ? node.args[1] : no_node;
  }

  double evaluate(const Node& node, std::uint32_t i) const {
    std::array<double, 3> v{};
    for (std::size_t k = 0; k < node.args.size(); ++k) v[k] = number(node.args[k], i);
    if (node.op == Op::mul) return product(v[0], v[1]);
    if (node.op == Op::div) return quotient(v[0], v[1]);
    return language::evaluate(node.op, v.data(), static_cast<std::int32_t>(node.aux));
  }

  [[nodiscard]] double reduce(const Node& node, std::uint32_t element) const {
    const NodeId a = node.args[0], b = factor(node);
    const Terms at = terms(node, element);
    std::vector<double> values(at.count);
    for (std::uint32_t i = 0; i < at.count; ++i) {
      const double v = number(a, place_of(at.a, at.a_stride, i));
      values[i] = node.op == Op::norm ? v * v
                  : b == no_node      ? v
                                      : product(v, number(b, place_of(at.b, at.b_stride, i)));
    }
    if (node.op == Op::reduce_min || node.op == Op::reduce_max) {
      std::array<double, 2> v{values[0], 0};
      for (std::size_t i = 1; i < values.size(); ++i) {
        v[1] = values[i];
        v[0] = language::evaluate(node.op == Op::reduce_min ? Op::min : Op::max, v.data());
      }
      return v[0];
    }
    const double total = language::ordered_sum(values.data(), values.size());
    return node.op == Op::norm ? std::sqrt(total) : total;
  }
  static std::uint32_t place_of(std::size_t first, std::size_t stride, std::uint32_t i) {
    return static_cast<std::uint32_t>(first + i * stride);
  }

  // --- what the wanted element depends on, and what depends on the coordinate

  void find_needs(std::uint32_t i) {
    needs_.assign(g_.size(), {});
    needs_[body_.next[0]].add(i);
    for (NodeId id = static_cast<NodeId>(g_.size()); id-- > 0;)
      if (!needs_[id].empty()) pass_needs(g_[id], needs_[id]);
  }

  void pass_needs(const Node& node, const Elements& wanted) {
    if (node.op == Op::scatter || has_terms(node.op)) {
      for (const NodeId arg : node.args) needs_[arg].add_all();
      return;
    }
    if (node.op == Op::concat) {
      std::uint32_t offset = 0;
      for (const NodeId arg : node.args) {
        const std::uint32_t rows = g_.shape(arg).size();
        needs_[arg].add(shifted(wanted, offset, rows));
        offset += rows;
      }
      return;
    }
    for (const NodeId arg : node.args) {
      if (g_.shape(arg).scalar())
        needs_[arg].add(0U);
      else if (is_copy(node.op))
        needs_[arg].add(sources(node, wanted));
      else
        needs_[arg].add(wanted);
    }
  }

  [[nodiscard]] Elements sources(const Node& node, const Elements& wanted) const {
    Elements result;
    const auto take = [&](std::uint32_t i) { result.list.push_back(source(node, i)); };
    if (wanted.all)
      for (std::uint32_t i = 0; i < node.shape.size(); ++i) take(i);
    else
      for (const std::uint32_t i : wanted.list) take(i);
    std::ranges::sort(result.list);
    result.list.erase(std::unique(result.list.begin(), result.list.end()), result.list.end());
    return result;
  }

  /// Those of offset … offset+rows-1, counted from there.
  static Elements shifted(const Elements& from, std::uint32_t offset, std::uint32_t rows) {
    if (from.all) return from;
    Elements result;
    for (auto it = std::ranges::lower_bound(from.list, offset); it != from.list.end() && *it < offset + rows; ++it)
      result.list.push_back(*it - offset);
    return result;
  }

  void find_affected(std::uint32_t coordinate) {
    affected_.assign(g_.size(), {});
    affected_[point_].add(coordinate);
    for (NodeId id = 0; id < g_.size(); ++id)
      if (id != point_ && !needs_[id].empty()) affected_[id] = affected(g_[id]);
  }

  [[nodiscard]] Elements affected(const Node& node) const {
    Elements result;
    std::uint32_t offset = 0;
    for (const NodeId arg : node.args) {
      const Elements& from = affected_[arg];
      const std::uint32_t begin = offset;
      offset += g_.shape(arg).size();
      if (from.empty()) continue;
      if (has_terms(node.op)) {
        if (node.shape.scalar())
          result.add(0U);
        else
          result.add_all();
      } else if (node.op == Op::concat) {
        if (from.all) {
          for (std::uint32_t i = begin; i < offset; ++i) result.list.push_back(i);
        } else {
          for (const std::uint32_t i : from.list) result.list.push_back(begin + i);
        }
      } else if (node.op == Op::elem || node.op == Op::slice) {
        result = shifted(from, node.aux, node.shape.size());
      } else if (is_copy(node.op)) {
        for (std::uint32_t i = 0; i < node.shape.size(); ++i)
          if (from.all || std::ranges::binary_search(from.list, source(node, i))) result.list.push_back(i);
      } else if (node.op == Op::scatter || g_.shape(arg).scalar()) {
        if (node.shape.scalar())
          result.add(0U);
        else
          result.add_all();
      } else {
        result.add(from);
      }
    }
    return result;
  }

  // --- series

  /// Those of a node's wanted elements that the coordinate affects.
  struct Row {
    std::vector<std::uint32_t> elements;
    std::vector<Series> series;
  };

  double side(std::uint32_t coordinate, double direction) {
    rows_.assign(g_.size(), {});
    rows_[point_] = {{coordinate}, {Series::variable(number(point_, coordinate), direction)}};
    for (NodeId id = 0; id < g_.size(); ++id) {
      if (id == point_ || affected_[id].empty()) continue;
      Row& row = rows_[id];
      row.elements = common(needs_[id], affected_[id], g_.shape(id).size()).list;
      for (const std::uint32_t i : row.elements) row.series.push_back(expand(g_[id], i));
    }
    return at(body_.next[0], coordinate).limit();
  }

  [[nodiscard]] Series at(NodeId id, std::uint32_t i) const {
    const Row& row = rows_[id];
    const std::uint32_t wanted = place(id, i);
    const auto found = std::ranges::lower_bound(row.elements, wanted);
    if (found != row.elements.end() && *found == wanted)
      return row.series[static_cast<std::size_t>(found - row.elements.begin())];
    return number(id, i);
  }

  [[nodiscard]] Series expand(const Node& node, std::uint32_t i) const {
    if (is_copy(node.op)) return at(node.args[0], source(node, i));
    switch (node.op) {
      case Op::where: return at(node.args[number(node.args[0], i) != 0 ? 1 : 2], i);
      case Op::scatter: {
        Series sum;
        for (std::uint32_t k = 0; k < node.data->size(); ++k)
          if (static_cast<std::uint32_t>((*node.data)[k]) == i) sum = sum + at(node.args[0], k);
        return sum;
      }
      case Op::concat: {
        std::uint32_t offset = 0;
        for (const NodeId arg : node.args) {
          const std::uint32_t rows = g_.shape(arg).size();
          if (i < offset + rows) return at(arg, i - offset);
          offset += rows;
        }
        return {};
      }
      default: break;
    }
    if (has_terms(node.op)) return reduced(node, i);
    std::array<Series, 3> v;
    for (std::size_t k = 0; k < node.args.size(); ++k) v[k] = at(node.args[k], i);
    return Series::apply(node.op, {v.data(), node.args.size()}, static_cast<std::int32_t>(node.aux));
  }

  /// What the coordinate doesn't affect is added up in numbers.
  [[nodiscard]] Series reduced(const Node& node, std::uint32_t element) const {
    const NodeId a = node.args[0], b = factor(node);
    const Terms all = terms(node, element);
    const auto first = [&](std::uint32_t i) { return place_of(all.a, all.a_stride, i); };
    const auto second = [&](std::uint32_t i) {
      return place_of(node.op == Op::norm ? all.a : all.b, node.op == Op::norm ? all.a_stride : all.b_stride, i);
    };
    if (node.op == Op::reduce_min || node.op == Op::reduce_max) {
      Series best = at(a, first(0));
      for (std::uint32_t i = 1; i < all.count; ++i) {
        const std::array<Series, 2> v = {best, at(a, first(i))};
        best = Series::apply(node.op == Op::reduce_min ? Op::min : Op::max, v);
      }
      return best;
    }
    Series sum;
    double rest = 0;
    for (std::uint32_t i = 0; i < all.count; ++i) {
      if (affected_[a].has(first(i)) || (b != no_node && affected_[b].has(second(i))))
        sum = sum + (b == no_node ? at(a, first(i)) : at(a, first(i)) * at(b, second(i)));
      else
        rest += b == no_node ? number(a, first(i)) : product(number(a, first(i)), number(b, second(i)));
    }
    sum = sum + Series(rest);
    const std::array<Series, 1> total = {sum};
    return node.op == Op::norm ? Series::apply(Op::sqrt, total) : sum;
  }

  const Body& body_;
  const Graph& g_;
  NodeId point_;
  std::vector<std::size_t> offsets_;
  std::vector<double> numbers_;
  std::vector<Elements> needs_;
  std::vector<Elements> affected_;
  std::vector<Row> rows_;
};

}  // namespace

Limited with_limits(Graph& graph, NodeId derivative, NodeId function, NodeId point, std::span<const NodeId> others) {
  std::vector<NodeId> nodes = {derivative, function};
  auto body = std::make_shared<Body>();
  body->graph = graph.extract(nodes);
  bool tame = true;
  for (NodeId id = 0; id < body->graph.size(); ++id) {
    const Node& node = body->graph[id];
    if (!has_limits(node)) return {derivative, no_node};
    tame = tame && is_tame(body->graph, node);
  }
  if (tame) return {derivative, no_node};
  body->next = {nodes[0]};
  body->stacked = {nodes[1]};
  std::vector<NodeId> captured = {point};
  captured.insert(captured.end(), others.begin(), others.end());
  for (const NodeId input : captured) {
    NodeId there = no_node;
    for (NodeId id = 0; id < body->graph.size(); ++id)
      if (body->graph[id].op == Op::input && body->graph[id].aux == graph[input].aux) there = id;
    if (there == no_node) return {derivative, no_node};  // it doesn't depend on it
    body->captured.push_back(there);
  }
  const NodeId both = graph.limit(derivative, std::move(body), captured);
  const std::uint32_t length = graph.shape(derivative).length;
  return {graph.slice(both, 0, length), graph.element(both, length)};
}

std::uint32_t take_limits(const Body& body, std::span<const std::span<const double>> captured,
                          std::span<double> derivative) {
  Neighbourhood neighbourhood(body, captured);
  if (!neighbourhood.function_is_finite()) return 0;
  std::size_t work = 0;
  std::uint32_t missing = 0;
  for (std::uint32_t i = 0; i < derivative.size(); ++i) {
    if (std::isfinite(derivative[i])) continue;
    work += neighbourhood.work();
    if (work <= most_work) derivative[i] = neighbourhood.limit(i);
    if (missing == 0 && !std::isfinite(derivative[i])) missing = i + 1;
  }
  return missing;
}

}  // namespace optexplore::program
