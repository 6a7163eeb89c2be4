#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace optexplore::text {

/// Width of the pages that list, describe and check print.
inline constexpr std::size_t page_width = 80;

/// The text with spaces after it up to `width` columns.
std::string pad(std::string_view text, std::size_t width);

/// "  name        text", with the text wrapped to the page and its further lines aligned under the
/// first. A word that is wider than its line stays whole.
/// @param column  where the text begins
std::string field(std::string_view name, std::string_view text, std::size_t column, std::size_t indent = 2);

/// The text with its spaces kept: field() will not break the line at them.
std::string unbroken(std::string text);

/// Elements with a separator between them.
std::string join(const std::vector<std::string>& elements, std::string_view separator);

}  // namespace optexplore::text
