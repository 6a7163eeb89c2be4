#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "picture/image/image.hpp"

namespace optexplore::picture {

/// An animated GIF (version 89a) that begins again at its end. Of more than 255 colours it has those that stand for all
/// with the least error (median cut, Heckbert 1982); what many pixels have, such as a line's colour, stays as it is. A
/// frame holds what differs from the one before.
/// @param count    of the frames, which have one size of at most 65 535 by 65 535
/// @param frame    the image of a number; asked for twice
/// @param hundredths  how long a frame is shown, in hundredths of a second
/// @throws std::runtime_error with giflib's reason when it fails
std::string make_gif(std::size_t count, const std::function<Image(std::size_t)>& frame, unsigned hundredths);

/// At most `most` colours that stand for others.
class Palette {
 public:
  struct Count {
    std::uint32_t colour = 0;
    std::uint64_t pixels = 0;
  };
  /// @param counts  every colour once
  Palette(std::vector<Count> counts, std::size_t most);

  [[nodiscard]] const std::vector<std::uint32_t>& colours() const { return colours_; }
  /// The number of the colour that stands for one of the counted ones.
  [[nodiscard]] std::uint8_t of(std::uint32_t colour) const;

 private:
  struct Entry {
    std::uint32_t colour;
    std::uint8_t number;
  };
  std::vector<std::uint32_t> colours_;
  std::vector<Entry> entries_;  ///< by colour
};

}  // namespace optexplore::picture
