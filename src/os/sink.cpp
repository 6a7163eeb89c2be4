#include "os/sink.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optexplore/error.hpp>
#include <utility>

namespace optexplore::os {
namespace {

constexpr std::size_t buffer_bytes = 1 << 16;

[[noreturn]] void fail(const std::string& name, int error) { throw IoError(name + ": " + std::strerror(error)); }

/// Buffered writing to a file descriptor that someone else closes. Not stdio: its last flush can
/// fail unnoticed, and this tool promises that a full disk is always an error.
class Writer {
 public:
  Writer(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}

  void write(std::string_view bytes) {
    if (buffer_.size() + bytes.size() > buffer_bytes) flush();
    if (bytes.size() >= buffer_bytes) {
      deliver(bytes);
    } else {
      buffer_ += bytes;
    }
  }

  void flush() {
    deliver(buffer_);
    buffer_.clear();
  }

  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  void deliver(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
      if (written >= 0) {
        bytes.remove_prefix(static_cast<std::size_t>(written));
      } else if (errno == EPIPE) {
        throw ClosedPipe();
      } else if (errno != EINTR) {
        fail(name_, errno);
      }
    }
  }

  int fd_;
  std::string name_;
  std::string buffer_;
};

class StdoutSink : public Sink {
 public:
  void write(std::string_view bytes) override { writer_.write(bytes); }
  void finish() override { writer_.flush(); }

 private:
  Writer writer_{STDOUT_FILENO, "standard output"};
};

/// Owns a file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }

  [[nodiscard]] int get() const { return fd_; }

  /// Some file systems (NFS, quotas) report a failed write only here.
  void close(const std::string& name) {
    if (::close(std::exchange(fd_, -1)) != 0 && errno != EINTR) fail(name, errno);
  }

 private:
  int fd_;
};

/// A device or fifo.
class DirectSink : public Sink {
 public:
  explicit DirectSink(const std::string& path)
      : file_(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY)), writer_(file_.get(), path) {
    if (file_.get() < 0) fail(path, errno);
  }

  void write(std::string_view bytes) override { writer_.write(bytes); }
  void finish() override {
    writer_.flush();
    file_.close(writer_.name());
  }

 private:
  Descriptor file_;
  Writer writer_;
};

/// Names of the temporary files that exist now, for remove_unfinished_files(). A fixed array
/// because a signal handler may read it at any moment.
std::array<std::atomic<const char*>, 8> unfinished{};

/// A temporary file beside `target`: made on construction, removed on destruction unless renamed.
class TemporaryFile {
 public:
  TemporaryFile(const std::filesystem::path& target, mode_t mode, const std::string& shown_name) {
    static std::atomic<int> counter{0};
    do {
      name_ = target.parent_path() /
              (".optexplore-" + std::to_string(::getpid()) + "-" + std::to_string(counter++) + ".tmp");
      fd_ = ::open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    } while (fd_ < 0 && errno == EEXIST);
    if (fd_ < 0) fail(shown_name, errno);
    for (auto& slot : unfinished) {
      const char* empty = nullptr;
      if (slot.compare_exchange_strong(empty, name_.c_str())) break;
    }
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  ~TemporaryFile() {
    if (fd_ < 0) return;
    ::unlink(name_.c_str());
    forget();
  }

  void rename_to(const std::filesystem::path& target, const std::string& shown_name) {
    if (::rename(name_.c_str(), target.c_str()) != 0) fail(shown_name, errno);
    forget();
    fd_ = -1;
  }

  [[nodiscard]] int descriptor() const { return fd_; }

 private:
  void forget() {
    for (auto& slot : unfinished) {
      const char* mine = name_.c_str();
      if (slot.compare_exchange_strong(mine, nullptr)) break;
    }
  }

  std::string name_;
  int fd_ = -1;  ///< kept after the Descriptor has closed it: says that the file exists
};

class FileSink : public Sink {
 public:
  /// @param existing  what is known of the file when there is one already
  FileSink(const std::string& path, const struct stat* existing)
      : target_(std::filesystem::weakly_canonical(std::filesystem::absolute(path))),
        temporary_(target_, 0666, path),
        file_(temporary_.descriptor()),
        writer_(file_.get(), path) {
    if (existing != nullptr && ::fchmod(file_.get(), existing->st_mode & 07777) != 0) {
      fail(path, errno);
    }
  }

  void write(std::string_view bytes) override { writer_.write(bytes); }
  void finish() override {
    writer_.flush();
    file_.close(writer_.name());
    temporary_.rename_to(target_, writer_.name());
  }

 private:
  std::filesystem::path target_;
  TemporaryFile temporary_;
  Descriptor file_;
  Writer writer_;
};

}  // namespace

std::unique_ptr<Sink> stdout_sink() { return std::make_unique<StdoutSink>(); }

std::unique_ptr<Sink> file_sink(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    if (errno != ENOENT) fail(path, errno);
    return std::make_unique<FileSink>(path, nullptr);
  }
  if (S_ISDIR(status.st_mode)) fail(path, EISDIR);
  if (!S_ISREG(status.st_mode)) return std::make_unique<DirectSink>(path);
  // rename() would replace a write-protected file without asking.
  if (::access(path.c_str(), W_OK) != 0) fail(path, errno);
  return std::make_unique<FileSink>(path, &status);
}

std::unique_ptr<Sink> open_sink(const std::string& path) {
  return path == "-" || path == "/dev/stdout" ? stdout_sink() : file_sink(path);
}

void remove_unfinished_files() noexcept {
  for (auto& slot : unfinished) {
    if (const char* name = slot.load()) ::unlink(name);
  }
}

}  // namespace optexplore::os
