#pragma once

#include <cstdint>
#include <optexplore/run.hpp>
#include <span>
#include <vector>

#include "study/plan.hpp"

namespace optexplore::drive {

/// What remains of a run; its f is what rules minimize, see FunctionSpec::sign().
struct Summary {
  Status status = Status::max_steps;
  std::uint64_t steps = 0;  ///< updates done
  double f_start = 0;
  double f_final = 0;
  double f_best = 0;  ///< the least f; NaN when there was no number, or the study doesn't watch it
  std::uint64_t step_best = 0;
  double steps_to_target = 0;  ///< to the first step in the target; NaN: never, or the study has no target
  double steps_to_settle =
      0;  ///< to the step since which it stayed there until its end; NaN: not there, or not watched
  study::Evaluations evaluations;  ///< of the rules
  double cost_to_settle = 0;       ///< what they cost until that step; NaN where it is
  std::vector<double> point;       ///< the last one
  std::vector<double> recorded;    ///< the plan's node cells there
};

/// Does some runs of a plan as lanes of one block.
std::vector<Summary> summarize(const study::Plan& plan, std::span<const std::uint64_t> runs, Control control = {});

}  // namespace optexplore::drive
