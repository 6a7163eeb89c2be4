#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace optexplore::text {

/// How a format writes numbers. The text is the same on every machine and in every locale.
struct NumberStyle {
  std::optional<int> precision;  ///< significant digits 1…17, as %g; none: shortest text that reads back
  std::string_view nan = "nan";
  std::string_view inf = "inf";
  std::string_view minus_inf = "-inf";
};

/// No number is longer than this, in any style: 17 digits, two signs, a point, "e" and three more
/// digits, and room to spare.
inline constexpr std::size_t max_number_length = 32;

/// Writes `value` at `out`, where max_number_length bytes are free; returns the end of the text.
char* write_number(char* out, double value, const NumberStyle& style);

/// The same for a whole number below 2^53: no precision, no exponent.
char* write_integer(char* out, double value, const NumberStyle& style);

void append_number(std::string& text, double value, const NumberStyle& style = {});
void append_integer(std::string& text, double value, const NumberStyle& style = {});

/// A number as data formats have it: "1e-08".
std::string number_text(double value, const NumberStyle& style = {});

/// A number as people write it: shortest, "1e-8".
std::string to_text(double value);

}  // namespace optexplore::text
