#include "text/utf8.hpp"

#include <utf8proc.h>

namespace optexplore::text {
namespace {

utf8proc_int32_t signed_point(char32_t point) { return static_cast<utf8proc_int32_t>(point); }

}  // namespace

CodePoint first_code_point(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return {first, 1, true};
  utf8proc_int32_t point = 0;
  const utf8proc_ssize_t length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                                   static_cast<utf8proc_ssize_t>(text.size()), &point);
  if (length <= 0) return {replacement_character, 1, false};
  return {static_cast<char32_t>(point), static_cast<std::size_t>(length), true};
}

std::optional<std::size_t> invalid_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const CodePoint point = first_code_point(text.substr(i));
    if (!point.valid) return i;
    i += point.bytes;
  }
  return std::nullopt;
}

std::u32string to_utf32(std::string_view text) {
  std::u32string points;
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    points += point.value;
    text.remove_prefix(point.bytes);
  }
  return points;
}

std::size_t count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(first_code_point(text).bytes);
  return count;
}

char32_t lower_case(char32_t letter) { return static_cast<char32_t>(utf8proc_tolower(signed_point(letter))); }

bool is_control(char32_t point) { return utf8proc_category(signed_point(point)) == UTF8PROC_CATEGORY_CC; }

std::size_t display_width(char32_t point) {
  if (point < 0x7F || is_control(point)) return 1;
  return static_cast<std::size_t>(utf8proc_charwidth(signed_point(point)));
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    width += display_width(point.value);
    text.remove_prefix(point.bytes);
  }
  return width;
}

std::string_view fitting_prefix(std::string_view text, std::size_t width) {
  std::size_t bytes = 0, used = 0;
  while (bytes < text.size()) {
    const CodePoint point = first_code_point(text.substr(bytes));
    used += display_width(point.value);
    if (used > width) break;
    bytes += point.bytes;
  }
  return text.substr(0, bytes);
}

}  // namespace optexplore::text
