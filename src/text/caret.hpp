#pragma once

#include <cstddef>
#include <optexplore/error.hpp>
#include <string>
#include <string_view>

namespace optexplore::text {

/// A piece of source text: byte offsets [begin, end).
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// The line of `source` that holds `span`, shortened around it when long, with carets under the span.
/// Two lines, each indented by two spaces. Columns are those of a terminal: wide characters get two carets, combining
/// ones share that of their letter. Invalid UTF-8 is shown as '?', control characters as spaces.
std::string excerpt(std::string_view source, Span span);

/// An InputError that shows `span` of `source`; a blank source is not shown.
InputError error_at(std::string_view source, Span span, const std::string& message);

/// Does `action`; an InputError that shows nothing shows `span` of `source`.
template <class Action>
decltype(auto) with_excerpt(std::string_view source, Span span, const Action& action) {
  try {
    return action();
  } catch (const InputError& error) {
    if (!error.excerpt().empty()) throw;
    throw error_at(source, span, error.message()).at(error.place());
  }
}

}  // namespace optexplore::text
