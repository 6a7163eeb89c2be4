#include "picture/gnuplot/palette.hpp"

#include <array>

namespace optexplore::picture {
namespace {

/// Okabe & Ito's colours, told apart by colour-blind readers too. Their yellow is hardly seen as a line on white;
/// the palette's usual grey stands for it.
constexpr std::array<const char*, 8> colours = {"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                                "#E69F00", "#56B4E9", "#000000", "#999999"};

const std::array<std::vector<double>, 5> dashes = {{{}, {20, 6}, {6, 5}, {20, 6, 5, 6}, {34, 8}}};

}  // namespace

Style style(std::size_t index) {
  // 8 and 5 have no common divisor: dash and colour together repeat after 40.
  return {colours[index % colours.size()], dashes[index % dashes.size()], static_cast<int>(index % 8)};
}

}  // namespace optexplore::picture
