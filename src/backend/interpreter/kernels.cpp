#include "backend/interpreter/kernels.hpp"

#include <cstdlib>
#include <string_view>

namespace optexplore::backend {

const KernelTable* avx2_table();  // kernels_avx2.cpp

// Here and not in kernels_avx2.cpp: what asks the CPU must itself run on any CPU.
const KernelTable* avx2_kernels() { return __builtin_cpu_supports("avx2") != 0 ? avx2_table() : nullptr; }

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
  const char* wanted = std::getenv("OPTEXPLORE_KERNELS");
  const bool portable = wanted != nullptr && std::string_view(wanted) == "baseline";
  const KernelTable* fast = portable ? nullptr : avx2_kernels();
  return fast != nullptr ? *fast : baseline_kernels();
}

}  // namespace optexplore::backend
