#pragma once

#include <string_view>
#include <vector>

#include "picture/image/image.hpp"

namespace optexplore::picture {

/// The files in a text of several PNGs, one behind the other.
/// @throws std::runtime_error when it isn't made of whole PNGs
std::vector<std::string_view> split_pngs(std::string_view bytes);

/// The pixels of a PNG, on white where it is not opaque.
/// @throws std::runtime_error with libpng's reason when it is damaged
Image read_png(std::string_view file);

}  // namespace optexplore::picture
