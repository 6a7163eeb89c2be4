#pragma once

#include <cstdint>
#include <vector>

namespace optexplore::picture {

/// Pixels in rows from the top; each 0xRRGGBB.
struct Image {
  std::uint32_t width = 0, height = 0;
  std::vector<std::uint32_t> pixels;
};

}  // namespace optexplore::picture
