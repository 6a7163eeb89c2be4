#include "backend/interpreter/timing.hpp"

#include <algorithm>

namespace optexplore::backend {
namespace {

constexpr std::size_t kept_doubles = std::size_t{1} << 19U;  // 4 MiB

}  // namespace

Timing::Timing(std::shared_ptr<const Executable> executable) : executable_(std::move(executable)) {
  if (!executable_) return;
  width_ = executable_->program().observed.size();
  kept_.resize(std::max<std::size_t>(1, kept_doubles / steps_per_piece / width_));
}

std::shared_ptr<const std::vector<double>> Timing::piece(std::uint64_t number) const {
  if (number >= kept_.size()) return compute(number);
  const std::lock_guard lock(mutex_);
  auto& kept = kept_[number];
  if (!kept) kept = compute(number);
  return kept;
}

std::shared_ptr<const std::vector<double>> Timing::compute(std::uint64_t number) const {
  const std::unique_ptr<Machine> machine = executable_->machine(steps_per_piece);
  const std::vector<compile::Port>& inputs = executable_->program().inputs;
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    if (inputs[k].location.space != compile::Location::Space::lanes) continue;  // the clock is the only one
    const LaneView clock = machine->input(k);
    for (std::size_t l = 0; l < steps_per_piece; ++l)
      clock.at(0, l) = static_cast<double>(number * steps_per_piece + l);
  }
  machine->prologue();
  machine->observe();
  auto values = std::make_shared<std::vector<double>>(width_ * steps_per_piece);
  for (std::size_t k = 0; k < width_; ++k) {
    const LaneView value = machine->observed(k);
    for (std::size_t l = 0; l < steps_per_piece; ++l) (*values)[l * width_ + k] = value.at(0, l);
  }
  return values;
}

}  // namespace optexplore::backend
