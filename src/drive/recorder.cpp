#include "drive/recorder.hpp"

#include "study/standstill.hpp"

namespace optexplore::drive {
namespace {

void append_row(const Moment& moment, std::size_t lane, const RowLayout& layout, std::vector<double>& numbers) {
  const std::size_t begin = numbers.size();
  numbers.resize(begin + layout.width);
  double* row = numbers.data() + begin;
  for (std::size_t k = 0; k < layout.node_places.size(); ++k) {
    const backend::LaneView view = moment.machine->recorded(k);
    row[layout.node_places[k]] = view.data[lane * view.lane_stride];
  }
  for (const std::size_t place : layout.step_places) row[place] = static_cast<double>(moment.step);
}

/// @param run  its number among the plan's
double way_of(const Moment& moment, std::size_t l, std::uint64_t run, const study::Plan& plan) {
  const backend::LaneView point = moment.machine->input(study::Plan::point_input);
  std::vector<double> last(point.rows);
  for (std::size_t r = 0; r < point.rows; ++r) last[r] = point.at(r, l);
  return study::share_of_way(*plan.function, plan.expansion.start(run), last);
}

Ending ending_of(const Moment& moment, std::size_t l, std::uint64_t run, const study::Plan& plan) {
  const Lane& lane = moment.lanes[l];
  Ending ending{*lane.ending, moment.step};
  if (!plan.function->minimizers.empty()) ending.way = way_of(moment, l, run, plan);
  if (ending.status == Status::diverged) ending.reason = lane.remark;
  ending.limit = lane.limit;
  if (ending.status == Status::no_gradient) ending.coordinate = plan.function->coordinate(lane.missing - 1);
  return ending;
}

}  // namespace

std::vector<RecordedRun> record(const study::Plan& plan, const RowLayout& layout, std::span<const std::uint64_t> runs,
                                std::uint64_t every, Control control) {
  std::vector<RecordedRun> recorded(runs.size());
  Driver driver(plan, runs, every, control);
  while (const Moment* moment = driver.next()) {
    const bool due = moment->step % every == 0;
    for (std::size_t l = 0; l < moment->lanes.size(); ++l) {
      const Lane& lane = moment->lanes[l];
      if (!lane.active || !(due || lane.ending)) continue;
      RecordedRun& run = recorded[lane.run];
      append_row(*moment, l, layout, run.numbers);
      ++run.rows;
      if (lane.ending) run.ending = ending_of(*moment, l, runs[lane.run], plan);
    }
  }
  return recorded;
}

void Trajectory::fill(Block& block, std::size_t most) {
  while (block.rows < most) {
    const Moment& moment = *driver_.next();
    append_row(moment, 0, layout_, block.numbers);
    ++block.rows;
    if (!moment.lanes.front().ending) continue;
    block.ending = ending_of(moment, 0, run_, plan_);
    return;
  }
}

}  // namespace optexplore::drive
