#pragma once

#include <cstdint>
#include <functional>

#include "drive/sweep.hpp"

namespace optexplore::picture {

/// Computes all runs of a sweep on up to `jobs` threads and hands over each row, in run order, on one thread.
void for_each_run(const drive::Sweep& sweep, unsigned jobs,
                  const std::function<void(std::uint64_t run, const double* row)>& take);

}  // namespace optexplore::picture
