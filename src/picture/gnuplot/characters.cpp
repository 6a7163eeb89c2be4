#include "picture/gnuplot/characters.hpp"

#include <algorithm>
#include <string_view>

#include "picture/gnuplot/pictures.hpp"

namespace optexplore::picture {

std::array<std::size_t, 2> character_cells(const Canvas& canvas, std::size_t panels) {
  const Layout layout = panel_layout(panels);
  // A few more than fit beside tic labels and titles: two cells may share a character, but none stays empty.
  const std::size_t width = canvas.width / layout.columns, height = canvas.height / layout.rows;
  return {std::max<std::size_t>(width, 24) - 8, std::max<std::size_t>(height, 14) - 4};
}

char shade_character(double part) {
  constexpr std::string_view characters = shade_characters;
  const double place = std::clamp(part, 0.0, 1.0) * static_cast<double>(characters.size());
  return characters[std::min(static_cast<std::size_t>(place), characters.size() - 1)];
}

void write_characters(Script& script, const std::string& name, const std::array<std::size_t, 2>& cells,
                      const std::array<double, 2>& first, const std::array<double, 2>& step,
                      const std::function<char(std::size_t x, std::size_t y)>& character) {
  script.begin_data(name);
  for (std::size_t j = 0; j < cells[1]; ++j)
    for (std::size_t i = 0; i < cells[0]; ++i)
      script.raw(number(first[0] + step[0] * static_cast<double>(i), 8) + " " +
                 number(first[1] + step[1] * static_cast<double>(j), 8) + " \"" + character(i, j) + "\"\n");
  script.end_data();
}

std::string character_element(const std::string& name) { return "$" + name + " using 1:2:3 with labels notitle"; }

}  // namespace optexplore::picture
