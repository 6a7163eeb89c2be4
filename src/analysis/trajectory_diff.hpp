#pragma once

#include <array>
#include <cstdint>
#include <optexplore/run.hpp>
#include <optional>
#include <string>
#include <vector>

namespace optexplore::analysis {

/// Differences below this, relative to max(1, |a|, |b|), count as rounding.
inline constexpr double rounding = 1e-12;

/// Rounding grows on its way, without bounds where the path is chaotic. A run whose start is this much off, relative,
/// tells how far: a gap up to rounding/nudge times its own counts as rounding too.
inline constexpr double nudge = 1e-15;

/// How far two trajectories are apart at one step.
struct Gap {
  std::uint64_t step = 0;
  double point = 0;    ///< the largest |a - b| over the coordinates
  double value_a = 0;  ///< f there
  double value_b = 0;
  /// What both have asked for until then: values of f, gradients, Hessians.
  std::array<double, 3> evaluations_a{};
  std::array<double, 3> evaluations_b{};

  /// |f(a) - f(b)|: 0 for two equal infinities or two NaNs, infinite when only one is a number.
  [[nodiscard]] double value() const;
};

/// Where and how the trajectories of two optimizers on one function differ.
struct TrajectoryDiff {
  bool differ = false;           ///< they do by more than rounding somewhere
  std::uint64_t first_step = 0;  ///< the first such step, and the coordinate that differs most there
  std::string coordinate;
  double first_a = 0;
  double first_b = 0;
  std::vector<Gap> gaps;      ///< at steps 1, 2, 5, 10, 20, 50, … and the last
  double largest = 0;         ///< largest |a - b| / max(1, |a|, |b|) over all steps and coordinates, where it isn't
                              ///< rounding that has grown
  std::uint64_t grown = 0;    ///< the first step where it is, and beyond `rounding`; 0: nowhere
  std::uint64_t steps_a = 0;  ///< updates done
  std::uint64_t steps_b = 0;
  Status status_a = Status::max_steps;
  Status status_b = Status::max_steps;

  /// Whether both go the same way to the end, within `tolerance` of `largest`.
  [[nodiscard]] bool agree(double tolerance) const {
    return largest <= tolerance && steps_a == steps_b && status_a == status_b;
  }
};

/// Where two optimizers are tried.
struct Trial {
  std::size_t function = 0;  ///< of the experiment
  bool noisy = false;        ///< with Gaussian noise of standard deviation 1 in each element of the gradient
};

/// Functions of two coordinates that together tell optimizers apart: names of the catalogue and definitions.
std::vector<std::string> telling_functions();

/// Each of the functions, and the first one with a noisy gradient.
std::vector<Trial> telling_trials(std::size_t functions);

/// The run of an experiment of one optimizer in a trial. Throws InputError like RunStream, and when the experiment
/// means several runs on a function.
/// @param off  of the start, relative
RunStream only_run(Experiment experiment, const Trial& trial = {}, double off = 0);

/// Lets two such runs go side by side; the memory held does not grow with the steps.
/// @param nudged  that of `a` with its start off by `nudge`
TrajectoryDiff compare(RunStream a, RunStream b, RunStream nudged);

}  // namespace optexplore::analysis
