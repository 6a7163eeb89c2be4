#include "picture/image/gif.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <unordered_map>

namespace optexplore::picture {
namespace {

constexpr std::size_t most_colours = 255;
constexpr std::uint8_t transparent = 255;

double channel(std::uint32_t colour, std::size_t k) { return (colour >> (16U - 8U * k)) & 0xFFU; }

/// A part of the colours that one stands for.
struct Box {
  std::size_t begin = 0, end = 0;
  std::size_t widest = 0;  ///< the channel with the greatest error
  double error = 0;        ///< weighted sum of squared distances from the mean, in that channel
  double mean = 0;
};

/// Large areas would else take all colours for their shades.
double weight(const Palette::Count& count) { return std::sqrt(static_cast<double>(count.pixels)); }

Box measured(const std::vector<Palette::Count>& counts, std::size_t begin, std::size_t end) {
  Box box{.begin = begin, .end = end};
  for (std::size_t k = 0; k < 3; ++k) {
    double total = 0, sum = 0, squares = 0;
    for (std::size_t i = begin; i < end; ++i) {
      const double w = weight(counts[i]), v = channel(counts[i].colour, k);
      total += w;
      sum += w * v;
    }
    const double mean = sum / total;
    for (std::size_t i = begin; i < end; ++i) {
      const double away = channel(counts[i].colour, k) - mean;
      squares += weight(counts[i]) * away * away;
    }
    if (squares > box.error) {
      box.widest = k;
      box.error = squares;
      box.mean = mean;
    }
  }
  return box;
}

void add_short(std::string& bytes, std::size_t value) {
  bytes += static_cast<char>(value & 0xFFU);
  bytes += static_cast<char>(value >> 8U & 0xFFU);
}

/// Codes of growing size, packed from the lowest bit on, in blocks of up to 255 bytes.
class CodeWriter {
 public:
  explicit CodeWriter(std::string& bytes) : bytes_(&bytes) {}

  void add(unsigned code, unsigned size) {
    bits_ |= std::uint32_t{code} << used_;
    for (used_ += size; used_ >= 8; used_ -= 8, bits_ >>= 8U) add_byte(static_cast<char>(bits_ & 0xFFU));
  }
  void finish() {
    if (used_ > 0) add_byte(static_cast<char>(bits_ & 0xFFU));
    flush();
    *bytes_ += '\0';
  }

 private:
  void add_byte(char byte) {
    block_ += byte;
    if (block_.size() == 255) flush();
  }
  void flush() {
    if (block_.empty()) return;
    *bytes_ += static_cast<char>(block_.size());
    *bytes_ += block_;
    block_.clear();
  }

  std::string* bytes_;
  std::string block_;
  std::uint32_t bits_ = 0;
  unsigned used_ = 0;
};

/// Compresses the numbers of colours as a GIF does (Welch 1984).
void add_codes(std::string& bytes, const std::vector<std::uint8_t>& pixels) {
  constexpr unsigned depth = 8, clear = 1U << depth, end = clear + 1, most_codes = 4096;
  bytes += static_cast<char>(depth);
  CodeWriter writer(bytes);
  // What a code continued by a byte is called; 0: it has no code.
  std::vector<std::array<std::uint16_t, 256>> longer(most_codes);
  unsigned size = depth + 1, last = end;
  writer.add(clear, size);
  unsigned code = pixels.front();
  for (std::size_t i = 1; i < pixels.size(); ++i) {
    const std::uint8_t byte = pixels[i];
    if (const unsigned known = longer[code][byte]; known != 0) {
      code = known;
      continue;
    }
    writer.add(code, size);
    longer[code][byte] = static_cast<std::uint16_t>(++last);
    // The reader knows this code one step later than we do.
    if (last >= 1U << size) ++size;
    if (last == most_codes - 1) {
      writer.add(clear, size);
      std::ranges::fill(longer, std::array<std::uint16_t, 256>{});
      size = depth + 1;
      last = end;
    }
    code = byte;
  }
  writer.add(code, size);
  // Behind the last code the reader adds one more, and may read the next one longer.
  if (last + 1 >= 1U << size && size < 12) ++size;
  writer.add(end, size);
  writer.finish();
}

/// The part of a frame that differs from the one before.
struct Part {
  std::size_t left = 0, top = 0, right = 0, bottom = 0;  ///< right and bottom are beyond it
};

Part changed(const std::vector<std::uint8_t>& before, const std::vector<std::uint8_t>& now, std::size_t width) {
  Part part{.left = width, .top = now.size() / width};
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (before[i] == now[i]) continue;
    part.left = std::min(part.left, i % width);
    part.right = std::max(part.right, i % width + 1);
    part.top = std::min(part.top, i / width);
    part.bottom = std::max(part.bottom, i / width + 1);
  }
  if (part.right == 0) return {0, 0, 1, 1};  // a frame has at least one pixel
  return part;
}

}  // namespace

Palette::Palette(std::vector<Count> counts, std::size_t most) {
  std::ranges::sort(counts, {}, &Count::colour);
  std::vector<Box> boxes = {measured(counts, 0, counts.size())};
  while (boxes.size() < most) {
    const auto worst = std::ranges::max_element(boxes, {}, &Box::error);
    if (!(worst->error > 0)) break;
    const Box box = *worst;
    const auto first = counts.begin() + static_cast<std::ptrdiff_t>(box.begin);
    const auto middle =
        std::stable_partition(first, counts.begin() + static_cast<std::ptrdiff_t>(box.end),
                              [&](const Count& count) { return channel(count.colour, box.widest) <= box.mean; });
    const std::size_t cut = box.begin + static_cast<std::size_t>(middle - first);
    *worst = measured(counts, box.begin, cut);
    boxes.push_back(measured(counts, cut, box.end));
  }
  for (const Box& box : boxes) {
    Count commonest;
    for (std::size_t i = box.begin; i < box.end; ++i) {
      if (counts[i].pixels > commonest.pixels) commonest = counts[i];
      entries_.push_back({counts[i].colour, static_cast<std::uint8_t>(colours_.size())});
    }
    colours_.push_back(commonest.colour);
  }
  std::ranges::sort(entries_, {}, &Entry::colour);
}

std::uint8_t Palette::of(std::uint32_t colour) const {
  return std::ranges::lower_bound(entries_, colour, {}, &Entry::colour)->number;
}

std::string make_gif(std::size_t count, const std::function<Image(std::size_t)>& frame, unsigned hundredths) {
  std::unordered_map<std::uint32_t, std::uint64_t> pixels_of;
  std::size_t width = 0, height = 0;
  for (std::size_t k = 0; k < count; ++k) {
    const Image image = frame(k);
    width = image.width;
    height = image.height;
    for (std::size_t i = 0; i < image.pixels.size();) {
      std::size_t same = i + 1;
      while (same < image.pixels.size() && image.pixels[same] == image.pixels[i]) ++same;
      pixels_of[image.pixels[i]] += same - i;
      i = same;
    }
  }
  std::vector<Palette::Count> counts;
  for (const auto& [colour, pixels] : pixels_of) counts.push_back({colour, pixels});
  const Palette palette(std::move(counts), most_colours);  // sorts them

  std::string bytes = "GIF89a";
  add_short(bytes, width);
  add_short(bytes, height);
  bytes += std::string_view("\xF7\0\0", 3);  // a common table of 256 colours of 8 bits
  for (std::size_t i = 0; i < 256; ++i) {
    const std::uint32_t colour = i < palette.colours().size() ? palette.colours()[i] : 0;
    for (const unsigned shift : {16U, 8U, 0U}) bytes += static_cast<char>(colour >> shift & 0xFFU);
  }
  bytes += std::string_view("\x21\xFF\x0BNETSCAPE2.0\x03\x01\0\0\0", 19);  // again and again

  std::vector<std::uint8_t> before, now(width * height), shown;
  for (std::size_t k = 0; k < count; ++k) {
    const Image image = frame(k);
    for (std::size_t i = 0; i < now.size(); ++i)
      now[i] = i > 0 && image.pixels[i] == image.pixels[i - 1] ? now[i - 1] : palette.of(image.pixels[i]);
    const Part part = k == 0 ? Part{0, 0, width, height} : changed(before, now, width);
    bytes += std::string_view("\x21\xF9\x04\x05", 4);  // stays below the next frame; has a transparent colour
    add_short(bytes, hundredths);
    bytes += static_cast<char>(transparent);
    bytes += std::string_view("\0\x2C", 2);
    add_short(bytes, part.left);
    add_short(bytes, part.top);
    add_short(bytes, part.right - part.left);
    add_short(bytes, part.bottom - part.top);
    bytes += '\0';
    shown.clear();
    for (std::size_t y = part.top; y < part.bottom; ++y)
      for (std::size_t i = y * width + part.left; i < y * width + part.right; ++i)
        shown.push_back(k > 0 && before[i] == now[i] ? transparent : now[i]);
    add_codes(bytes, shown);
    before = now;
  }
  return bytes + ";";
}

}  // namespace optexplore::picture
