#pragma once

#include <cstdint>
#include <functional>

#include "run/sweep.hpp"

namespace optexplore::plot {

/// Computes all runs of a sweep on up to `jobs` threads and hands over each row, in run order, on one thread.
void for_each_run(const run::Sweep& sweep, unsigned jobs,
                  const std::function<void(std::uint64_t run, const double* row)>& take);

}  // namespace optexplore::plot
