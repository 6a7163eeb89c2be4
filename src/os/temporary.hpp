#pragma once

#include <string>

#include "os/descriptor.hpp"
#include "os/target.hpp"

namespace optexplore::os {

/// A hidden file beside a target: made on construction, removed on destruction unless it has become the target.
///
/// Its name is .NAME.N.tmp, with the target's name and the first N that no other process uses, and it's locked as long
/// as its process lives. So what a killed process has left behind is known by its name and its missing lock, and the
/// next one with the same target removes it.
class TemporaryFile {
 public:
  /// Has the permissions of the target when there is one already.
  /// @throws IoError naming the target
  explicit TemporaryFile(const Target& target);
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile();

  [[nodiscard]] int descriptor() const { return file_.get(); }

  /// Closes it and gives it the target's name. Throws IoError naming the target.
  void become_target() { become(target_.path); }
  /// Closes it and gives it another name beside the target's, which may exist. Throws IoError naming the target.
  void become(const std::string& path);

 private:
  void forget();

  Target target_;
  std::string name_;
  bool exists_ = false;
  Descriptor file_;  ///< locked
};

/// Removes the temporary files of this process. Only for a signal handler that ends the process: it
/// is async-signal-safe, and the sinks whose files are gone will fail.
void remove_unfinished_files() noexcept;

}  // namespace optexplore::os
