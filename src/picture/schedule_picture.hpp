#pragma once

#include <string>
#include <vector>

namespace optexplore::picture {

/// One line of block characters, `width` of them, whose heights follow the values; 0 is the line's bottom unless
/// values are negative, the largest value its top.
std::string picture(const std::vector<double>& values, std::size_t width);

}  // namespace optexplore::picture
