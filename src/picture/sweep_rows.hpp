#pragma once

#include <cstdint>
#include <functional>

#include "drive/sweep.hpp"

namespace optexplore::picture {

/// Computes all runs of a sweep on up to `jobs` threads and hands over block by block, in run order, on one thread.
/// @param take  takes a block and the number of its first run, from 0
/// @param quiet  without a line of progress
void for_each_block(const drive::Sweep& sweep, unsigned jobs, bool quiet,
                    const std::function<void(const Block& block, std::uint64_t first_run)>& take);

}  // namespace optexplore::picture
