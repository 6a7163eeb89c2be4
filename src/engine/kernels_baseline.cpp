#include "engine/kernels.inc"

namespace optexplore::engine {

const KernelTable& baseline_kernels() {
  static const KernelTable table = make_table("baseline");
  return table;
}

}  // namespace optexplore::engine
