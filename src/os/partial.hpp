#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "os/descriptor.hpp"
#include "os/sink.hpp"
#include "os/target.hpp"

namespace optexplore::os {

/// A file of rows that grows as FILE.partial and gets its name when it is complete, so that a long sweep can be
/// continued after any kind of end: an interrupt, SIGKILL, a full disk, a power cut.
///
/// A new one: FILE.partial is created (only if it isn't there), locked, and FILE.partial.id is written, which says what
/// the rows belong to; then rows follow. So rows never stand there without an identity: an empty FILE.partial belongs
/// to whoever resumes it. A resumed one: FILE.partial is opened and locked, its identity compared, its lines scanned,
/// and what follows the last line feed, a row cut off by the end of the process, is truncated. Nothing is changed
/// before all that has passed. The lock comes first, as two processes on one file would mix their rows; it goes with
/// the process, however that ends. The end: FILE.partial is flushed to disk and renamed to FILE while locked, then
/// FILE.partial.id is removed. One that is left behind by a kill between the two is overwritten by the next sweep.
///
/// The identity is a second file and no first line, because FILE must consist of rows alone, as the format says, and
/// renaming is the only way to complete it at once; an identity in front would have to be cut out by copying
/// everything.
class PartialFile : public Sink {
 public:
  /// @param target    a file
  /// @param identity  what decides the rows, line by line
  /// @param resume    continue FILE.partial if there is one; else its existence is an error
  /// @throws InputError when the partial file belongs to something else or is damaged; it is left as it is. IoError
  PartialFile(const Target& target, const std::string& identity, bool resume);

  /// FILE.partial, for messages.
  [[nodiscard]] const std::string& partial_name() const { return partial_; }
  /// The complete lines that were there already.
  [[nodiscard]] std::uint64_t lines() const { return lines_; }
  /// The first and the last ones of them, at most `kept_lines` each, to be compared with what should stand there.
  static constexpr std::size_t kept_lines = 100;
  [[nodiscard]] const std::vector<std::string>& first_lines() const { return first_; }
  [[nodiscard]] const std::vector<std::string>& last_lines() const { return last_; }
  /// @throws InputError saying that the file is damaged
  [[noreturn]] void fail_damaged(const std::string& what) const;

  void write(std::string_view bytes) override { writer_.write(bytes); }
  /// Gives the file its name.
  void finish() override;
  /// Delivers everything to FILE.partial.
  std::string keep() override {
    writer_.flush();
    return partial_;
  }

 private:
  [[nodiscard]] Descriptor open(bool resume) const;
  void begin(const std::string& identity);
  void resume_rows(const std::string& identity);
  void check_identity(const std::string& identity) const;
  void scan();
  void read_line(std::string line);
  void compress();

  Target target_;
  std::string partial_;
  std::string identity_file_;
  Descriptor file_;  ///< locked
  BufferedWriter writer_;
  std::uint64_t lines_ = 0;
  std::uint64_t bytes_ = 0;  ///< of the complete lines
  std::vector<std::string> first_;
  std::vector<std::string> last_;
};

}  // namespace optexplore::os
