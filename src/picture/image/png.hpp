#pragma once

#include <string_view>
#include <vector>

#include "picture/image/image.hpp"

namespace optexplore::picture {

/// The files in a text of several PNGs, one behind the other.
/// @throws std::runtime_error when it isn't made of whole PNGs
std::vector<std::string_view> split_pngs(std::string_view bytes);

/// The pixels of a PNG (ISO/IEC 15948) as cairo writes them: 8 bits each of red, green, blue and perhaps opacity, which
/// is left out, without interlacing.
/// @throws std::runtime_error when it is damaged or of another kind
Image read_png(std::string_view file);

}  // namespace optexplore::picture
