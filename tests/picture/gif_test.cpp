#include "picture/image/gif.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

#include <stdexcept>

#include "picture/image/png.hpp"

using namespace optexplore::picture;

namespace {

std::string number(std::uint32_t value) {
  std::string bytes;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) bytes += static_cast<char>(value >> shift & 0xFFU);
  return bytes;
}

std::string chunk(const std::string& type, const std::string& data) {
  return number(static_cast<std::uint32_t>(data.size())) + type + data + "sum.";
}

/// A PNG of 3 by 2 pixels whose filtered bytes are given.
std::string png(const std::string& raw, char colour = 2) {
  std::string packed(100, '\0');
  uLongf size = packed.size();
  REQUIRE(compress(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(raw.data()),
                   raw.size()) == Z_OK);
  packed.resize(size);
  return std::string("\x89PNG\r\n\x1a\n") +
         chunk("IHDR", number(3) + number(2) + std::string("\x08") + colour + std::string(3, '\0')) +
         chunk("IDAT", packed.substr(0, 5)) + chunk("IDAT", packed.substr(5)) + chunk("IEND", "");
}

using Bytes = std::vector<int>;

std::string bytes_of(const Bytes& values) {
  std::string text;
  for (const int value : values) text += static_cast<char>(value);
  return text;
}

}  // namespace

TEST_CASE("a PNG's filters are undone") {
  // 1: what to add to the left pixel; 2: to the one above.
  const Image image = read_png(png(bytes_of({1, 10, 20, 30, 1, 2, 3, 255, 0, 0, 2, 1, 1, 1, 0, 0, 0, 5, 6, 7})));
  CHECK(image.pixels == std::vector<std::uint32_t>{0x0A141E, 0x0B1621, 0x0A1621, 0x0B151F, 0x0B1621, 0x0F1C28});
  // 3: to the mean of both; 4: to the one of left, above and corner that is nearest to left + above - corner.
  const Image other = read_png(png(bytes_of({3, 8, 8, 8, 0, 0, 0, 0, 0, 0, 4, 1, 1, 1, 1, 1, 1, 1, 1, 1})));
  CHECK(other.pixels == std::vector<std::uint32_t>{0x080808, 0x040404, 0x020202, 0x090909, 0x050505, 0x030303});
}

TEST_CASE("files behind one another are told apart, and what is no whole PNG is refused") {
  const std::string one = png(bytes_of(Bytes(20, 0)));
  CHECK(split_pngs(one + one).size() == 2);
  CHECK(split_pngs(one + one)[1] == one);
  CHECK_THROWS_AS(static_cast<void>(split_pngs(one + one.substr(0, one.size() - 3))), std::runtime_error);
  CHECK_THROWS_AS(static_cast<void>(split_pngs("GIF89a")), std::runtime_error);
  CHECK_THROWS_AS(static_cast<void>(read_png(png(bytes_of(Bytes(19, 0))))), std::runtime_error);
  CHECK_THROWS_AS(static_cast<void>(read_png(png(bytes_of(Bytes(20, 0)), 3))), std::runtime_error);
}

TEST_CASE("few colours stay as they are; of many the commonest do") {
  std::vector<Palette::Count> counts = {{0xFFFFFF, 100000}, {0x0072B2, 500}, {0xD55E00, 3}};
  const Palette exact(counts, 255);
  for (const Palette::Count& count : counts) CHECK(exact.colours()[exact.of(count.colour)] == count.colour);
  for (std::uint32_t k = 0; k < 3000; ++k) counts.push_back({0x800000 + 37 * k, 2});
  const Palette palette(counts, 255);
  CHECK(palette.colours().size() == 255);
  CHECK(palette.colours()[palette.of(0xFFFFFF)] == 0xFFFFFF);
  CHECK(palette.colours()[palette.of(0x0072B2)] == 0x0072B2);
}

TEST_CASE("a GIF's frames hold what changes") {
  const auto frame = [](std::size_t k) {
    Image image{.width = 40, .height = 30, .pixels = std::vector<std::uint32_t>(1200, 0xFFFFFF)};
    image.pixels[10 * 40 + 7 + k] = 0xFF0000;
    return image;
  };
  const std::string gif = make_gif(2, frame, 50);
  CHECK(gif.starts_with("GIF89a"));
  CHECK(gif.back() == ';');
  // The second frame is at (7, 10), two pixels wide and one high.
  CHECK(gif.find(bytes_of({0x2C, 7, 0, 10, 0, 2, 0, 1, 0})) != std::string::npos);
  CHECK(gif.size() < 1100);
  CHECK(make_gif(2, frame, 50) == gif);
}
