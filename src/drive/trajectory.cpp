#include "drive/trajectory.hpp"

#include <cmath>

#include "drive/loading.hpp"

namespace optexplore::drive {

Trajectory::Trajectory(const study::Plan& plan, const Layout& layout, const Experiment& experiment,
                       const RunOptions& options, std::uint64_t run_of_plan)
    : plan_(&plan),
      layout_(&layout),
      experiment_(&experiment),
      options_(options),
      machine_(plan.executable->machine(1)) {
  load(*machine_, plan, {&run_of_plan, 1});
}

bool Trajectory::finite() const {
  if (!std::isfinite(machine_->observed(study::Plan::f_observed).at(0, 0))) return false;
  const backend::LaneView point = machine_->input(study::Plan::point_input);
  for (std::size_t i = 0; i < point.rows; ++i)
    if (!std::isfinite(point.data[i])) return false;
  return true;
}

void Trajectory::write_row(std::vector<double>& numbers) {
  machine_->record();
  const std::size_t begin = numbers.size();
  numbers.resize(begin + layout_->width);
  double* row = numbers.data() + begin;
  for (std::size_t k = 0; k < layout_->node_places.size(); ++k)
    row[layout_->node_places[k]] = *machine_->recorded(k).data;
  for (const std::size_t place : layout_->step_places) row[place] = static_cast<double>(step_);
}

void Trajectory::fill(Block& block) {
  while (block.rows < options_.block_rows) {
    machine_->set_step(step_ + 1);
    machine_->observe();
    const bool diverged = !finite();
    const bool asked = plan_->has_stop && !(step_ == 0 && plan_->stop_needs_previous);
    const double stop = asked ? machine_->observed(study::Plan::stop_observed).at(0, 0) : 0;
    const bool stopped = stop != 0 && !std::isnan(stop);
    const bool last = diverged || stopped || step_ == experiment_->steps;
    if (last || step_ % options_.every == 0) {
      write_row(block.numbers);
      ++block.rows;
    }
    if (last) {
      block.ending = {diverged ? Status::diverged : stopped ? Status::stopped : Status::max_steps, step_};
      return;
    }
    machine_->update();
    ++step_;
  }
}

}  // namespace optexplore::drive
