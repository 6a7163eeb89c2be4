#pragma once

#include <cstdint>
#include <functional>
#include <optexplore/experiment.hpp>
#include <vector>

#include "language/ops.hpp"

namespace optexplore::experiment {

/// A random number of a start.
/// @param call        which draw of a text it is, from 0
/// @param coordinate  of the point
using StartDraw = std::function<double(language::Draw kind, std::uint32_t call, std::size_t coordinate)>;

/// A function's blocks as starts have them: of f(x,y) each number by itself.
std::vector<PointBlock> start_blocks(const FunctionSpec& function);

/// A function's start whose blocks are given: numbers as they are, expressions of rows, cols, rank, n and draws for the
/// block; a block that isn't given begins where the function's own start says.
/// @throws InputError (place: a part of "/start") where a value doesn't fit its block, or a block has none
std::vector<double> block_start(const StartSpec& start, const FunctionSpec& function, const StartDraw& draw);

/// Throws as block_start() does, for each function; and where a name is that of no block.
void check_block_starts(const StartSpec& start, const std::vector<FunctionSpec>& functions);

}  // namespace optexplore::experiment
