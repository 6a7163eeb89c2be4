#pragma once

#include <cstdint>

#include "language/ops.hpp"

namespace optexplore::program {

/// What identifies a run's random numbers.
struct RandomKey {
  std::uint64_t seed = 0;
  std::uint64_t run = 0;
};

/// One draw, a pure function of its arguments: Philox 4×64-10 (Salmon et al., SC'11) keyed by the seed, its
/// counter made of the coordinate, the step, the draw site and the run. uniform is in [0,1) with 53 bits;
/// normal is Box–Muller; rademacher is ±1.
double draw(language::Draw kind, RandomKey key, std::uint64_t step, std::uint64_t site, std::uint64_t coordinate);

/// What a normal draw is made of: sqrt(-2 log(radius))·cos(angle), radius in (0,1], angle in [0,2π).
struct NormalParts {
  double radius = 0;
  double angle = 0;
};
NormalParts normal_parts(RandomKey key, std::uint64_t step, std::uint64_t site, std::uint64_t coordinate);

}  // namespace optexplore::program
