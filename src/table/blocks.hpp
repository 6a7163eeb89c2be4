#pragma once

#include <cstddef>
#include <optexplore/run.hpp>
#include <vector>

#include "table/format.hpp"

namespace optexplore::table {

/// A column that a block-wise format (json, gnuplot) writes in each row.
struct BlockColumn {
  std::size_t column;  ///< index into Document::columns and TrajectoryInfo::present
  std::size_t value;   ///< index into a row of RowBlock::values
};

/// The columns of numbers. What is constant in a trajectory (`run`, `seed`) belongs to the head of
/// its block and is left out, unless the user asked for it by name.
std::vector<BlockColumn> block_columns(const Document& document);

}  // namespace optexplore::table
