#include "output/npy_header.hpp"

#include <algorithm>

namespace optexplore::output {
namespace {

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

  const bool ascii = std::ranges::all_of(dict, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  const bool is_short = ascii && dict.size() + 128 < 65536;
  const char major = is_short ? 1 : ascii ? 2 : 3;
  const int length_bytes = is_short ? 2 : 4;
  const std::size_t before = 8 + static_cast<std::size_t>(length_bytes);
  const std::size_t total = (before + dict.size() + 1 + 63) / 64 * 64;
  dict.resize(total - before - 1, ' ');
  dict += '\n';
  return std::string("\x93NUMPY") + major + '\0' + little_endian(dict.size(), length_bytes) + dict;
}

}  // namespace optexplore::output
