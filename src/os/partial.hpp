#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "os/sink.hpp"

namespace optexplore::os {

/// A file of rows that grows as FILE.partial and gets its name when it is complete, so that a long sweep can be
/// continued after any kind of end. FILE.partial.id beside it says what the rows belong to.
class PartialFile : public Sink {
 public:
  /// @param identity  what decides the rows, line by line
  /// @param resume    continue FILE.partial if there is one; else its existence is an error
  /// @throws InputError when the partial file belongs to something else or is damaged; it is left as it is. IoError
  PartialFile(const std::string& path, const std::string& identity, bool resume);
  ~PartialFile() override;

  /// The complete lines that were there already.
  [[nodiscard]] std::uint64_t lines() const { return lines_; }
  /// The first and the last ones of them, at most `kept_lines` each, to be compared with what should stand there.
  static constexpr std::size_t kept_lines = 100;
  [[nodiscard]] const std::vector<std::string>& first_lines() const { return first_; }
  [[nodiscard]] const std::vector<std::string>& last_lines() const { return last_; }
  /// @throws InputError saying that the file is damaged
  [[noreturn]] void fail_damaged(const std::string& what) const;

  void write(std::string_view bytes) override;
  /// Delivers everything to FILE.partial.
  void finish() override;
  /// Gives the file its name.
  void complete();

 private:
  void scan();
  void read_line(std::string line);

  std::string path_;
  std::string partial_;
  std::string identity_file_;
  int fd_ = -1;
  std::string buffer_;
  std::uint64_t lines_ = 0;
  std::uint64_t bytes_ = 0;  ///< of the complete lines
  std::vector<std::string> first_;
  std::vector<std::string> last_;
};

}  // namespace optexplore::os
