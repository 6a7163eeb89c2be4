#include "program/derive.hpp"

#include <algorithm>
#include <numbers>
#include <optexplore/error.hpp>
#include <string>

#include "program/derive_algebra.hpp"

namespace optexplore::program {
namespace {

/// A contribution to some elements of a vector's adjoint. A scalar `value` stands for each of them.
struct Part {
  std::uint32_t offset;
  std::uint32_t length;
  NodeId value;
};

/// What has flowed back to a node so far. A scalar `whole` of a vector node stands for every element.
struct Adjoint {
  NodeId whole = no_node;
  std::vector<Part> parts;
  [[nodiscard]] bool empty() const { return whole == no_node && parts.empty(); }
};

class Reverse {
 public:
  Reverse(Graph& graph, NodeId output, NodeId wrt)
      : g_(graph), output_(output), wrt_(wrt), active_(output + 1, false), adjoints_(output + 1) {}

  NodeId run() {
    const Shape shape = g_.shape(wrt_);
    if (output_ >= wrt_) {
      mark_active();
      adjoints_[output_].whole = g_.constant(1.0);
      for (NodeId id = output_; id > wrt_; --id)
        if (active_[id] && !adjoints_[id].empty()) propagate(id, take(id));
    }
    NodeId result = output_ < wrt_ || adjoints_[wrt_].empty() ? g_.constant(0.0) : take(wrt_);
    return g_.fill(result, shape);
  }

 private:
  void mark_active() {
    active_[wrt_] = true;
    for (NodeId id = wrt_ + 1; id <= output_; ++id) {
      const auto& args = g_[id].args;
      active_[id] = std::any_of(args.begin(), args.end(), [&](NodeId arg) { return active_[arg]; });
    }
  }

  NodeId plus(NodeId a, NodeId b) { return a == no_node ? b : g_.add(a, b); }

  /// Adds `value` to the adjoint of `to`. A vector value flowing to a scalar was broadcast: it is summed.
  void flow(NodeId to, NodeId value, Shape from) {
    if (!active_[to]) return;
    if (g_.shape(to).scalar() && !from.scalar()) {
      if (g_.shape(value).scalar()) value = g_.fill(value, from);
      value = g_.apply(language::Op::sum, {value});
    }
    Adjoint& adjoint = adjoints_[to];
    adjoint.whole = plus(adjoint.whole, value);
  }

  void flow_part(NodeId to, std::uint32_t offset, std::uint32_t length, NodeId value) {
    if (active_[to]) adjoints_[to].parts.push_back({offset, length, value});
  }

  NodeId take(NodeId id) {
    Adjoint adjoint = std::move(adjoints_[id]);
    if (adjoint.parts.empty()) return adjoint.whole;
    const NodeId assembled = g_.reshape(assemble(adjoint.parts, g_.shape(id).length), g_.shape(id));
    return plus(adjoint.whole, assembled);
  }

  /// Cuts [0, length) at every part's ends, adds up what covers each segment, and joins the segments. For
  /// two overlapping slices this costs one addition over the overlap instead of two padded vectors.
  NodeId assemble(const std::vector<Part>& parts, std::uint32_t length) {
    std::vector<std::uint32_t> cuts{0, length};
    for (const Part& part : parts) {
      cuts.push_back(part.offset);
      cuts.push_back(part.offset + part.length);
    }
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    std::vector<NodeId> segments(cuts.size() - 1, no_node);
    for (const Part& part : parts) {
      auto at = static_cast<std::size_t>(std::lower_bound(cuts.begin(), cuts.end(), part.offset) - cuts.begin());
      for (; at + 1 < cuts.size() && cuts[at] < part.offset + part.length; ++at)
        segments[at] = plus(segments[at], piece(part, cuts[at], cuts[at + 1]));
    }
    for (std::size_t i = 0; i < segments.size(); ++i) {
      const std::uint32_t rows = cuts[i + 1] - cuts[i];
      if (segments[i] == no_node) segments[i] = g_.constant(0.0);
      if (rows > 1) segments[i] = g_.fill(segments[i], {rows});
    }
    return g_.concat(segments);
  }

  /// The value of `part` on [begin, end); a scalar when that is one element.
  NodeId piece(const Part& part, std::uint32_t begin, std::uint32_t end) {
    if (g_.shape(part.value).scalar()) return part.value;
    if (end - begin == 1) return g_.element(part.value, begin - part.offset);
    return g_.slice(part.value, begin - part.offset, end - begin);
  }

  void propagate(NodeId id, NodeId adj) {
    const Node node = g_[id];
    if (language::is_elementwise(node.op)) {
      if (node.args.size() == 1) return unary(node, id, adj);
      return node.op == language::Op::where ? where(node, adj) : binary(node, id, adj);
    }
    if (language::is_reduction(node.op)) return reduction(node, id, adj);
    structure(node, id, adj);
  }

  void unary(const Node& node, NodeId id, NodeId adj) {
    const NodeId a = node.args[0];
    const auto c = [&](double value) { return g_.constant(value); };
    const auto square = [&](NodeId x) { return g_.integer_power(x, 2); };
    const auto send = [&](NodeId value) { flow(a, value, node.shape); };
    switch (node.op) {
      case language::Op::neg: return send(g_.neg(adj));
      case language::Op::abs: return send(g_.mul(adj, g_.apply(language::Op::sign, {a})));
      case language::Op::sqrt: return send(g_.div(adj, g_.mul(c(2), id)));
      case language::Op::cbrt: return send(g_.div(adj, g_.mul(c(3), square(id))));
      case language::Op::exp: return send(g_.mul(adj, id));
      case language::Op::expm1: return send(g_.mul(adj, g_.apply(language::Op::exp, {a})));
      case language::Op::log: return send(g_.div(adj, a));
      case language::Op::log1p: return send(g_.div(adj, g_.add(c(1), a)));
      case language::Op::log2: return send(g_.div(adj, g_.mul(c(std::numbers::ln2), a)));
      case language::Op::log10: return send(g_.div(adj, g_.mul(c(std::numbers::ln10), a)));
      case language::Op::sin: return send(g_.mul(adj, g_.apply(language::Op::cos, {a})));
      case language::Op::cos: return send(g_.neg(g_.mul(adj, g_.apply(language::Op::sin, {a}))));
      case language::Op::tan: return send(g_.mul(adj, g_.add(c(1), square(id))));
      // (1-a)(1+a) keeps its digits near ±1, where 1-a² loses them.
      case language::Op::asin: return send(g_.div(adj, arc_root(a)));
      case language::Op::acos: return send(g_.neg(g_.div(adj, arc_root(a))));
      case language::Op::atan: return send(g_.div(adj, g_.add(c(1), square(a))));
      case language::Op::sinh: return send(g_.mul(adj, g_.apply(language::Op::cosh, {a})));
      case language::Op::cosh: return send(g_.mul(adj, g_.apply(language::Op::sinh, {a})));
      case language::Op::tanh: return send(g_.mul(adj, g_.div(c(1), square(g_.apply(language::Op::cosh, {a})))));
      case language::Op::erf: {
        const NodeId bell = g_.apply(language::Op::exp, {g_.neg(square(a))});
        return send(g_.mul(adj, g_.mul(c(2 * std::numbers::inv_sqrtpi), bell)));
      }
      case language::Op::sigmoid:  // s(x)·s(-x), which keeps its digits on both sides
        return send(g_.mul(adj, g_.mul(id, g_.apply(language::Op::sigmoid, {g_.neg(a)}))));
      case language::Op::f32:  // a rounded number moves as the number does
      case language::Op::f16:
      case language::Op::bf16: return send(adj);
      case language::Op::softplus: return send(g_.mul(adj, g_.apply(language::Op::sigmoid, {a})));
      case language::Op::powi: {
        const auto k = static_cast<std::int32_t>(node.aux);
        if (k >= 2 && is_length(a)) {
          const Node length = g_[a];  // copied: the graph grows
          return power_of_length(length, g_.mul(adj, g_.mul(c(k), g_.integer_power(a, k - 2))));
        }
        return send(g_.mul(adj, g_.mul(c(k), g_.integer_power(a, k - 1))));
      }
      default: return;  // floor, ceil, round, sign, not: zero almost everywhere
    }
  }

  bool is_length(NodeId id) const {
    const language::Op op = g_[id].op;
    return op == language::Op::abs || op == language::Op::hypot || op == language::Op::norm;
  }

  /// d(|v|^k)/dv = k·|v|^(k-2)·v, without the direction v/|v|: |v|² is as smooth at 0 as elsewhere. `scale` stands
  /// for all but v.
  void power_of_length(const Node& length, NodeId scale) {
    if (language::is_reduction(length.op)) scale = spread(scale, length);
    for (const NodeId part : length.args)
      if (active_[part])
        flow(part, g_.mul(scale, part), language::is_reduction(length.op) ? g_.shape(part) : length.shape);
  }

  NodeId arc_root(NodeId a) {
    const NodeId one = g_.constant(1.0);
    return g_.apply(language::Op::sqrt, {g_.mul(g_.sub(one, a), g_.add(one, a))});
  }

  void binary(const Node& node, NodeId id, NodeId adj) {
    const NodeId a = node.args[0];
    const NodeId b = node.args[1];
    const auto left = [&](auto value) {
      if (active_[a]) flow(a, value(), node.shape);
    };
    const auto right = [&](auto value) {
      if (active_[b]) flow(b, value(), node.shape);
    };
    switch (node.op) {
      case language::Op::add: left([&] { return adj; }); return right([&] { return adj; });
      case language::Op::sub: left([&] { return adj; }); return right([&] { return g_.neg(adj); });
      case language::Op::mul: left([&] { return g_.mul(adj, b); }); return right([&] { return g_.mul(adj, a); });
      case language::Op::div:
        left([&] { return g_.div(adj, b); });
        return right([&] { return g_.neg(g_.div(g_.mul(adj, id), b)); });
      case language::Op::pow:
        left([&] { return g_.mul(adj, power_in_base(a, b)); });
        return right([&] { return g_.mul(adj, power_in_exponent(a, id)); });
      case language::Op::atan2: {
        const NodeId r2 = g_.add(g_.integer_power(a, 2), g_.integer_power(b, 2));
        left([&] { return g_.div(g_.mul(adj, b), r2); });
        return right([&] { return g_.neg(g_.div(g_.mul(adj, a), r2)); });
      }
      case language::Op::hypot:
        left([&] { return g_.mul(adj, ratio_or_zero(a, id)); });
        return right([&] { return g_.mul(adj, ratio_or_zero(b, id)); });
      case language::Op::min:
        left([&] { return g_.mul(adj, share(language::Op::lt, a, b)); });
        return right([&] { return g_.mul(adj, share(language::Op::lt, b, a)); });
      case language::Op::max:
        left([&] { return g_.mul(adj, share(language::Op::gt, a, b)); });
        return right([&] { return g_.mul(adj, share(language::Op::gt, b, a)); });
      case language::Op::mod:  // a - b·k; rounded, since a/b itself may round up to the next whole number
        left([&] { return adj; });
        return right([&] { return g_.neg(g_.mul(adj, g_.apply(language::Op::round, {g_.div(g_.sub(a, id), b)}))); });
      default: return;  // comparisons and logic
    }
  }

  /// d(a^b)/da = b·a^(b-1), and 0 where a = b = 0. Only the base is replaced there: elsewhere at b = 0 this has
  /// a derivative in b.
  NodeId power_in_base(NodeId a, NodeId b) {
    NodeId base = a;
    if (may_be_zero(b)) {
      const NodeId zero = g_.constant(0.0);
      const NodeId at_origin = g_.apply(language::Op::logical_and,
                                        {g_.apply(language::Op::eq, {a, zero}), g_.apply(language::Op::eq, {b, zero})});
      base = g_.where(at_origin, g_.constant(1.0), a);
    }
    return g_.mul(b, g_.apply(language::Op::pow, {base, g_.sub(b, g_.constant(1.0))}));
  }

  bool may_be_zero(NodeId id) const {
    if (!g_.is_constant(id)) return true;
    for (std::uint32_t i = 0; i < g_.shape(id).size(); ++i)
      if (g_.constant_element(id, i) == 0) return true;
    return false;
  }

  /// d(a^b)/db = a^b·log(a), and 0 at a = 0, where the limit is 0 for b > 0.
  NodeId power_in_exponent(NodeId a, NodeId power) {
    const NodeId zero = g_.constant(0.0);
    const NodeId at_zero = g_.apply(language::Op::eq, {a, zero});
    const NodeId safe = g_.where(at_zero, g_.constant(1.0), a);  // keeps log's own derivative finite there
    return g_.where(at_zero, zero, g_.mul(power, g_.apply(language::Op::log, {safe})));
  }

  NodeId ratio_or_zero(NodeId a, NodeId length) {
    const NodeId zero = g_.constant(0.0);
    const NodeId at_zero = g_.apply(language::Op::eq, {length, zero});
    return g_.where(at_zero, zero, g_.div(a, g_.where(at_zero, g_.constant(1.0), length)));
  }

  /// 1 where `a` wins the comparison with `b`, ½ where they are equal, 0 elsewhere.
  NodeId share(language::Op wins, NodeId a, NodeId b) {
    const NodeId tie = g_.mul(g_.constant(0.5), g_.apply(language::Op::eq, {a, b}));
    return g_.add(g_.apply(wins, {a, b}), tie);
  }

  void where(const Node& node, NodeId adj) {
    const NodeId zero = g_.constant(0.0);
    if (active_[node.args[1]]) flow(node.args[1], g_.where(node.args[0], adj, zero), node.shape);
    if (active_[node.args[2]]) flow(node.args[2], g_.where(node.args[0], zero, adj), node.shape);
  }

  /// A value of a reduction along an index for each element that it was made of; a number stands for all of them.
  NodeId spread(NodeId value, const Node& node) {
    if (node.aux2 == 0 || g_.shape(value).scalar()) return value;
    return g_.repeat(value, g_.shape(node.args[0]), node.aux2);
  }

  void reduction(const Node& node, NodeId id, NodeId adj) {
    const NodeId a = node.args[0];
    const Shape shape = g_.shape(a);
    switch (node.op) {
      case language::Op::sum: return flow(a, spread(adj, node), shape);
      case language::Op::dot:
        flow(a, g_.mul(adj, node.args[1]), shape);
        return flow(node.args[1], g_.mul(adj, a), g_.shape(node.args[1]));
      case language::Op::norm: {
        const NodeId zero = g_.constant(0.0);
        const NodeId at_zero = g_.apply(language::Op::eq, {id, zero});
        const NodeId scale = g_.div(adj, g_.where(at_zero, g_.constant(1.0), id));
        return flow(a, g_.mul(spread(g_.where(at_zero, zero, scale), node), a), shape);
      }
      case language::Op::reduce_min:
      case language::Op::reduce_max: {  // shared equally among the elements that attain it
        const NodeId attains = g_.apply(language::Op::eq, {a, spread(id, node)});
        const NodeId count =
            node.aux2 == 0 ? g_.apply(language::Op::sum, {attains}) : g_.along(language::Op::sum, attains, node.aux2);
        return flow(a, g_.mul(spread(g_.div(adj, count), node), attains), shape);
      }
      default: no_derivative(node.op);
    }
  }

  [[noreturn]] static void no_derivative(language::Op op) {
    throw InputError("'" + std::string(language::info(op).name) + "' has no derivative");
  }

  void structure(const Node& node, NodeId id, NodeId adj) {
    const NodeId a = node.args.empty() ? no_node : node.args[0];
    const Shape from = a == no_node ? Shape{} : g_.shape(a);
    const auto whole = [&] { return g_.fill(adj, node.shape); };
    switch (node.op) {
      case language::Op::elem: return flow_part(a, node.aux, 1, adj);
      case language::Op::slice: return flow_part(a, node.aux, node.shape.length, adj);
      case language::Op::gather: return flow(a, g_.reshape(g_.scatter(whole(), node.data, from.length), from), from);
      case language::Op::scatter: {
        const std::vector<std::uint32_t> indices(node.data->begin(), node.data->end());
        return flow(a, g_.reshape(g_.gather(whole(), indices), from), from);
      }
      case language::Op::fill: return flow(a, adj, node.shape);
      case language::Op::concat: return split(node, adj);
      case language::Op::reshape: return flow(a, g_.shape(adj).scalar() ? adj : g_.reshape(adj, from), from);
      case language::Op::transpose: return flow(a, g_.shape(adj).scalar() ? adj : g_.transpose(adj), from);
      case language::Op::repeat: return flow(a, g_.along(language::Op::sum, whole(), node.aux), from);
      case language::Op::index:           // whole numbers have no slope
      case language::Op::random: return;  // a draw is a constant
      case language::Op::limit:           // as where it is the derivative itself
        return flow(a, g_.shape(adj).scalar() ? adj : g_.slice(adj, 0, from.length), from);
      case language::Op::take: return flow(a, g_.place(whole(), node.args[1], from, node.aux), from);
      case language::Op::place: return flow(a, g_.reshape(g_.take(whole(), node.args[1], node.aux), from), from);
      case language::Op::put: return put(node, whole());
      default:
        return algebra(g_, node, id, whole(), [this](NodeId to, NodeId value) { flow(to, value, g_.shape(to)); });
    }
  }

  /// What is replaced passes nothing on; of two replacements of one place the earlier passes nothing.
  void put(const Node& node, NodeId adj) {
    const NodeId a = node.args[0], numbers = node.args[1], with = node.args[2];
    const Shape from = g_.shape(a);
    const std::uint32_t width = node.aux, count = g_.shape(numbers).size();
    flow(a, g_.put(adj, numbers, g_.constant(0.0), width), from);
    if (!active_[with]) return;
    NodeId back = g_.take(adj, numbers, width);
    if (count > 1) {
      std::vector<double> places(std::size_t{count} * width);
      for (std::size_t i = 0; i < places.size(); ++i) places[i] = static_cast<double>(i + 1);
      const NodeId each = g_.constant(std::move(places));
      const NodeId last = g_.take(g_.put(g_.fill(g_.constant(0.0), from), numbers, each, width), numbers, width);
      back = g_.where(g_.apply(language::Op::eq, {last, each}), back, g_.constant(0.0));
    }
    const Shape replacement = g_.shape(with);
    if (replacement.scalar()) return flow(with, back, g_.shape(back));
    flow(with, g_.reshape(back, replacement), replacement);
  }

  void split(const Node& node, NodeId adj) {
    std::uint32_t offset = 0;
    for (const NodeId part : node.args) {
      const Shape shape = g_.shape(part);
      if (active_[part]) {
        NodeId value = adj;
        if (!g_.shape(adj).scalar())
          value = shape.scalar() ? g_.element(adj, offset) : g_.reshape(g_.slice(adj, offset, shape.length), shape);
        flow(part, value, shape);
      }
      offset += shape.size();
    }
  }

  Graph& g_;
  NodeId output_;
  NodeId wrt_;
  std::vector<bool> active_;
  std::vector<Adjoint> adjoints_;
};

}  // namespace

NodeId gradient(Graph& graph, NodeId output, NodeId wrt) { return Reverse(graph, output, wrt).run(); }

}  // namespace optexplore::program
