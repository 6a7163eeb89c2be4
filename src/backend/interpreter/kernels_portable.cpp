// Plain C++ and SLEEF's plain C functions: for any architecture.
#define OPTX_PORTABLE
#include "backend/interpreter/kernels.inc"

namespace optexplore::backend {

const KernelTable& portable_kernels() {
  static const KernelTable table = make_table("portable");
  return table;
}

}  // namespace optexplore::backend
