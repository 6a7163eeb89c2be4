#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace optexplore::text {

/// Width of the pages that list, describe and check print, unless a terminal is narrower.
inline constexpr std::size_t page_width = 80;

/// The text with spaces after it up to `width` columns.
std::string pad(std::string_view text, std::size_t width);

/// The text on lines of at most `width` columns; all but the first are indented to `column`, where the first is thought
/// to begin. A word that is wider than its line stays whole.
std::string wrapped(std::string_view text, std::size_t column, std::size_t width = page_width);

/// "  name        text", with the text wrapped to the page and its further lines aligned under the
/// first.
/// @param column  where the text begins
std::string field(std::string_view name, std::string_view text, std::size_t column, std::size_t indent = 2,
                  std::size_t width = page_width);

/// The text with its spaces kept: field() will not break the line at them.
std::string unbroken(std::string text);

/// Elements with a separator between them.
std::string join(const std::vector<std::string>& elements, std::string_view separator);

}  // namespace optexplore::text
