// Compiled with -mavx2 (see CMakeLists.txt); runs only after avx2_kernels() has asked the CPU.
#if defined(__AVX2__)
#define OPTX_AVX
#include "backend/interpreter/kernels.inc"
#else
#include "backend/interpreter/kernels.hpp"
#endif

namespace optexplore::backend {

#if defined(__AVX2__)
const KernelTable* avx2_table() {
  static const KernelTable table = make_table("avx2");
  return &table;
}
#else
const KernelTable* avx2_table() { return nullptr; }
#endif

}  // namespace optexplore::backend
