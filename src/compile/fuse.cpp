#include "compile/draft.hpp"

namespace optexplore::compile {
namespace {

using language::Op;
using program::NodeId;

/// Whether the node goes through all of its rows and lanes in one pass: every operand has the result's very layout, or
/// is one number.
bool is_flat(const Draft& draft, NodeId id) {
  if (!draft.uses[id].per_lane) return true;
  for (const NodeId arg : draft.node(id).args) {
    const bool full = draft.uses[arg].per_lane && draft.rows(arg) == draft.rows(id);
    const bool number = !draft.uses[arg].per_lane && draft.rows(arg) == 1;
    if (!full && !number) return false;
  }
  return true;
}

bool can_be_half(const Draft& draft, NodeId id) {
  const program::Node& node = draft.node(id);
  // One number alone gains nothing.
  if (!draft.uses[id].per_lane && draft.rows(id) == 1) return false;
  return !draft.uses[id].timed && is_fusible(node.op, static_cast<std::int32_t>(node.aux)) && is_flat(draft, id);
}

bool can_be_inner(const Draft& draft, NodeId inner, NodeId outer) {
  const Use& use = draft.uses[inner];
  return use.readers == 1 && !use.asked && use.inner == program::no_node && use.rate == draft.uses[outer].rate &&
         use.per_lane == draft.uses[outer].per_lane && draft.rows(inner) == draft.rows(outer) &&
         can_be_half(draft, inner);
}

}  // namespace

bool is_fusible(Op op, std::int32_t aux) {
  switch (op) {
    case Op::neg:
    case Op::sqrt:
    case Op::add:
    case Op::sub:
    case Op::mul:
    case Op::div: return true;
    case Op::powi: return aux == 2;
    default: return false;
  }
}

void fuse(Draft& draft) {
  if (!draft.passes.fuse) return;
  for (const NodeId outer : draft.needed) {
    if (!can_be_half(draft, outer)) continue;
    const std::vector<NodeId>& args = draft.node(outer).args;
    for (std::size_t k = 0; k < args.size(); ++k) {
      if (!can_be_inner(draft, args[k], outer)) continue;
      draft.uses[outer].inner = args[k];
      draft.uses[outer].inner_side = static_cast<std::uint8_t>(k);
      draft.uses[args[k]].fused = true;
      break;
    }
  }
}

}  // namespace optexplore::compile
