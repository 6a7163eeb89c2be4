#include "program/random.hpp"

#include <Random123/philox.h>
#include <sleef.h>

#include <cmath>
#include <numbers>

namespace optexplore::program {
namespace {

/// 53 random bits as a double in [0,1).
double unit(std::uint64_t bits) { return static_cast<double>(bits >> 11U) * 0x1p-53; }

r123::Philox4x64::ctr_type random_bits(RandomKey key, std::uint64_t step, std::uint64_t site,
                                       std::uint64_t coordinate) {
  const r123::Philox4x64 generator;
  const r123::Philox4x64::ctr_type counter = {{coordinate, step, site, key.run}};
  const r123::Philox4x64::key_type seed = {{key.seed, 0}};
  return generator(counter, seed);
}

}  // namespace

double draw(language::Draw kind, RandomKey key, std::uint64_t step, std::uint64_t site, std::uint64_t coordinate) {
  if (kind == language::Draw::normal) {
    const auto [radius, angle] = normal_parts(key, step, site, coordinate);
    return std::sqrt(-2 * Sleef_cinz_logd1_u10purec(radius)) * Sleef_cinz_cosd1_u10purec(angle);
  }
  const std::uint64_t bits = random_bits(key, step, site, coordinate)[0];
  if (kind == language::Draw::uniform) return unit(bits);
  return (bits >> 63U) != 0 ? 1.0 : -1.0;
}

NormalParts normal_parts(RandomKey key, std::uint64_t step, std::uint64_t site, std::uint64_t coordinate) {
  const auto bits = random_bits(key, step, site, coordinate);
  return {1 - unit(bits[0]), 2 * std::numbers::pi * unit(bits[1])};
}

}  // namespace optexplore::program
