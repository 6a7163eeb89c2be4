#include "os/gzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optexplore/error.hpp>
#include <utility>

namespace optexplore::os {
namespace {

constexpr std::string_view ending = ".gz";

class GzipSink : public Sink {
 public:
  explicit GzipSink(std::unique_ptr<Sink> to) : to_(std::move(to)) {
    constexpr int with_gzip_header = 15 + 16, memory_level = 8;  // zlib's manual, deflateInit2
    if (deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, with_gzip_header, memory_level, Z_DEFAULT_STRATEGY) !=
        Z_OK)
      throw IoError("zlib could not be started");
  }
  ~GzipSink() override { deflateEnd(&stream_); }

  void write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const std::size_t count = std::min<std::size_t>(bytes.size(), std::numeric_limits<uInt>::max());
      // zlib only reads through the pointer.
      stream_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
      stream_.avail_in = static_cast<uInt>(count);
      deliver(Z_NO_FLUSH);
      bytes.remove_prefix(count);
    }
  }
  void finish() override {
    deliver(Z_FINISH);
    to_->finish();
  }
  std::string keep() override {
    deliver(Z_FINISH);
    return to_->keep();
  }

 private:
  void deliver(int flush) {
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
      stream_.avail_out = static_cast<uInt>(buffer_.size());
      deflate(&stream_, flush);
      to_->write({buffer_.data(), buffer_.size() - stream_.avail_out});
    } while (stream_.avail_out == 0);
  }

  std::unique_ptr<Sink> to_;
  z_stream stream_{};
  std::array<char, 1 << 16> buffer_;
};

}  // namespace

bool is_gzip_name(const std::string& path) { return path.size() > ending.size() && path.ends_with(ending); }

std::string without_gzip(const std::string& path) {
  return is_gzip_name(path) ? path.substr(0, path.size() - ending.size()) : path;
}

std::unique_ptr<Sink> gzipped(std::unique_ptr<Sink> to) { return std::make_unique<GzipSink>(std::move(to)); }

}  // namespace optexplore::os
