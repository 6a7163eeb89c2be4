#include "backend/interpreter/kernels.hpp"

#include <cstdlib>
#include <string_view>

namespace optexplore::backend {

#if defined(__x86_64__) && !defined(OPTEXPLORE_PORTABLE_KERNELS)
const KernelTable* avx2_table();  // kernels_avx2.cpp

// Here and not in kernels_avx2.cpp: what asks the CPU must itself run on any CPU.
const KernelTable* avx2_kernels() { return __builtin_cpu_supports("avx2") != 0 ? avx2_table() : nullptr; }
#else
const KernelTable* avx2_kernels() { return nullptr; }
#endif

FusedOp fused_op(language::Op op) {
  switch (op) {
    case language::Op::neg: return fused_neg;
    case language::Op::sqrt: return fused_sqrt;
    case language::Op::powi: return fused_square;
    case language::Op::add: return fused_add;
    case language::Op::sub: return fused_sub;
    case language::Op::mul: return fused_mul;
    default: return fused_div;
  }
}

const KernelTable& best_kernels() {
  const char* const variable = std::getenv("OPTEXPLORE_KERNELS");
  const std::string_view wanted = variable == nullptr ? "" : variable;
  if (wanted == "portable") return portable_kernels();
  const KernelTable* const fast = wanted == "baseline" ? nullptr : avx2_kernels();
  return fast != nullptr ? *fast : baseline_kernels();
}

}  // namespace optexplore::backend
