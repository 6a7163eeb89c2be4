#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "backend/backend.hpp"

namespace optexplore::backend {

/// What a program needs that depends on the number of the step alone, such as 1 - beta^t, for many steps at once: the
/// lanes of the timing program are steps. The first steps are computed once and kept for every block and thread;
/// beyond a limit each block computes its own, so that memory does not grow with the number of steps.
class Timing {
 public:
  static constexpr std::size_t steps_per_piece = 256;

  /// @param executable  of the timing program; nullptr: nothing depends on the clock alone
  explicit Timing(std::shared_ptr<const Executable> executable);

  /// Numbers per step.
  [[nodiscard]] std::size_t width() const { return width_; }
  /// The values of steps number*steps_per_piece …, step after step.
  [[nodiscard]] std::shared_ptr<const std::vector<double>> piece(std::uint64_t number) const;

 private:
  [[nodiscard]] std::shared_ptr<const std::vector<double>> compute(std::uint64_t number) const;

  std::shared_ptr<const Executable> executable_;
  std::size_t width_ = 0;
  mutable std::mutex mutex_;
  mutable std::vector<std::shared_ptr<const std::vector<double>>> kept_;
};

}  // namespace optexplore::backend
