#include "os/sink.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "os/descriptor.hpp"
#include "os/gzip.hpp"
#include "os/temporary.hpp"

namespace optexplore::os {
namespace {

class StdoutSink : public Sink {
 public:
  explicit StdoutSink(const Target& target) : writer_(STDOUT_FILENO, target.name) {}

  void write(std::string_view bytes) override { writer_.write(bytes); }
  void finish() override { writer_.flush(); }

 private:
  BufferedWriter writer_;
};

Descriptor open_directly(const Target& target) {
  Descriptor file(target.kind == Target::Kind::open_descriptor
                      ? ::fcntl(target.descriptor, F_DUPFD_CLOEXEC, 0)
                      : ::open(target.path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
  if (!file.is_open()) fail(target.name, errno);
  return file;
}

/// A device, a fifo, or a descriptor other than standard output.
class DirectSink : public Sink {
 public:
  explicit DirectSink(const Target& target) : file_(open_directly(target)), writer_(file_.get(), target.name) {}

  void write(std::string_view bytes) override { writer_.write(bytes); }
  void finish() override {
    writer_.flush();
    file_.close(writer_.name());
  }

 private:
  Descriptor file_;
  BufferedWriter writer_;
};

class FileSink : public Sink {
 public:
  explicit FileSink(const Target& target)
      : file_(target), writer_(file_.descriptor(), target.name), partial_(target.path + ".partial") {}

  void write(std::string_view bytes) override { writer_.write(bytes); }
  void finish() override {
    writer_.flush();
    file_.become_target();
  }
  std::string keep() override {
    writer_.flush();
    // A sweep's rows that can be continued aren't ours to replace.
    while (::access((partial_ + ".id").c_str(), F_OK) == 0) partial_ += ".run";
    file_.become(partial_);
    return partial_;
  }

 private:
  TemporaryFile file_;
  BufferedWriter writer_;
  std::string partial_;
};

}  // namespace

std::unique_ptr<Sink> open_sink(const Target& target) {
  if (target.kind == Target::Kind::file) {
    auto file = std::make_unique<FileSink>(target);
    return is_gzip_name(target.name) ? gzipped(std::move(file)) : std::unique_ptr<Sink>(std::move(file));
  }
  if (target.descriptor == STDOUT_FILENO) return std::make_unique<StdoutSink>(target);
  return std::make_unique<DirectSink>(target);
}

std::unique_ptr<Sink> open_sink(const std::string& path) { return open_sink(find_target(path)); }

}  // namespace optexplore::os
