#include "drive/driver.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "drive/loading.hpp"

namespace optexplore::drive {
namespace {

/// Blocks are not made smaller than this: a vector instruction takes four lanes, and two hide each other's latency.
constexpr std::size_t fewest_lanes = 8;

std::uint64_t magnitude(double value) { return std::bit_cast<std::uint64_t>(value) & ~(std::uint64_t{1} << 63U); }

/// Without branches, so that the compiler makes vectors of it.
bool finite(const double* values, std::size_t count) {
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < count; ++i) all |= magnitude(values[i] * 0);  // zero of some sign, or NaN
  return all == 0;
}

bool all_zero(std::span<const double> values) {
  std::uint64_t all = 0;
  for (const double value : values) all |= magnitude(value);
  return all == 0;
}

/// The values of all lanes beside each other; a value that is the same for all is repeated in `room`.
std::span<const double> per_lane(const backend::LaneView& view, std::size_t lanes, std::vector<double>& room) {
  if (view.lane_stride != 0 || lanes == 1) return {view.data, lanes};
  room.assign(lanes, *view.data);
  return room;
}

bool is_finite(double f, const backend::LaneView& point, std::size_t lane) {
  bool all = std::isfinite(f);
  for (std::size_t r = 0; r < point.rows; ++r) all = all && std::isfinite(point.at(r, lane));
  return all;
}

}  // namespace

Driver::Driver(const study::Plan& plan, std::span<const std::uint64_t> runs, std::uint64_t every, Control control)
    : plan_(plan),
      every_(every),
      control_(control),
      machine_(plan.executable->machine(runs.size())),
      active_(runs.size()) {
  load(*machine_, plan, runs);
  for (std::size_t i = 0; i < runs.size(); ++i) moment_.lanes.push_back({.run = i});
  look_at_faults(*machine_);
}

const Moment* Driver::next() {
  if (begun_) {
    if (has_endings_) end_runs();
    if (active_ == 0) return nullptr;
    advance();
  }
  for (;; advance()) {
    observe();
    const bool due = every_ != 0 && moment_.step % every_ == 0;
    if (!begun_) {
      const auto f = per_lane(machine_->observed(study::Plan::f_observed), machine_->lanes(), f_of_lane_);
      f_start_.assign(f.begin(), f.end());
      begun_ = true;
    }
    if (!due && !has_endings_) continue;
    machine_->record();
    look_at_faults(*machine_);
    moment_.machine = machine_.get();
    return &moment_;
  }
}

/// Computes the step's values and finds out which runs end with it.
void Driver::observe() {
  const std::size_t lanes = machine_->lanes();
  machine_->set_step(moment_.step + 1);
  machine_->observe();
  look_at_faults(*machine_);
  const auto f = per_lane(machine_->observed(study::Plan::f_observed), lanes, f_of_lane_);
  const backend::LaneView point = machine_->input(study::Plan::point_input);
  const bool all_numbers = finite(f.data(), lanes) && finite(point.data, point.rows * lanes);
  std::span<const double> stop;
  if (plan_.has_stop && !(moment_.step == 0 && plan_.stop_needs_previous))
    stop = per_lane(machine_->observed(study::Plan::stop_observed), lanes, stop_of_lane_);
  std::span<const double> spent;
  if (plan_.spent_observed) spent = per_lane(machine_->observed(*plan_.spent_observed), lanes, spent_of_lane_);
  const bool last = moment_.step == plan_.steps || control_.interrupted();
  if (all_numbers && !last && all_zero(stop) && all_zero(spent)) return;
  for (std::size_t l = 0; l < lanes; ++l) {
    Lane& lane = moment_.lanes[l];
    if (!lane.active) continue;
    const bool diverged = !all_numbers && !is_finite(f[l], point, l);
    const bool stopped = !stop.empty() && language::holds(stop[l]);
    const bool has_spent = !spent.empty() && language::holds(spent[l]);
    if (!diverged && !stopped && !has_spent && !last) continue;
    lane.ending = diverged  ? (lane.missing != 0 ? Status::no_gradient : Status::diverged)
                  : stopped ? Status::stopped
                  : moment_.step < plan_.steps && !has_spent ? Status::interrupted
                                                             : Status::max_steps;
    has_endings_ = true;
    uncounted_ += plan_.steps - moment_.step;
  }
  count_steps(true);
}

/// Retires the runs whose end has been seen.
void Driver::end_runs() {
  for (Lane& lane : moment_.lanes) {
    if (!lane.ending) continue;
    lane.ending.reset();
    lane.active = false;
    --active_;
  }
  has_endings_ = false;
  has_new_gaps_ = true;
  if (active_ != 0 && active_ <= machine_->lanes() / 2 && machine_->lanes() > fewest_lanes) shrink();
}

/// Where the coming update has no gradient: what is not a number after it is so for that reason.
void Driver::remember_missing() {
  if (!plan_.missing_observed) return;
  const backend::LaneView missing = machine_->observed(*plan_.missing_observed);
  const bool somewhere = !all_zero({missing.data, missing.lane_stride == 0 ? 1 : machine_->lanes()});
  if (!somewhere && !missing_somewhere_) return;
  missing_somewhere_ = somewhere;
  for (std::size_t l = 0; l < moment_.lanes.size(); ++l)
    moment_.lanes[l].missing = static_cast<std::uint32_t>(missing.data[l * missing.lane_stride]);
}

/// An index out of range ends everything, as a text of the user's is wrong. The rest is told with the run's end.
void Driver::look_at_faults(backend::Machine& machine) {
  if (machine.faults().empty()) return;
  for (const backend::Fault& fault : machine.faults())
    for (std::size_t l = 0; l < moment_.lanes.size(); ++l) {
      if (!moment_.lanes[l].active || (fault.lane != backend::Fault::every_lane && fault.lane != l)) continue;
      Lane& lane = moment_.lanes[l];
      switch (fault.kind) {
        case backend::Fault::Kind::error:
          backend::throw_fault(fault,
                               ", at step " + std::to_string(moment_.step) + " of '" + plan_.optimizer->label + "'");
        case backend::Fault::Kind::no_number: lane.remark = backend::to_text(fault); break;
        case backend::Fault::Kind::limit:
          if (lane.limit.empty())
            lane.limit = backend::to_text(fault) + ", first in update " + std::to_string(moment_.step + 1);
          break;
      }
    }
  machine.forget_faults();
}

/// Counting every step would cost as much as a small one.
void Driver::count_steps(bool at_once) {
  constexpr std::uint64_t seldom = 64;
  if (control_.steps == nullptr || (!at_once && moment_.step % seldom != 0)) return;
  control_.steps->fetch_add(std::exchange(uncounted_, 0), std::memory_order_relaxed);
}

void Driver::advance() {
  remember_missing();
  uncounted_ += active_;
  count_steps(false);
  machine_->update();
  look_at_faults(*machine_);
  ++moment_.step;
  if (has_new_gaps_) fill_in();
}

/// Retired lanes go on as copies of an active one: what has diverged would be met again in every step, and arithmetic
/// on what isn't finite may be slow.
void Driver::fill_in() {
  has_new_gaps_ = false;
  const auto source = static_cast<std::size_t>(
      std::ranges::find_if(moment_.lanes, [](const Lane& lane) { return lane.active; }) - moment_.lanes.begin());
  for (std::size_t k = 0; k < machine_->program().inputs.size(); ++k) {
    const backend::LaneView view = machine_->input(k);
    if (view.lane_stride == 0) continue;
    for (std::size_t l = 0; l < moment_.lanes.size(); ++l)
      for (std::size_t r = 0; r < view.rows && !moment_.lanes[l].active; ++r) view.at(r, l) = view.at(r, source);
  }
}

/// Moves the active lanes to a smaller block. Its other lanes repeat the last one.
void Driver::shrink() {
  std::vector<std::size_t> from;
  for (std::size_t l = 0; l < machine_->lanes(); ++l)
    if (moment_.lanes[l].active) from.push_back(l);
  const std::size_t lanes = (from.size() + fewest_lanes - 1) / fewest_lanes * fewest_lanes;
  if (lanes >= machine_->lanes()) return;
  auto smaller = plan_.executable->machine(lanes);
  std::vector<program::RandomKey> keys;
  std::vector<Lane> kept;
  for (std::size_t l = 0; l < lanes; ++l) {
    const std::size_t source = from[std::min(l, from.size() - 1)];
    keys.push_back(machine_->key(source));
    kept.push_back({.run = moment_.lanes[source].run, .active = l < from.size()});
    kept.back().remark = moment_.lanes[source].remark;
    kept.back().limit = moment_.lanes[source].limit;
  }
  const std::vector<compile::Port>& inputs = smaller->program().inputs;
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    if (inputs[k].location.space == compile::Location::Space::constant) continue;
    const backend::LaneView old = machine_->input(k);
    const backend::LaneView fresh = smaller->input(k);
    for (std::size_t r = 0; r < fresh.rows; ++r)
      for (std::size_t l = 0; l < (fresh.lane_stride == 0 ? 1 : lanes); ++l)
        fresh.at(r, l) = old.at(r, from[std::min(l, from.size() - 1)]);
  }
  smaller->set_keys(keys);
  smaller->prologue();
  smaller->set_step(moment_.step + 1);
  smaller->observe();  // what the update needs of it
  machine_ = std::move(smaller);
  moment_.lanes = std::move(kept);
}

}  // namespace optexplore::drive
