#include "picture/gnuplot/palette.hpp"

#include <doctest/doctest.h>

#include <set>

using optexplore::picture::Style;
using optexplore::picture::style;

TEST_CASE("40 series differ in colour or dashes, and the first 8 in colour and marker") {
  std::set<std::pair<std::string, std::vector<double>>> lines;
  std::set<std::string> colours;
  std::set<int> markers;
  for (std::size_t i = 0; i < 40; ++i) {
    const Style s = style(i);
    lines.emplace(s.colour, s.dash);
    if (i >= 8) continue;
    colours.insert(s.colour);
    markers.insert(s.marker);
  }
  CHECK(lines.size() == 40);
  CHECK(colours.size() == 8);
  CHECK(markers.size() == 8);
  CHECK(style(40).colour == style(0).colour);
  CHECK(style(40).dash == style(0).dash);
  CHECK(style(0).dash.empty());
}

TEST_CASE("no colour is hard to see on white") {
  for (std::size_t i = 0; i < 8; ++i) {
    const std::string colour = style(i).colour;
    const auto channel = [&](std::size_t at) { return std::stoi(colour.substr(at, 2), nullptr, 16) / 255.0; };
    const double brightness = 0.299 * channel(1) + 0.587 * channel(3) + 0.114 * channel(5);
    INFO(colour);
    CHECK(brightness < 0.75);
  }
}
