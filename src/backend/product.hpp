#pragma once

#include <cstddef>
#include <functional>

#include "backend/interpreter/kernels.hpp"

namespace optexplore::backend {

/// The sizes of a product c = a·b: a is m×k, b is k×n, c is m×n, row by row. A transposed operand is stored as k×m or
/// n×k.
struct ProductShape {
  std::size_t m = 0;
  std::size_t k = 0;
  std::size_t n = 0;
  bool a_transposed = false;
  bool b_transposed = false;
};

/// Who does the pieces of a large product. By default the calling thread, one piece after the other.
class Workers {
 public:
  virtual ~Workers() = default;
  /// How many tasks can run at the same time.
  [[nodiscard]] virtual std::size_t threads() const { return 1; }
  /// Runs tasks 0 … count-1, each exactly once, in any order and on any threads; returns when all are done.
  virtual void run(std::size_t count, const std::function<void(std::size_t)>& task);
};

/// Those that large products of the interpreter use: whoever has been asked last, else the calling thread. To be set
/// before anything runs; the referent must outlive all runs.
void use_workers(Workers& workers);
Workers& workers();

/// c = a·b, every element language::ordered_sum of its k products: the same bits as the dot of a row and a column,
/// whatever the kernels and the workers. c is neither a nor b.
void product(const ProductShape& shape, const double* a, const double* b, double* c, const KernelTable& kernels,
             Workers& workers);

/// The same for a block of lanes. Element r of lane l stands at r*lanes + l, or at r in an operand that is the same for
/// all lanes.
void product_of_lanes(const ProductShape& shape, const double* a, bool a_per_lane, const double* b, bool b_per_lane,
                      double* c, std::size_t lanes, const KernelTable& kernels);

}  // namespace optexplore::backend
