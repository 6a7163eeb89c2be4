#include "backend/interpreter/kernels.inc"

namespace optexplore::backend {

const KernelTable& baseline_kernels() {
  static const KernelTable table = make_table("baseline");
  return table;
}

}  // namespace optexplore::backend
