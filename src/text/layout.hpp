#pragma once

#include <optexplore/catalog.hpp>
#include <optexplore/experiment.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace optexplore::text {

/// Width of the pages that list, describe and check print.
inline constexpr std::size_t page_width = 80;

/// Number of code points of UTF-8 text; a good enough measure of its width.
std::size_t display_width(std::string_view text);

/// The text with spaces after it up to `width`.
std::string pad(std::string_view text, std::size_t width);

/// "  name        text", with the text wrapped to the page and its further lines aligned under the
/// first. A word that is wider than its line stays whole.
/// @param column  where the text begins
std::string field(std::string_view name, std::string_view text, std::size_t column, std::size_t indent = 2);

/// The text with its spaces kept: field() will not break the line at them.
std::string unbroken(std::string text);

/// Elements with a separator between them.
std::string join(const std::vector<std::string>& elements, std::string_view separator);

/// Shortest text of a number.
std::string to_text(double value);
/// "0.5", "[1, 2]" or "[[1, 2], [3, 4]]".
std::string to_text(const Parameter& value);
/// "0.1", the text of a schedule or a choice, or "(5 values, 0.1 to 1)".
std::string to_text(const Setting& setting);
/// "(1, 2)"; a single number for several coordinates is "(1, …, 1)", a long point is shortened.
std::string point_text(const std::vector<double>& point, std::size_t dim);
/// "[-5, 10]" for each coordinate or "[-5, 10] × [0, 15]".
std::string domain_text(const std::vector<Interval>& domain);

}  // namespace optexplore::text
