#pragma once

#include <cstddef>

namespace optexplore::bench {

/// c = a·b for n×n matrices, n a multiple of 8, with the sums in the order of dot: blocked, packed and unrolled by hand
/// as a person would for this case alone, but without fused multiply-adds, which would round differently.
void blocked_product(const double* a, const double* b, double* c, std::size_t n);

}  // namespace optexplore::bench
