// Compiled with -mavx2 (see CMakeLists.txt); runs only after avx2_kernels() has asked the CPU.
#if defined(__AVX2__)
#define OPTX_AVX
#include "engine/kernels.inc"
#else
#include "engine/kernels.hpp"
#endif

namespace optexplore::engine {

#if defined(__AVX2__)
const KernelTable* avx2_table() {
  static const KernelTable table = make_table("avx2");
  return &table;
}
#else
const KernelTable* avx2_table() { return nullptr; }
#endif

}  // namespace optexplore::engine
