#pragma once

#include <optional>
#include <string>

#include "text/number.hpp"

namespace optexplore::output {

/// Numbers in gnuplot's data: it reads "inf" as a string, and takes NaN for a gap.
inline text::NumberStyle gnuplot_style(std::optional<int> precision) {
  return {.precision = precision, .nan = "NaN", .inf = "NaN", .minus_inf = "NaN"};
}

/// A quoted string in gnuplot's data. There is no way to write a quote in it (checked with 5.4: neither \" nor ""
/// works, and the whole title is lost), so it becomes an apostrophe. Strings in scripts are another syntax: see
/// picture::quoted().
std::string quoted_data(const std::string& text);

}  // namespace optexplore::output
