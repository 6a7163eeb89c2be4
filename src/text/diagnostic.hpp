#pragma once

#include <optexplore/error.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace optexplore::text {

/// A piece of source text: byte offsets [begin, end).
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// The line of `source` that holds `span`, shortened around it when long, with carets under the span.
/// Two lines, each indented by two spaces. Columns count code points; invalid UTF-8 is shown as '?'.
std::string excerpt(std::string_view source, Span span);

/// An InputError that shows `span` of `source`.
InputError error_at(std::string_view source, Span span, const std::string& message);

/// The candidate nearest to `name` by edit distance (case-insensitive, transpositions count one), if any
/// is near enough to be a plausible slip; ties go to the first candidate.
std::optional<std::string> nearest_name(std::string_view name, const std::vector<std::string>& candidates);

/// "; did you mean 'adam'?" or "" when nothing is near.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates);

/// Byte offset of the first byte that is not valid UTF-8, if any.
std::optional<std::size_t> invalid_utf8(std::string_view text);

}  // namespace optexplore::text
