#pragma once

#include <cstdint>
#include <optexplore/run.hpp>
#include <span>
#include <vector>

#include "study/plan.hpp"

namespace optexplore::drive {

/// What remains of a run.
struct Summary {
  Status status = Status::max_steps;
  std::uint64_t steps = 0;  ///< updates done
  double f_start = 0;
  double f_final = 0;
  double f_best = 0;  ///< the least f; NaN when there was no number
  std::uint64_t step_best = 0;
  double steps_to_target = 0;    ///< NaN: not reached
  std::vector<double> point;     ///< the last one
  std::vector<double> recorded;  ///< the plan's node cells there
};

/// How many runs of a plan make a good block.
std::size_t block_lanes(const study::Plan& plan);

/// Does some runs of a plan as lanes of one block. A lane whose run has ended is retired: when
/// half of the lanes have, the others move to a smaller block. A run's bits don't depend on its neighbours.
std::vector<Summary> summarize(const study::Plan& plan, std::span<const std::uint64_t> runs);

}  // namespace optexplore::drive
