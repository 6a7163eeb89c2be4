#include "picture/image/png.hpp"

#include <png.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace optexplore::picture {
namespace {

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error("a PNG of gnuplot " + what); }
[[noreturn]] void fail(const png_image& image) { fail(std::string("can't be read: ") + image.message); }

/// What libpng holds while it reads.
struct Free {
  void operator()(png_image* image) const { png_image_free(image); }
};

/// Where the first of several PNGs ends: behind its chunk IEND.
std::size_t first_end(std::string_view bytes) {
  constexpr std::size_t signature = 8, around = 12;  // a chunk's data have their length, type and checksum around them
  const auto* data = reinterpret_cast<png_const_bytep>(bytes.data());
  if (bytes.size() < signature || png_sig_cmp(data, 0, signature) != 0) fail("has no signature");
  std::size_t at = signature;
  for (bool last = false; !last;) {
    if (bytes.size() - at < around) fail("ends too early");
    const std::size_t length = png_get_uint_32(data + at);
    if (bytes.size() - at - around < length) fail("ends too early");
    last = bytes.substr(at + 4, 4) == "IEND";
    at += around + length;
  }
  return at;
}

}  // namespace

std::vector<std::string_view> split_pngs(std::string_view bytes) {
  std::vector<std::string_view> files;
  while (!bytes.empty()) {
    files.push_back(bytes.substr(0, first_end(bytes)));
    bytes.remove_prefix(files.back().size());
  }
  return files;
}

Image read_png(std::string_view file) {
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  const std::unique_ptr<png_image, Free> guard(&png);
  if (png_image_begin_read_from_memory(&png, file.data(), file.size()) == 0) fail(png);
  png.format = PNG_FORMAT_RGB;
  std::vector<png_byte> bytes(PNG_IMAGE_SIZE(png));
  const png_color white{0xFF, 0xFF, 0xFF};
  if (png_image_finish_read(&png, &white, bytes.data(), 0, nullptr) == 0) fail(png);
  Image image{.width = png.width, .height = png.height, .pixels = {}};
  image.pixels.reserve(bytes.size() / 3);
  for (std::size_t i = 0; i < bytes.size(); i += 3)
    image.pixels.push_back(std::uint32_t{bytes[i]} << 16U | std::uint32_t{bytes[i + 1]} << 8U | bytes[i + 2]);
  return image;
}

}  // namespace optexplore::picture
