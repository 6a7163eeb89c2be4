#include "picture/schedule_picture.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace optexplore::picture {

std::string picture(const std::vector<double>& values, std::size_t width) {
  constexpr std::array<const char*, 8> blocks = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  if (values.empty()) return "";
  const double low = std::min(0.0, *std::ranges::min_element(values));
  const double high = *std::ranges::max_element(values);
  std::string text;
  for (std::size_t column = 0; column < width; ++column) {
    const double value = values[column * values.size() / width];
    const double part = high > low ? (value - low) / (high - low) : 0;
    text += blocks[static_cast<std::size_t>(std::lround(std::clamp(part, 0.0, 1.0) * (blocks.size() - 1)))];
  }
  return text;
}

}  // namespace optexplore::picture
