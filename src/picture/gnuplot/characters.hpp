#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <string>

#include "picture/gnuplot/script.hpp"

namespace optexplore::picture {

/// Pictures of cells for terminals, which have no images: a character for each cell.

/// How many cells fill one of `panels` plots in a terminal.
std::array<std::size_t, 2> character_cells(const Canvas& canvas, std::size_t panels);

/// The character of a value: one of ten, from few to much ink, for 0 … 1.
char shade_character(double part);
inline constexpr const char* shade_characters = ".,:-=+*%&@";

/// Writes the cells as $name, for `character_element`. The first cell's middle is at `first`.
void write_characters(Script& script, const std::string& name, const std::array<std::size_t, 2>& cells,
                      const std::array<double, 2>& first, const std::array<double, 2>& step,
                      const std::function<char(std::size_t x, std::size_t y)>& character);
std::string character_element(const std::string& name);

}  // namespace optexplore::picture
