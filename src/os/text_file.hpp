#pragma once

#include <cstddef>
#include <string>

namespace optexplore::os {

/// No sensible experiment is larger; the limit keeps a wrong file name from filling the memory.
inline constexpr std::size_t max_text_bytes = 16 << 20;

/// A file's text and its name in messages.
struct TextFile {
  std::string text;
  std::string name;
};

/// Reads a file, or standard input for "-".
/// Throws InputError for a missing file (naming the nearest one), a directory, and a file above the
/// limit; IoError for one that can't be read.
TextFile read_text_file(const std::string& path);

}  // namespace optexplore::os
