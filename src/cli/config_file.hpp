#pragma once

#include <cstddef>
#include <string>

namespace optexplore::cli {

/// No sensible experiment is larger; the limit keeps a wrong file name from filling the memory.
inline constexpr std::size_t max_config_bytes = 16 << 20;

/// The text of a config and its name in messages.
struct ConfigText {
  std::string text;
  std::string name;
};

/// Reads a file, or standard input for "-".
/// Throws InputError for a missing file (naming the nearest one), a directory, and a file above the
/// limit; IoError for one that can't be read.
ConfigText read_config(const std::string& path);

}  // namespace optexplore::cli
