#include "table/npy_header.hpp"

#include <algorithm>

namespace optexplore::table {
namespace {

constexpr char32_t replacement = 0xFFFD;

/// A Python string literal.
std::string literal(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') quoted += '\\';
    if (c == '\n' || c == '\r') {
      quoted += c == '\n' ? "\\n" : "\\r";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

std::string little_endian(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>((value >> (8 * i)) & 0xFF);
  return text;
}

/// Length in bytes of the sequence that starts with this byte; 0 when none does.
std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

/// The code point that `text` begins with, which has the length given by its first byte.
char32_t decode(std::string_view text) {
  static constexpr unsigned char lead_bits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  static constexpr char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  char32_t point = static_cast<unsigned char>(text[0]) & lead_bits[text.size()];
  for (const char c : text.substr(1)) {
    if ((c & 0xC0) != 0x80) return replacement;
    point = (point << 6) | (c & 0x3F);
  }
  const bool surrogate = point >= 0xD800 && point < 0xE000;
  return point < smallest[text.size()] || surrogate || point > 0x10FFFF ? replacement : point;
}

}  // namespace

std::string npy_header(const std::vector<NpyField>& fields, const std::vector<std::uint64_t>& shape) {
  std::string dict = "{'descr': [";
  for (const NpyField& field : fields) {
    if (&field != &fields.front()) dict += ", ";
    dict += "(" + literal(field.name) + ", '" + field.type + "')";
  }
  dict += "], 'fortran_order': False, 'shape': (";
  for (const std::uint64_t& extent : shape) {
    dict += std::to_string(extent);
    dict += &extent != &shape.back() ? ", " : shape.size() == 1 ? "," : "";  // a tuple of one has a comma
  }
  dict += "), }";

  const bool ascii = std::ranges::all_of(dict, [](char c) { return (c & 0x80) == 0; });
  const bool is_short = ascii && dict.size() + 128 < 65536;
  const char major = is_short ? 1 : ascii ? 2 : 3;
  const int length_bytes = is_short ? 2 : 4;
  const std::size_t before = 8 + static_cast<std::size_t>(length_bytes);
  const std::size_t total = (before + dict.size() + 1 + 63) / 64 * 64;
  dict.resize(total - before - 1, ' ');
  dict += '\n';
  return std::string("\x93NUMPY") + major + '\0' + little_endian(dict.size(), length_bytes) + dict;
}

std::u32string to_utf32(std::string_view text) {
  std::u32string points;
  while (!text.empty()) {
    const std::size_t length = sequence_length(static_cast<unsigned char>(text[0]));
    const char32_t point = length == 0 || length > text.size() ? replacement : decode(text.substr(0, length));
    points += point;
    text.remove_prefix(point == replacement && text.substr(0, 3) != "\xEF\xBF\xBD" ? 1 : length);
  }
  return points;
}

}  // namespace optexplore::table
