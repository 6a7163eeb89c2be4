#include "picture/image/gif.hpp"

#include <doctest/doctest.h>
#include <gif_lib.h>
#include <png.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <stdexcept>

#include "picture/image/png.hpp"

using namespace optexplore::picture;

namespace {

/// A PNG of 2 by 2 pixels, whose bytes are given.
std::string png(png_uint_32 format, const std::vector<png_byte>& bytes) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = image.height = 2;
  image.format = format;
  REQUIRE(bytes.size() == PNG_IMAGE_SIZE(image));
  png_alloc_size_t size = 0;
  REQUIRE(png_image_write_to_memory(&image, nullptr, &size, 0, bytes.data(), 0, nullptr) != 0);
  std::string file(size, '\0');
  REQUIRE(png_image_write_to_memory(&image, file.data(), &size, 0, bytes.data(), 0, nullptr) != 0);
  return file;
}

std::string grey_png() { return png(PNG_FORMAT_GRAY, {0, 1, 128, 255}); }

/// What a GIF shows, read by giflib.
struct Shown {
  int width = 0, height = 0;
  bool endless = false;
  std::vector<int> delays;                         ///< hundredths of a second
  std::vector<std::array<int, 4>> parts;           ///< left, top, width and height of what each frame holds
  std::vector<std::vector<std::uint32_t>> frames;  ///< whole: on those before
};

struct Close {
  void operator()(GifFileType* file) const { DGifCloseFile(file, nullptr); }
};

int take(GifFileType* file, GifByteType* bytes, int count) {
  auto& rest = *static_cast<std::string_view*>(file->UserData);
  const std::size_t taken = rest.copy(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(count));
  rest.remove_prefix(taken);
  return static_cast<int>(taken);
}

Shown shown(std::string_view gif) {
  int error = D_GIF_SUCCEEDED;
  const std::unique_ptr<GifFileType, Close> file(DGifOpen(&gif, &take, &error));
  REQUIRE(file != nullptr);
  REQUIRE(DGifSlurp(file.get()) == GIF_OK);
  CHECK(gif.empty());
  Shown result;
  result.width = file->SWidth;
  result.height = file->SHeight;
  std::vector<std::uint32_t> canvas(static_cast<std::size_t>(result.width * result.height));
  for (int k = 0; k < file->ImageCount; ++k) {
    const SavedImage& image = file->SavedImages[k];
    const GifImageDesc& part = image.ImageDesc;
    for (int i = 0; i < image.ExtensionBlockCount; ++i) {
      const ExtensionBlock& block = image.ExtensionBlocks[i];
      const std::string bytes(block.Bytes, block.Bytes + block.ByteCount);
      if (block.Function == APPLICATION_EXT_FUNC_CODE && bytes == "NETSCAPE2.0")
        result.endless = image.ExtensionBlocks[i + 1].Bytes[1] == 0 && image.ExtensionBlocks[i + 1].Bytes[2] == 0;
    }
    GraphicsControlBlock control{};
    REQUIRE(DGifSavedExtensionToGCB(file.get(), k, &control) == GIF_OK);
    CHECK(control.DisposalMode == DISPOSE_DO_NOT);
    result.delays.push_back(control.DelayTime);
    result.parts.push_back({part.Left, part.Top, part.Width, part.Height});
    for (int i = 0; i < part.Width * part.Height; ++i) {
      if (image.RasterBits[i] == control.TransparentColor) continue;
      const GifColorType& colour = file->SColorMap->Colors[image.RasterBits[i]];
      const int at = (part.Top + i / part.Width) * result.width + part.Left + i % part.Width;
      canvas[static_cast<std::size_t>(at)] =
          std::uint32_t{colour.Red} << 16U | std::uint32_t{colour.Green} << 8U | colour.Blue;
    }
    result.frames.push_back(canvas);
  }
  return result;
}

}  // namespace

TEST_CASE("a PNG's pixels of any kind are colours on white") {
  using Pixels = std::vector<std::uint32_t>;
  const Image image = read_png(png(PNG_FORMAT_RGB, {1, 2, 3, 0xD5, 0x5E, 0, 255, 255, 255, 0, 0x72, 0xB2}));
  CHECK(image.width == 2);
  CHECK(image.height == 2);
  CHECK(image.pixels == Pixels{0x010203, 0xD55E00, 0xFFFFFF, 0x0072B2});
  CHECK(read_png(png(PNG_FORMAT_RGBA, {1, 2, 3, 255, 1, 2, 3, 0, 0, 0, 0, 255, 0, 0, 0, 0})).pixels ==
        Pixels{0x010203, 0xFFFFFF, 0x000000, 0xFFFFFF});
  CHECK(read_png(grey_png()).pixels == Pixels{0x000000, 0x010101, 0x808080, 0xFFFFFF});
}

TEST_CASE("files behind one another are told apart, and what is no whole PNG is refused") {
  const std::string one = grey_png(), other = png(PNG_FORMAT_RGB, std::vector<png_byte>(12, 7));
  CHECK(split_pngs(one + other + one) == std::vector<std::string_view>{one, other, one});
  CHECK(split_pngs("").empty());
  CHECK_THROWS_WITH_AS(static_cast<void>(split_pngs("GIF89a")), "a PNG of gnuplot has no signature",
                       std::runtime_error);
  for (std::size_t length = 1; length < one.size(); ++length) {
    CHECK_THROWS_AS(static_cast<void>(split_pngs(one + one.substr(0, length))), std::runtime_error);
  }
  std::string damaged = one;
  damaged[damaged.find("IHDR") + 7] ^= 1;
  CHECK(split_pngs(damaged).size() == 1);
  CHECK_THROWS_WITH_AS(static_cast<void>(read_png(damaged)), "a PNG of gnuplot can't be read: IHDR: CRC error",
                       std::runtime_error);
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

TEST_CASE("a GIF's frames hold what changes, and show everything") {
  const auto frame = [](std::size_t k) {
    Image image{.width = 40, .height = 30, .pixels = std::vector<std::uint32_t>(1200, 0xFFFFFF)};
    image.pixels[10 * 40 + 7 + std::min<std::size_t>(k, 1)] = 0xFF0000;
    return image;
  };
  const std::string gif = make_gif(3, frame, 300);
  CHECK(gif.starts_with("GIF89a"));
  CHECK(gif.size() < 1100);
  CHECK(make_gif(3, frame, 300) == gif);
  const Shown animation = shown(gif);
  CHECK(animation.width == 40);
  CHECK(animation.height == 30);
  CHECK(animation.endless);
  CHECK(animation.delays == std::vector<int>{300, 300, 300});
  // The last frame is the one before, and a frame has at least one pixel.
  CHECK(animation.parts == std::vector<std::array<int, 4>>{{0, 0, 40, 30}, {7, 10, 2, 1}, {0, 0, 1, 1}});
  for (std::size_t k = 0; k < 3; ++k) CHECK(animation.frames[k] == frame(k).pixels);
}

TEST_CASE("a GIF of many colours has each pixel in the colour that stands for its own") {
  const auto frame = [](std::size_t k) {
    Image image{.width = 200, .height = 150, .pixels = {}};
    for (std::uint32_t i = 0; i < 200U * 150U; ++i)
      image.pixels.push_back(i % 200 < 20 ? 0x0072B2 : i * 2654435761U >> (8U + k));
    return image;
  };
  const Shown animation = shown(make_gif(2, frame, 1));
  REQUIRE(animation.frames.size() == 2);
  for (std::size_t k = 0; k < 2; ++k) {
    const std::vector<std::uint32_t> wanted = frame(k).pixels;
    int worst = 0;
    std::size_t exact = 0;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const std::uint32_t found = animation.frames[k][i];
      for (const unsigned shift : {0U, 8U, 16U})
        worst = std::max(
            worst, std::abs(static_cast<int>(wanted[i] >> shift & 0xFFU) - static_cast<int>(found >> shift & 0xFFU)));
      exact += i % 200 < 20 && found == 0x0072B2;
    }
    CHECK(worst < 64);
    CHECK(exact == 3000);
  }
}
