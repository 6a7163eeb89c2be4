#include "picture/gnuplot/legend.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

using namespace optexplore::picture;

namespace {

std::vector<LegendEntry> entries(std::size_t count, const std::string& label) {
  std::vector<LegendEntry> result;
  for (std::size_t i = 0; i < count; ++i)
    result.push_back({.label = label + std::to_string(i), .style = style(i), .line = 2, .point = 7});
  return result;
}

std::string written(const Legend& legend, const Canvas& canvas) {
  Script script(canvas, "");
  legend.write(script);
  return script.take();
}

/// The names in a script, with the place where each begins, in pixels.
struct Name {
  std::string text;
  double x = 0, y = 0;
};

std::vector<Name> names(const std::string& script, const Canvas& canvas) {
  std::vector<Name> result;
  for (std::size_t at = script.find("set label '"); at != std::string::npos; at = script.find("set label '", at + 1)) {
    const std::size_t begin = at + 11, end = script.find('\'', begin), place = script.find("screen ", end) + 7;
    const std::size_t comma = script.find(',', place);
    if (script.substr(at, script.find('\n', at) - at).find("left noenhanced") == std::string::npos) continue;
    result.push_back({script.substr(begin, end - begin), std::atof(script.c_str() + place) * canvas.width,
                      std::atof(script.c_str() + comma + 1) * canvas.height});
  }
  return result;
}

}  // namespace

TEST_CASE("every name is inside the canvas and beside no other one, whatever the canvas' size") {
  for (const auto& [width, height] : {std::pair{340U, 260U}, {800U, 560U}, {1280U, 720U}, {150U, 600U}})
    for (const Canvas::Kind kind : {Canvas::Kind::png, Canvas::Kind::svg, Canvas::Kind::pdf})
      for (const char* label : {"a", "RMSProp ", "momentum with a name as long as a sentence, lr = 0."}) {
        Canvas canvas;
        canvas.kind = kind;
        canvas.width = width;
        canvas.height = height;
        const std::size_t count = 6;
        const Legend legend(canvas, entries(count, label));
        const std::vector<Name> found = names(written(legend, canvas), canvas);
        REQUIRE(found.size() == count);
        CHECK(legend.height() < 0.5 * height);
        for (std::size_t i = 0; i < count; ++i) {
          CHECK(found[i].text.back() == static_cast<char>('0' + i));  // the end tells them apart
          CHECK(found[i].x > 0);
          CHECK(found[i].x + canvas.width_of(found[i].text) <= width + 0.5);
          CHECK(found[i].y > 0);
          CHECK(found[i].y < legend.height());
          for (std::size_t k = 0; k < i; ++k)
            if (found[k].y == found[i].y) CHECK(found[k].x + canvas.width_of(found[k].text) < found[i].x);
        }
      }
}

TEST_CASE("what has no room is counted") {
  Canvas canvas;
  canvas.width = 340;
  canvas.height = 260;
  const std::vector<Name> found = names(written(Legend(canvas, entries(30, "optimizer ")), canvas), canvas);
  REQUIRE(found.size() > 8);
  CHECK(found.back().text == "… " + std::to_string(30 - (found.size() - 1)) + " more");
  canvas.grows = true;
  CHECK(names(written(Legend(canvas, entries(30, "optimizer ")), canvas), canvas).size() == 30);
}

TEST_CASE("in a terminal the characters of a line and its marker stand before the name") {
  Canvas canvas;
  canvas.kind = Canvas::Kind::text;
  canvas.width = 80;
  canvas.height = 24;
  const std::string text = written(Legend(canvas, {{.label = "sgd", .style = style(0), .line = 2, .point = 7, .pen = 2},
                                                   {.label = "start", .style = style(1), .point = 6}}),
                                   canvas);
  CHECK(text.find("'##G##'") != std::string::npos);
  CHECK(text.find("'  F  '") != std::string::npos);
  CHECK(text.find("arrow") == std::string::npos);
}

TEST_CASE("a legend of many rows makes a canvas higher that may grow") {
  const std::vector<LegendEntry> few = entries(2, "a"), many = entries(20, "a label that is rather long ");
  Canvas canvas;
  CHECK(with_room(canvas, many).height == canvas.height);
  canvas.grows = true;
  CHECK(with_room(canvas, few).height == canvas.height);
  CHECK(with_room(canvas, many).height > canvas.height + 100);
}
