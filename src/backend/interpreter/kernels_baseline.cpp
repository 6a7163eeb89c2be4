// What every CPU of its kind has: SSE2 on x86-64, plain C elsewhere.
#if defined(__SSE2__) && !defined(OPTEXPLORE_PORTABLE_KERNELS)
#define OPTX_SSE
#include "backend/interpreter/kernels.inc"
#else
#include "backend/interpreter/kernels.hpp"
#endif

namespace optexplore::backend {

#if defined(OPTX_SSE)
const KernelTable& baseline_kernels() {
  static const KernelTable table = make_table("baseline");
  return table;
}
#else
const KernelTable& baseline_kernels() { return portable_kernels(); }
#endif

}  // namespace optexplore::backend
