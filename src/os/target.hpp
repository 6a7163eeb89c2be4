#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace optexplore::os {

/// What the path of an output means. Found out once, before anything is computed, and the same for every command.
struct Target {
  enum class Kind {
    open_descriptor,  ///< "-", /dev/stdout, /dev/fd/3, also through links: what is open already is written directly
    device,           ///< a device or fifo: written directly
    file,             ///< appears under its name when it is complete
  };
  Kind kind = Kind::file;
  std::string name;            ///< as it was typed, for messages; "standard output"
  std::string path;            ///< device, file: where it is; links have been followed, so a link stays one
  int descriptor = -1;         ///< open_descriptor
  std::optional<mode_t> mode;  ///< the permissions of a file that is there already, which the new one gets
};

/// @throws IoError naming `path` when it's a directory, write-protected, or can't be looked at. A missing folder is
///         found by whoever creates the file.
Target find_target(const std::string& path);

}  // namespace optexplore::os
