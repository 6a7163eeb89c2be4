#include "drive/trajectory.hpp"

#include <cmath>
#include <limits>

#include "drive/loading.hpp"

namespace optexplore::drive {

Trajectory::Trajectory(const study::Plan& plan, const Layout& layout, const RunOptions& options,
                       std::uint64_t run_of_plan, std::uint64_t run_number)
    : plan_(&plan),
      layout_(&layout),
      options_(options),
      machine_(plan.program, 1),
      run_number_(static_cast<double>(run_number)),
      seed_(static_cast<double>(plan.expansion.seed(run_of_plan))) {
  load(machine_, plan, {&run_of_plan, 1});
}

bool Trajectory::finite() const {
  if (!std::isfinite(machine_.observed(study::Plan::f_observed).at(0, 0))) return false;
  const backend::LaneView point = machine_.input(study::Plan::point_input);
  for (std::size_t i = 0; i < point.rows; ++i)
    if (!std::isfinite(point.data[i])) return false;
  return true;
}

void Trajectory::write_row(std::vector<double>& values) {
  machine_.record();
  const std::size_t begin = values.size();
  values.resize(begin + layout_->width, std::numeric_limits<double>::quiet_NaN());
  double* row = values.data() + begin;
  for (std::size_t k = 0; k < layout_->node_places.size(); ++k)
    row[layout_->node_places[k]] = *machine_.recorded(k).data;
  for (const std::size_t place : layout_->step_places) row[place] = static_cast<double>(step_);
  for (const std::size_t place : layout_->run_places) row[place] = run_number_;
  for (const std::size_t place : layout_->seed_places) row[place] = seed_;
  for (const auto& [place, value] : layout_->choices) row[place] = value;
}

void Trajectory::fill(RowBlock& block) {
  backend::LaneView t = machine_.input(study::Plan::t_input);
  while (block.rows < options_.block_rows) {
    t.at(0, 0) = static_cast<double>(step_ + 1);
    machine_.set_step(step_ + 1);
    machine_.observe();
    const bool diverged = !finite();
    const bool asked = plan_->has_stop && !(step_ == 0 && plan_->stop_needs_previous);
    const double stop = asked ? machine_.observed(study::Plan::stop_observed).at(0, 0) : 0;
    const bool stopped = stop != 0 && !std::isnan(stop);
    const bool last = diverged || stopped || step_ == plan_->steps;
    if (last || step_ % options_.every == 0) {
      write_row(block.values);
      ++block.rows;
    }
    if (last) {
      block.last = true;
      block.steps = step_;
      block.status = diverged ? Status::diverged : stopped ? Status::stopped : Status::max_steps;
      return;
    }
    machine_.update();
    ++step_;
  }
}

}  // namespace optexplore::drive
