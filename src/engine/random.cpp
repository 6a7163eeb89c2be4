#include "engine/random.hpp"

#include <Random123/philox.h>
#include <sleef.h>

#include <cmath>
#include <numbers>

namespace optexplore::engine {
namespace {

/// 53 random bits as a double in [0,1).
double unit(std::uint64_t bits) { return static_cast<double>(bits >> 11U) * 0x1p-53; }

}  // namespace

double draw(expr::Draw kind, RandomKey key, std::uint64_t step, std::uint32_t site, std::uint64_t coordinate) {
  const r123::Philox4x64 generator;
  const r123::Philox4x64::ctr_type counter = {{coordinate, step, site, key.run}};
  const r123::Philox4x64::key_type seed = {{key.seed, 0}};
  const auto bits = generator(counter, seed);
  switch (kind) {
    case expr::Draw::uniform: return unit(bits[0]);
    case expr::Draw::rademacher: return (bits[0] >> 63U) != 0 ? 1.0 : -1.0;
    case expr::Draw::normal: break;
  }
  const double radius = std::sqrt(-2 * Sleef_cinz_logd1_u10purec(1 - unit(bits[0])));  // 1-u is in (0,1]
  return radius * Sleef_cinz_cosd1_u10purec(2 * std::numbers::pi * unit(bits[1]));
}

}  // namespace optexplore::engine
