#include "run/summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>

#include "engine/machine.hpp"
#include "run/loading.hpp"

namespace optexplore::run {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
/// Blocks are not made smaller than this: a vector instruction takes four lanes, and two hide each other's latency.
constexpr std::size_t fewest_lanes = 8;
constexpr std::size_t most_lanes = 128;
/// Doubles of a block's working set: most of an L1 cache.
constexpr std::size_t block_doubles = 4096;

class Block {
 public:
  Block(const Plan& plan, const Experiment& experiment, std::span<const std::uint64_t> runs)
      : plan_(plan), experiment_(experiment), machine_(std::make_unique<engine::Machine>(plan.program, runs.size())) {
    const std::size_t count = runs.size();
    load(*machine_, plan, runs);
    summaries_.resize(count);
    for (std::size_t i = 0; i < count; ++i) run_of_lane_.push_back(i);
    active_ = count;
    best_.assign(count, std::numeric_limits<double>::infinity());
    best_step_.assign(count, 0);
    invalid_.resize(count);
    for (Summary& summary : summaries_) summary.steps_to_target = nan;
  }

  std::vector<Summary> run() {
    for (std::uint64_t step = 0;; ++step) {
      machine_->input(Plan::t_input).at(0, 0) = static_cast<double>(step + 1);
      machine_->set_step(step + 1);
      machine_->observe();
      observe(step);
      if (active_ == 0) return std::move(summaries_);
      if (active_ <= machine_->lanes() / 2 && machine_->lanes() > fewest_lanes) shrink(step);
      machine_->update();
    }
  }

 private:
  static constexpr std::size_t retired = static_cast<std::size_t>(-1);

  void observe(std::uint64_t step) {
    const engine::LaneView f = machine_->observed(Plan::f_observed);
    const std::size_t lanes = machine_->lanes();
    bool ending = step == experiment_.steps;
    find_invalid(f);
    const double step_number = static_cast<double>(step);
    for (std::size_t l = 0; l < lanes; ++l) {
      const double value = f.data[l * f.lane_stride];
      const bool better = value < best_[l];
      best_[l] = better ? value : best_[l];
      best_step_[l] = better ? step_number : best_step_[l];
    }
    for (std::size_t l = 0; l < lanes; ++l) ending = ending || invalid_[l] != 0;
    const bool stops = plan_.has_stop && !(step == 0 && plan_.stop_needs_previous);
    const engine::LaneView stop = stops ? machine_->observed(Plan::stop_observed) : f;
    if (stops)
      for (std::size_t l = 0; l < lanes; ++l) ending = ending || holds(stop.data[l * stop.lane_stride]);
    if (step == 0) begin(f);
    if (plan_.has_target) aim(step);
    if (!ending) return;

    std::vector<std::size_t> ended;
    for (std::size_t l = 0; l < lanes; ++l) {
      if (run_of_lane_[l] == retired) continue;
      const bool diverged = invalid_[l] != 0;
      const bool stopped = stops && holds(stop.data[l * stop.lane_stride]);
      if (!diverged && !stopped && step != experiment_.steps) continue;
      summaries_[run_of_lane_[l]].status = diverged ? Status::diverged : stopped ? Status::stopped : Status::max_steps;
      ended.push_back(l);
    }
    if (!ended.empty()) retire(ended, step);
  }

  static bool holds(double condition) { return condition != 0 && !std::isnan(condition); }

  /// Which lanes have an f or a point that is not finite: x·0 is 0 for every number, and NaN for all else.
  void find_invalid(const engine::LaneView& f) {
    const std::size_t lanes = machine_->lanes();
    for (std::size_t l = 0; l < lanes; ++l) invalid_[l] = f.data[l * f.lane_stride] * 0;
    const engine::LaneView point = machine_->input(Plan::point_input);
    for (std::size_t r = 0; r < point.rows; ++r) {
      const double* row = &point.at(r, 0);
      for (std::size_t l = 0; l < lanes; ++l) invalid_[l] += row[l] * 0;
    }
  }

  void begin(const engine::LaneView& f) {
    for (std::size_t l = 0; l < machine_->lanes(); ++l)
      if (run_of_lane_[l] != retired) summaries_[run_of_lane_[l]].f_start = f.data[l * f.lane_stride];
  }

  void aim(std::uint64_t step) {
    const engine::LaneView target = machine_->observed(plan_.target_observed());
    for (std::size_t l = 0; l < machine_->lanes(); ++l) {
      if (!holds(target.data[l * target.lane_stride]) || run_of_lane_[l] == retired) continue;
      double& reached = summaries_[run_of_lane_[l]].steps_to_target;
      if (std::isnan(reached)) reached = static_cast<double>(step);
    }
  }

  void retire(const std::vector<std::size_t>& lanes, std::uint64_t step) {
    machine_->record();
    const engine::LaneView f = machine_->observed(Plan::f_observed);
    const engine::LaneView point = machine_->input(Plan::point_input);
    for (const std::size_t l : lanes) {
      Summary& summary = summaries_[run_of_lane_[l]];
      summary.steps = step;
      summary.f_final = f.data[l * f.lane_stride];
      constexpr double inf = std::numeric_limits<double>::infinity();
      summary.f_best = best_[l] < inf || summary.f_start == inf ? best_[l] : nan;
      summary.step_best = static_cast<std::uint64_t>(best_step_[l]);
      for (std::size_t r = 0; r < point.rows; ++r) summary.point.push_back(point.at(r, l));
      for (std::size_t k = 0; k < plan_.program.recorded.size(); ++k) {
        const engine::LaneView value = machine_->recorded(k);
        summary.recorded.push_back(value.data[l * value.lane_stride]);
      }
      run_of_lane_[l] = retired;
      --active_;
    }
  }

  /// Moves the active lanes to a smaller block. Its other lanes repeat the last one.
  void shrink(std::uint64_t step) {
    std::vector<std::size_t> from;
    for (std::size_t l = 0; l < machine_->lanes(); ++l)
      if (run_of_lane_[l] != retired) from.push_back(l);
    const std::size_t lanes = (from.size() + fewest_lanes - 1) / fewest_lanes * fewest_lanes;
    if (lanes >= machine_->lanes()) return;
    auto smaller = std::make_unique<engine::Machine>(plan_.program, lanes);
    std::vector<engine::RandomKey> keys;
    std::vector<std::size_t> runs;
    std::vector<double> best, best_step;
    for (std::size_t l = 0; l < lanes; ++l) {
      const std::size_t source = from[std::min(l, from.size() - 1)];
      keys.push_back(machine_->key(source));
      runs.push_back(l < from.size() ? run_of_lane_[source] : retired);
      best.push_back(best_[source]);
      best_step.push_back(best_step_[source]);
    }
    for (std::size_t k = 0; k < plan_.program.inputs.size(); ++k) {
      const engine::LaneView old = machine_->input(k);
      const engine::LaneView fresh = smaller->input(k);
      for (std::size_t r = 0; r < fresh.rows; ++r)
        for (std::size_t l = 0; l < (fresh.lane_stride == 0 ? 1 : lanes); ++l)
          fresh.at(r, l) = old.at(r, from[std::min(l, from.size() - 1)]);
    }
    smaller->set_keys(keys);
    smaller->prologue();
    smaller->set_step(step + 1);
    smaller->observe();  // what the update needs of it
    machine_ = std::move(smaller);
    run_of_lane_ = std::move(runs);
    best_ = std::move(best);
    best_step_ = std::move(best_step);
    invalid_.resize(lanes);
  }

  const Plan& plan_;
  const Experiment& experiment_;
  std::unique_ptr<engine::Machine> machine_;
  std::vector<Summary> summaries_;
  std::vector<std::size_t> run_of_lane_;
  std::size_t active_ = 0;
  std::vector<double> best_;
  std::vector<double> best_step_;
  std::vector<double> invalid_;
};

}  // namespace

std::size_t block_lanes(const Plan& plan) {
  const std::size_t fit = block_doubles / std::max<std::size_t>(plan.program.lane_rows, 1);
  if (fit < fewest_lanes) return fit == 0 ? 1 : fewest_lanes;
  return std::min(most_lanes, fit / fewest_lanes * fewest_lanes);
}

std::vector<Summary> summarize(const Plan& plan, const Experiment& experiment, std::span<const std::uint64_t> runs) {
  return Block(plan, experiment, runs).run();
}

}  // namespace optexplore::run
