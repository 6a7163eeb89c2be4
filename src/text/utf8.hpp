#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace optexplore::text {

/// What stands for bytes that are no UTF-8.
inline constexpr char32_t replacement_character = 0xFFFD;

/// The code point that a text begins with.
struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 0;  ///< its length in the text
  bool valid = true;      ///< false: the byte begins no UTF-8; value is U+FFFD and bytes 1
};

/// Decodes the first code point of `text`, which is not empty.
CodePoint first_code_point(std::string_view text);

/// Byte offset of the first byte that is not valid UTF-8, if any.
std::optional<std::size_t> invalid_utf8(std::string_view text);

/// The code points of a text; each byte that is not UTF-8 gives one U+FFFD.
std::u32string to_utf32(std::string_view text);

/// How many code points to_utf32() gives.
std::size_t count_code_points(std::string_view text);

/// The lower-case form of a letter; anything else is returned as it is.
char32_t lower_case(char32_t letter);

/// A control character (Unicode category Cc), which must not reach a terminal.
bool is_control(char32_t point);

/// Columns of a terminal that a code point takes: 2 for East Asian wide ones and emoji, 0 for those that combine with
/// the one before or are invisible, else 1. Control characters count 1: what shows them puts one character in their
/// place.
std::size_t display_width(char32_t point);

/// Columns of a terminal that a text takes.
std::size_t display_width(std::string_view text);

/// The longest beginning of `text` that takes at most `width` columns. A letter keeps what combines with it.
std::string_view fitting_prefix(std::string_view text, std::size_t width);

}  // namespace optexplore::text
