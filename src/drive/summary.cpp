#include "drive/summary.hpp"

#include <cmath>
#include <limits>

#include "drive/driver.hpp"

namespace optexplore::drive {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();

double at(const backend::LaneView& view, std::size_t lane) { return view.data[lane * view.lane_stride]; }

/// What a run is at its last step.
Summary last_of(const Moment& moment, std::size_t lane, const study::Plan& plan, double f_start) {
  const backend::Machine& machine = *moment.machine;
  Summary summary;
  summary.status = *moment.lanes[lane].ending;
  summary.steps = moment.step;
  summary.f_start = f_start;
  summary.f_final = at(machine.observed(study::Plan::f_observed), lane);
  summary.f_best = nan;
  if (plan.best_recorded) {
    const double best = at(machine.recorded(*plan.best_recorded), lane);
    if (best < inf || f_start == inf) summary.f_best = best;
    summary.step_best = static_cast<std::uint64_t>(at(machine.recorded(*plan.best_recorded + 1), lane));
  }
  const auto step_in = [&](const std::optional<std::size_t>& recorded) {
    const double step = recorded ? at(machine.recorded(*recorded), lane) : inf;
    return step < inf ? step : nan;
  };
  summary.steps_to_target = step_in(plan.target_recorded);
  summary.steps_to_settle = step_in(plan.settled_recorded);
  const auto recorded = [&](std::size_t k) { return at(machine.recorded(k), lane); };
  if (plan.step_evaluations) {
    const study::Evaluations &start = plan.start_evaluations, &each = *plan.step_evaluations;
    const auto steps = static_cast<double>(summary.steps);
    summary.evaluations = {start.values + steps * each.values, start.gradients + steps * each.gradients,
                           start.hessians + steps * each.hessians};
    summary.cost_to_settle = plan.prices.of(start) + summary.steps_to_settle * plan.prices.of(each);
  } else if (plan.evaluations_recorded) {
    const std::size_t k = *plan.evaluations_recorded;
    summary.evaluations = {recorded(k), recorded(k + 1), recorded(k + 2)};
    summary.cost_to_settle = plan.settled_evaluations_recorded && !std::isnan(summary.steps_to_settle)
                                 ? recorded(*plan.settled_evaluations_recorded)
                                 : nan;
  }
  const backend::LaneView point = machine.input(study::Plan::point_input);
  for (std::size_t r = 0; r < point.rows; ++r) summary.point.push_back(point.at(r, lane));
  for (std::size_t k = 0; k < plan.node_cells; ++k) summary.recorded.push_back(at(machine.recorded(k), lane));
  return summary;
}

}  // namespace

std::vector<Summary> summarize(const study::Plan& plan, std::span<const std::uint64_t> runs, Control control) {
  std::vector<Summary> summaries(runs.size());
  Driver driver(plan, runs, 0, control);
  while (const Moment* moment = driver.next())
    for (std::size_t l = 0; l < moment->lanes.size(); ++l) {
      const Lane& lane = moment->lanes[l];
      if (lane.ending) summaries[lane.run] = last_of(*moment, l, plan, driver.f_start()[lane.run]);
    }
  return summaries;
}

}  // namespace optexplore::drive
