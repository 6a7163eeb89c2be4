#include "picture/image/png.hpp"

#include <zlib.h>

#include <cstdlib>
#include <stdexcept>
#include <string>

namespace optexplore::picture {
namespace {

constexpr std::string_view signature = "\x89PNG\r\n\x1a\n";
/// More pixels than any canvas has.
constexpr std::uint64_t most_pixels = std::uint64_t{1} << 28U;

[[noreturn]] void fail(const char* what) { throw std::runtime_error(std::string("a PNG of gnuplot ") + what); }

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

struct Chunk {
  std::string_view type, data;
  std::size_t end = 0;  ///< where the next one begins
};

Chunk chunk_at(std::string_view bytes, std::size_t at) {
  constexpr std::size_t frame = 12;  // length, type, checksum
  if (bytes.size() < at + frame) fail("ends too early");
  const std::size_t length = number_at(bytes, at);
  if (bytes.size() - at - frame < length) fail("ends too early");
  return {bytes.substr(at + 4, 4), bytes.substr(at + 8, length), at + frame + length};
}

int paeth(int left, int above, int corner) {
  const int guess = left + above - corner;
  const int a = std::abs(guess - left), b = std::abs(guess - above), c = std::abs(guess - corner);
  return a <= b && a <= c ? left : b <= c ? above : corner;
}

/// Undoes the filter of a row, whose pixels have `size` bytes; `above` is the row above without its filter.
void unfilter(int filter, unsigned char* row, const unsigned char* above, std::size_t bytes, std::size_t size) {
  for (std::size_t i = 0; i < bytes; ++i) {
    const int left = i < size ? 0 : row[i - size], up = above[i], corner = i < size ? 0 : above[i - size];
    int more = 0;
    switch (filter) {
      case 0: return;
      case 1: more = left; break;
      case 2: more = up; break;
      case 3: more = (left + up) / 2; break;
      case 4: more = paeth(left, up, corner); break;
      default: fail("has an unknown filter");
    }
    row[i] = static_cast<unsigned char>(row[i] + more);
  }
}

}  // namespace

std::vector<std::string_view> split_pngs(std::string_view bytes) {
  std::vector<std::string_view> files;
  while (!bytes.empty()) {
    if (!bytes.starts_with(signature)) fail("has no signature");
    std::size_t at = signature.size();
    for (bool last = false; !last;) {
      const Chunk chunk = chunk_at(bytes, at);
      last = chunk.type == "IEND";
      at = chunk.end;
    }
    files.push_back(bytes.substr(0, at));
    bytes.remove_prefix(at);
  }
  return files;
}

Image read_png(std::string_view file) {
  if (!file.starts_with(signature)) fail("has no signature");
  Image image;
  std::size_t size = 0;
  std::string packed;
  for (std::size_t at = signature.size(); at < file.size();) {
    const Chunk chunk = chunk_at(file, at);
    at = chunk.end;
    if (chunk.type == "IDAT") packed += chunk.data;
    if (chunk.type != "IHDR") continue;
    constexpr std::size_t header = 13;
    if (chunk.data.size() != header) fail("has a damaged header");
    image.width = number_at(chunk.data, 0);
    image.height = number_at(chunk.data, 4);
    const char depth = chunk.data[8], colour = chunk.data[9], interlacing = chunk.data[12];
    if (depth != 8 || (colour != 2 && colour != 6) || interlacing != 0) fail("has another kind of pixels");
    size = colour == 2 ? 3 : 4;
  }
  if (image.width == 0 || image.height == 0 || std::uint64_t{image.width} * image.height > most_pixels)
    fail("has no size");
  const std::size_t bytes = size * image.width;
  std::vector<unsigned char> raw((bytes + 1) * image.height);
  uLongf unpacked = raw.size();
  if (uncompress(raw.data(), &unpacked, reinterpret_cast<const Bytef*>(packed.data()), packed.size()) != Z_OK ||
      unpacked != raw.size())
    fail("is damaged");
  const std::vector<unsigned char> nothing(bytes, 0);
  const unsigned char* above = nothing.data();
  image.pixels.reserve(std::size_t{image.width} * image.height);
  for (std::size_t y = 0; y < image.height; ++y) {
    unsigned char* row = raw.data() + y * (bytes + 1);
    unfilter(row[0], row + 1, above, bytes, size);
    above = row + 1;
    for (std::size_t i = 1; i < bytes; i += size)
      image.pixels.push_back(std::uint32_t{row[i]} << 16U | std::uint32_t{row[i + 1]} << 8U | row[i + 2]);
  }
  return image;
}

}  // namespace optexplore::picture
