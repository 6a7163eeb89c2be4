#include "program/derive_algebra.hpp"

#include <optexplore/error.hpp>
#include <string>
#include <vector>

#include "program/formulas.hpp"

namespace optexplore::program {
namespace {

using language::Op;

/// 1 on the diagonal, `below` below it and 0 above.
NodeId triangle(Graph& g, std::uint32_t n, double diagonal, double below) {
  std::vector<double> values(std::size_t{n} * n, 0.0);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j) values[i * n + j] = i == j ? diagonal : below;
  return g.constant(std::move(values), matrix_shape(n, n));
}

void product(Graph& g, const Node& node, NodeId adjoint, const std::function<void(NodeId, NodeId)>& flow) {
  const NodeId a = node.args[0], b = node.args[1];
  const bool ta = (node.aux & 1U) != 0, tb = (node.aux & 2U) != 0;
  const NodeId left = ta ? g.transpose(a) : a, right = tb ? g.transpose(b) : b;
  NodeId to_left = no_node, to_right = no_node;
  if (g.shape(a).vector()) {
    to_left = g.product(adjoint, g.transpose(right));
    to_right = outer(g, left, adjoint);
  } else if (g.shape(b).vector()) {
    to_left = outer(g, adjoint, right);
    to_right = g.product(adjoint, left);
  } else {
    to_left = g.product(adjoint, g.transpose(right));
    to_right = g.product(g.transpose(left), adjoint);
  }
  flow(a, ta ? g.transpose(to_left) : to_left);
  flow(b, tb ? g.transpose(to_right) : to_right);
}

/// Aᵀ·λ = adjoint; λ flows to b, -λ·zᵀ to A.
void solve(Graph& g, const Node& node, NodeId z, NodeId adjoint, const std::function<void(NodeId, NodeId)>& flow) {
  const NodeId a = node.args[0];
  const NodeId lambda = g.solve(g.transpose(a), adjoint, node.site);
  flow(node.args[1], lambda);
  flow(a, g.neg(g.shape(z).matrix() ? g.product(lambda, g.transpose(z)) : outer(g, lambda, z)));
}

/// L⁻ᵀ·Φ(Lᵀ·adjoint)·L⁻¹, made symmetric; Φ takes the lower triangle with half of the diagonal.
NodeId cholesky(Graph& g, NodeId l, NodeId adjoint, const Site& site) {
  const NodeId upper = g.transpose(l);
  const NodeId half = g.mul(g.product(upper, adjoint), triangle(g, g.shape(l).columns, 0.5, 1));
  const NodeId left = g.solve(upper, half, site);
  const NodeId both = g.transpose(g.solve(upper, g.transpose(left), site));
  return g.mul(g.constant(0.5), g.add(both, g.transpose(both)));
}

/// (adjoint + Q·S)·R⁻ᵀ with R = Qᵀ·A and the symmetric S whose lower triangle is that of -adjointᵀ·Q.
NodeId qr_q(Graph& g, NodeId a, NodeId q, NodeId adjoint, const Site& site) {
  const NodeId r = g.product(g.transpose(q), a);
  const NodeId m = g.neg(g.product(g.transpose(adjoint), q));
  const std::uint32_t n = g.shape(r).columns;
  const NodeId below = g.mul(m, triangle(g, n, 0, 1));
  const NodeId symmetric = g.add(g.add(below, g.transpose(below)), g.mul(m, triangle(g, n, 1, 0)));
  const NodeId right = g.add(adjoint, g.product(q, symmetric));
  return g.transpose(g.solve(r, g.transpose(right), site));
}

}  // namespace

void algebra(Graph& g, const Node& node, NodeId id, NodeId adjoint,
             const std::function<void(NodeId to, NodeId value)>& flow) {
  const NodeId a = node.args[0];
  const std::uint32_t n = g.shape(a).columns;
  switch (node.op) {
    case Op::product: return product(g, node, adjoint, flow);
    case Op::solve: return solve(g, node, id, adjoint, flow);
    case Op::cholesky: return flow(a, cholesky(g, id, adjoint, node.site));
    case Op::qr_q: return flow(a, qr_q(g, a, id, adjoint, node.site));
    case Op::det: return flow(a, g.mul(g.mul(adjoint, id), g.solve(g.transpose(a), triangle(g, n, 1, 0), node.site)));
    case Op::eigvals: {  // Σ adjointᵢ vᵢ·vᵢᵀ
      const NodeId vectors = g.factor(Op::eigvecs, a, g.shape(a), node.site);
      const NodeId scaled = g.mul(vectors, g.repeat(adjoint, g.shape(a), 1));
      return flow(a, g.product(scaled, g.transpose(vectors)));
    }
    case Op::eigvecs: throw InputError("'eigvecs' has no derivative, and 'eigvals' none beyond its first");
    case Op::cumsum: return flow(a, g.cumsum(adjoint, node.aux == 0));
    default: throw InputError("'" + std::string(language::info(node.op).name) + "' has no derivative");
  }
}

}  // namespace optexplore::program
