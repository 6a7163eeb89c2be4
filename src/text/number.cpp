#include "text/number.hpp"

#include <fmt/compile.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace optexplore::text {
namespace {

char* copy(char* out, std::string_view text) {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

char* write_non_finite(char* out, double value, const NumberStyle& style) {
  // The sign of a NaN means nothing, and differs between CPUs and compilers.
  if (std::isnan(value)) return copy(out, style.nan);
  return copy(out, value > 0 ? style.inf : style.minus_inf);
}

}  // namespace

char* write_number(char* out, double value, const NumberStyle& style) {
  if (!std::isfinite(value)) [[unlikely]] {
    return write_non_finite(out, value, style);
  }
  if (style.precision) {
    // fmt's "{:.6g}" is correct too, but took 95 ns where this takes 59 (165 and 81 at 17 digits).
    return std::to_chars(out, out + max_number_length, value, std::chars_format::general, *style.precision).ptr;
  }
  // As fast as std::to_chars (43 and 45 ns), but keeps 100000 where that writes 1e+05.
  return fmt::format_to(out, FMT_COMPILE("{}"), value);
}

char* write_integer(char* out, double value, const NumberStyle& style) {
  if (!std::isfinite(value)) [[unlikely]] {
    return write_non_finite(out, value, style);
  }
  return std::to_chars(out, out + max_number_length, static_cast<std::int64_t>(value)).ptr;
}

void append_number(std::string& text, double value, const NumberStyle& style) {
  char buffer[max_number_length];
  text.append(buffer, write_number(buffer, value, style));
}

void append_integer(std::string& text, double value, const NumberStyle& style) {
  char buffer[max_number_length];
  text.append(buffer, write_integer(buffer, value, style));
}

std::string number_text(double value, const NumberStyle& style) {
  std::string text;
  append_number(text, value, style);
  return text;
}

std::string to_text(double value) {
  std::string text = number_text(value);
  const std::size_t exponent = text.find('e');
  if (exponent != std::string::npos && text[exponent + 2] == '0') text.erase(exponent + 2, 1);
  return text;
}

}  // namespace optexplore::text
