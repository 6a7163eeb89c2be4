#include "picture/image/gif.hpp"

#include <gif_lib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <unordered_map>
#include <utility>

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

/// The part of a frame that differs from the one before.
struct Part {
  std::size_t left = 0, top = 0, right = 0, bottom = 0;  ///< right and bottom are beyond it
};

[[noreturn]] void fail(int error) {
  const char* why = GifErrorString(error);
  throw std::runtime_error(std::string("the gif could not be written: ") +
                           (why != nullptr ? why : "giflib gave no reason"));
}

/// A GIF in memory, as giflib writes it.
class Writer {
 public:
  /// @throws std::runtime_error with giflib's reason, as all of these
  Writer(std::size_t width, std::size_t height, const std::vector<std::uint32_t>& colours) {
    int error = E_GIF_SUCCEEDED;
    file_.reset(EGifOpen(this, &append, &error));
    if (file_ == nullptr) fail(error);
    std::array<GifColorType, 1U << depth> entries{};
    std::ranges::transform(colours, entries.begin(), [](std::uint32_t colour) {
      return GifColorType{static_cast<GifByteType>(colour >> 16U & 0xFFU),
                          static_cast<GifByteType>(colour >> 8U & 0xFFU), static_cast<GifByteType>(colour & 0xFFU)};
    });
    const std::unique_ptr<ColorMapObject, FreeMap> map(GifMakeMapObject(entries.size(), entries.data()));
    if (map == nullptr) fail(E_GIF_ERR_NOT_ENOUGH_MEM);
    EGifSetGifVersion(file_.get(), true);
    check(EGifPutScreenDesc(file_.get(), static_cast<int>(width), static_cast<int>(height), depth, 0, map.get()));
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Shows the frames again and again.
  void repeat() {
    constexpr std::string_view application = "NETSCAPE2.0", endless("\1\0\0", 3);
    check(EGifPutExtensionLeader(file_.get(), APPLICATION_EXT_FUNC_CODE));
    check(EGifPutExtensionBlock(file_.get(), application.size(), application.data()));
    check(EGifPutExtensionBlock(file_.get(), endless.size(), endless.data()));
    check(EGifPutExtensionTrailer(file_.get()));
  }

  /// Begins a frame, which stays below the next one; its rows follow.
  void begin(const Part& part, unsigned hundredths) {
    const GraphicsControlBlock control{.DisposalMode = DISPOSE_DO_NOT,
                                       .UserInputFlag = false,
                                       .DelayTime = static_cast<int>(hundredths),
                                       .TransparentColor = transparent};
    std::array<GifByteType, 4> bytes{};
    EGifGCBToExtension(&control, bytes.data());
    check(EGifPutExtension(file_.get(), GRAPHICS_EXT_FUNC_CODE, bytes.size(), bytes.data()));
    check(EGifPutImageDesc(file_.get(), static_cast<int>(part.left), static_cast<int>(part.top),
                           static_cast<int>(part.right - part.left), static_cast<int>(part.bottom - part.top), false,
                           nullptr));
  }
  /// The frame's next row, whose pixels giflib may change.
  void row(std::vector<GifPixelType>& pixels) {
    check(EGifPutLine(file_.get(), pixels.data(), static_cast<int>(pixels.size())));
  }

  /// The whole file.
  std::string finish() {
    int error = E_GIF_SUCCEEDED;
    const int result = EGifCloseFile(file_.release(), &error);
    check(result, error);
    return std::move(bytes_);
  }

 private:
  static constexpr int depth = 8;  ///< bits of a colour's number

  struct Close {
    void operator()(GifFileType* file) const { EGifCloseFile(file, nullptr); }
  };
  struct FreeMap {
    void operator()(ColorMapObject* map) const { GifFreeMapObject(map); }
  };

  /// No exception may pass through giflib, which doesn't look at the result of every call either.
  static int append(GifFileType* file, const GifByteType* bytes, int count) noexcept {
    auto& writer = *static_cast<Writer*>(file->UserData);
    try {
      writer.bytes_.append(bytes, bytes + count);
      return count;
    } catch (...) {
      writer.failure_ = std::current_exception();
      return 0;
    }
  }

  void check(int result) const { check(result, file_->Error); }
  void check(int result, int error) const {
    if (failure_) std::rethrow_exception(failure_);
    if (result != GIF_OK) fail(error);
  }

  std::string bytes_;
  std::exception_ptr failure_;
  std::unique_ptr<GifFileType, Close> file_;  ///< the last one: closing writes
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

  Writer writer(width, height, palette.colours());
  writer.repeat();
  std::vector<std::uint8_t> before, now(width * height), row;
  for (std::size_t k = 0; k < count; ++k) {
    const Image image = frame(k);
    for (std::size_t i = 0; i < now.size(); ++i)
      now[i] = i > 0 && image.pixels[i] == image.pixels[i - 1] ? now[i - 1] : palette.of(image.pixels[i]);
    const Part part = k == 0 ? Part{0, 0, width, height} : changed(before, now, width);
    writer.begin(part, hundredths);
    for (std::size_t y = part.top; y < part.bottom; ++y) {
      row.clear();
      for (std::size_t i = y * width + part.left; i < y * width + part.right; ++i)
        row.push_back(k > 0 && before[i] == now[i] ? transparent : now[i]);
      writer.row(row);
    }
    before = now;
  }
  return writer.finish();
}

}  // namespace optexplore::picture
