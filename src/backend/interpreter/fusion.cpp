#include "backend/interpreter/fusion.hpp"

#include <optional>

namespace optexplore::backend {
namespace {

using language::Op;

bool overlap(const Span& a, const Span& b) { return a.first < b.first + b.size && b.first < a.first + a.size; }
bool same(const Span& a, const Span& b) { return a.first == b.first && a.size == b.size; }

bool splat(const Bound& bound, std::size_t k) { return ((bound.splat >> k) & 1U) != 0; }

/// One pass over `count` elements.
bool is_flat(const Bound& bound) {
  return bound.kernel != nullptr && bound.elementwise && bound.rows == 1 && bound.count > 1;
}

class Fuser {
 public:
  Fuser(std::vector<Bound>& code, const IsLive& is_live, const KernelTable& kernels)
      : code_(code), is_live_(is_live), kernels_(kernels), fused_(code.size(), false), gone_(code.size(), false) {}

  void run() {
    for (std::size_t at = 0; at < code_.size(); ++at)
      for (std::size_t k = 0; k < code_[at].arity && !fused_[at]; ++k) join(at, k);
    std::vector<Bound> rest;
    for (std::size_t i = 0; i < code_.size(); ++i)
      if (!gone_[i]) rest.push_back(code_[i]);
    code_ = std::move(rest);
  }

 private:
  /// Makes the instruction that computes operand k of instruction `at` a part of it.
  void join(std::size_t at, std::size_t k) {
    Bound& outer = code_[at];
    if (!is_flat(outer) || splat(outer, k)) return;
    const std::optional<std::size_t> source = source_of(at, k);
    if (!source || !can_wait(*source, at, k)) return;
    const Bound inner = code_[*source];
    if (outer.op == Op::fill) {
      double* const out = outer.out;
      const Span written = outer.written;
      outer = inner;
      outer.out = out;
      outer.written = written;
      fused_[at] = fused_[*source];
    } else {
      if (fused_[*source]) return;
      const Kernel kernel = joint_kernel(inner, outer, k);
      if (kernel == nullptr) return;
      take_operands(inner, outer, k);
      outer.kernel = kernel;
      fused_[at] = true;
    }
    gone_[*source] = true;
  }

  /// The instruction that computed just this operand, and nothing has been written over it since.
  [[nodiscard]] std::optional<std::size_t> source_of(std::size_t at, std::size_t k) const {
    const Span& wanted = code_[at].read[k];
    for (std::size_t i = at; i-- > 0;) {
      if (gone_[i] || !overlap(code_[i].written, wanted)) continue;
      if (!same(code_[i].written, wanted) || !is_flat(code_[i]) || code_[i].count != code_[at].count)
        return std::nullopt;
      return i;
    }
    return std::nullopt;
  }

  /// Whether instruction `source` may be executed as late as `at`, where it's read as operand k, and by nobody else.
  [[nodiscard]] bool can_wait(std::size_t source, std::size_t at, std::size_t k) const {
    const Bound& inner = code_[source];
    const Bound& outer = code_[at];
    for (std::size_t i = source + 1; i < at; ++i) {
      if (gone_[i]) continue;
      for (std::size_t a = 0; a < code_[i].arity; ++a)
        if (overlap(code_[i].read[a], inner.written)) return false;
      for (std::size_t a = 0; a < inner.arity; ++a)
        if (overlap(code_[i].written, inner.read[a])) return false;
    }
    for (std::size_t a = 0; a < outer.arity; ++a)
      if (a != k && overlap(outer.read[a], inner.written)) return false;
    // Element by element, what is read may be overwritten; not what is read before or after its turn.
    for (std::size_t a = 0; a < inner.arity; ++a)
      if (overlap(outer.written, inner.read[a]) && (splat(inner, a) || outer.written.first != inner.read[a].first))
        return false;
    return same(outer.written, inner.written) || !is_live_(inner.written, at + 1);
  }

  [[nodiscard]] Kernel joint_kernel(const Bound& inner, const Bound& outer, std::size_t k) const {
    const int first = joint_op(inner.op, inner.aux), second = joint_op(outer.op, outer.aux);
    if (first < 0 || second < 0) return nullptr;
    unsigned mode = inner.splat & 3U;
    if (outer.arity == 2 && splat(outer, 1 - k)) mode |= 4U;
    return kernels_.joint[first][second][k][mode];
  }

  /// inner's operands become a and b, the other one of outer c; a stands in for those that aren't there.
  static void take_operands(const Bound& inner, Bound& outer, std::size_t k) {
    const bool has_other = outer.arity == 2;
    const double* const other = has_other ? outer.args[1 - k] : inner.args[0];
    const Span other_read = has_other ? outer.read[1 - k] : inner.read[0];
    const bool other_splat = has_other ? splat(outer, 1 - k) : splat(inner, 0);
    const std::size_t second = inner.arity == 2 ? 1 : 0;
    const double* const args[] = {inner.args[0], inner.args[second], other};
    const Span read[] = {inner.read[0], inner.read[second], other_read};
    const bool splats[] = {splat(inner, 0), splat(inner, second), other_splat};
    outer.splat = 0;
    for (std::size_t a = 0; a < 3; ++a) {
      outer.args[a] = args[a];
      outer.read[a] = read[a];
      if (splats[a]) outer.splat = static_cast<std::uint8_t>(outer.splat | 1U << a);
    }
    outer.arity = 3;
    outer.aux = 0;
  }

  std::vector<Bound>& code_;
  const IsLive& is_live_;
  const KernelTable& kernels_;
  std::vector<bool> fused_;
  std::vector<bool> gone_;
};

}  // namespace

void fuse(std::vector<Bound>& code, const IsLive& is_live, const KernelTable& kernels) {
  Fuser(code, is_live, kernels).run();
}

}  // namespace optexplore::backend
