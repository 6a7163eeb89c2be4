#include "drive/summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>

#include "backend/interpreter/machine.hpp"
#include "drive/loading.hpp"

namespace optexplore::drive {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double inf = std::numeric_limits<double>::infinity();
/// Blocks are not made smaller than this: a vector instruction takes four lanes, and two hide each other's latency.
constexpr std::size_t fewest_lanes = 8;
constexpr std::size_t most_lanes = 192;
/// Doubles of a block's working set: most of an L1 cache.
constexpr std::size_t block_doubles = 4096;

class Block {
 public:
  Block(const study::Plan& plan, std::span<const std::uint64_t> runs)
      : plan_(plan), machine_(std::make_unique<backend::Machine>(plan.program, runs.size())) {
    const std::size_t count = runs.size();
    load(*machine_, plan, runs);
    summaries_.resize(count);
    for (std::size_t i = 0; i < count; ++i) run_of_lane_.push_back(i);
    active_ = count;
    best_.assign(count, inf);
    reached_.assign(count, inf);
    best_step_.assign(count, 0);
    for (Summary& summary : summaries_) summary.steps_to_target = nan;
  }

  std::vector<Summary> run() {
    for (std::uint64_t step = 0;; ++step) {
      machine_->input(study::Plan::t_input).at(0, 0) = static_cast<double>(step + 1);
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
    const std::size_t lanes = machine_->lanes();
    const double* const f = per_lane(machine_->observed(study::Plan::f_observed), f_of_lane_);
    const backend::LaneView point = machine_->input(study::Plan::point_input);
    const double step_number = static_cast<double>(step);
    const bool finite_f = watches_.best(f, lanes, step_number, best_.data(), best_step_.data());
    if (step == 0) begin(f);
    if (plan_.has_target)
      watches_.first(per_lane(machine_->observed(plan_.target_observed()), target_of_lane_), lanes, step_number,
                     reached_.data());
    const bool stops = plan_.has_stop && !(step == 0 && plan_.stop_needs_previous);
    const double* const stop =
        stops ? per_lane(machine_->observed(study::Plan::stop_observed), stop_of_lane_) : nullptr;
    const bool finite = finite_f && watches_.finite(point.data, point.rows * lanes);
    if (step != plan_.steps && finite && !(stops && watches_.any(stop, lanes))) return;

    std::vector<std::size_t> ended;
    for (std::size_t l = 0; l < lanes; ++l) {
      if (run_of_lane_[l] == retired) continue;
      const bool diverged = !finite && !is_finite(f[l], point, l);
      const bool stopped = stops && holds(stop[l]);
      if (!diverged && !stopped && step != plan_.steps) continue;
      summaries_[run_of_lane_[l]].status = diverged ? Status::diverged : stopped ? Status::stopped : Status::max_steps;
      ended.push_back(l);
    }
    if (!ended.empty()) retire(ended, step);
  }

  static bool holds(double condition) { return condition != 0 && !std::isnan(condition); }

  /// The values of all lanes, one after another; a value that is the same for all is repeated in `room`.
  [[nodiscard]] const double* per_lane(const backend::LaneView& view, std::vector<double>& room) const {
    if (view.lane_stride != 0 || machine_->lanes() == 1) return view.data;
    room.assign(machine_->lanes(), *view.data);
    return room.data();
  }

  static bool is_finite(double f, const backend::LaneView& point, std::size_t lane) {
    bool finite = std::isfinite(f);
    for (std::size_t r = 0; r < point.rows; ++r) finite = finite && std::isfinite(point.at(r, lane));
    return finite;
  }

  void begin(const double* f) {
    for (std::size_t l = 0; l < machine_->lanes(); ++l)
      if (run_of_lane_[l] != retired) summaries_[run_of_lane_[l]].f_start = f[l];
  }

  void retire(const std::vector<std::size_t>& lanes, std::uint64_t step) {
    machine_->record();
    const backend::LaneView f = machine_->observed(study::Plan::f_observed);
    const backend::LaneView point = machine_->input(study::Plan::point_input);
    for (const std::size_t l : lanes) {
      Summary& summary = summaries_[run_of_lane_[l]];
      summary.steps = step;
      summary.f_final = f.data[l * f.lane_stride];
      summary.f_best = best_[l] < inf || summary.f_start == inf ? best_[l] : nan;
      summary.step_best = static_cast<std::uint64_t>(best_step_[l]);
      if (reached_[l] < inf) summary.steps_to_target = reached_[l];
      for (std::size_t r = 0; r < point.rows; ++r) summary.point.push_back(point.at(r, l));
      for (std::size_t k = 0; k < plan_.program.recorded.size(); ++k) {
        const backend::LaneView value = machine_->recorded(k);
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
    auto smaller = std::make_unique<backend::Machine>(plan_.program, lanes);
    std::vector<program::RandomKey> keys;
    std::vector<std::size_t> runs;
    std::vector<double> best, best_step, reached;
    for (std::size_t l = 0; l < lanes; ++l) {
      const std::size_t source = from[std::min(l, from.size() - 1)];
      keys.push_back(machine_->key(source));
      runs.push_back(l < from.size() ? run_of_lane_[source] : retired);
      best.push_back(best_[source]);
      best_step.push_back(best_step_[source]);
      reached.push_back(reached_[source]);
    }
    for (std::size_t k = 0; k < plan_.program.inputs.size(); ++k) {
      const backend::LaneView old = machine_->input(k);
      const backend::LaneView fresh = smaller->input(k);
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
    reached_ = std::move(reached);
  }

  const study::Plan& plan_;
  backend::Watches watches_ = backend::best_kernels().watches;
  std::unique_ptr<backend::Machine> machine_;
  std::vector<Summary> summaries_;
  std::vector<std::size_t> run_of_lane_;
  std::size_t active_ = 0;
  std::vector<double> best_;
  std::vector<double> best_step_;
  std::vector<double> reached_;  ///< the first step where the target held; infinite: none yet
  std::vector<double> f_of_lane_, target_of_lane_, stop_of_lane_;  ///< see per_lane
};

}  // namespace

std::size_t block_lanes(const study::Plan& plan) {
  const std::size_t fit = block_doubles / std::max<std::size_t>(plan.program.lane_rows, 1);
  if (fit < fewest_lanes) return fit == 0 ? 1 : fewest_lanes;
  return std::min(most_lanes, fit / fewest_lanes * fewest_lanes);
}

std::vector<Summary> summarize(const study::Plan& plan, std::span<const std::uint64_t> runs) {
  return Block(plan, runs).run();
}

}  // namespace optexplore::drive
