#include "text/caret.hpp"

#include <algorithm>
#include <vector>

#include "text/utf8.hpp"

namespace optexplore::text {
namespace {

constexpr std::size_t max_shown = 72;  // columns of a source line that an excerpt shows

/// A character of a line with those that combine with it.
struct Character {
  std::size_t offset;  ///< of its first byte
  std::size_t width;   ///< in columns
  std::string shown;
};

std::vector<Character> split(std::string_view line) {
  std::vector<Character> characters;
  for (std::size_t i = 0; i < line.size();) {
    const CodePoint point = first_code_point(line.substr(i));
    const std::string shown = !point.valid              ? "?"
                              : is_control(point.value) ? " "
                                                        : std::string(line.substr(i, point.bytes));
    const std::size_t width = point.valid ? display_width(point.value) : 1;
    if (width == 0 && !characters.empty())
      characters.back().shown += shown;
    else
      characters.push_back({i, width, shown});
    i += point.bytes;
  }
  return characters;
}

std::size_t width_of(const std::vector<Character>& line, std::size_t first, std::size_t last) {
  std::size_t width = 0;
  for (std::size_t i = first; i < last; ++i) width += line[i].width;
  return width;
}

/// Characters first … last-1 of a line.
struct Window {
  std::size_t first = 0;
  std::size_t last = 0;
};

/// What is shown of a line: all of it, or of a long one a part that has character `from` in its middle third.
Window window_around(const std::vector<Character>& line, std::size_t from) {
  if (width_of(line, 0, line.size()) <= max_shown) return {0, line.size()};
  Window window = {from, from};
  std::size_t width = 0;
  const auto extend_left = [&](std::size_t most) {
    while (window.first > 0 && width + line[window.first - 1].width <= most) width += line[--window.first].width;
  };
  extend_left(max_shown / 2);
  while (window.last < line.size() && width + line[window.last].width <= max_shown) width += line[window.last++].width;
  if (window.last == line.size()) extend_left(max_shown);
  return window;
}

}  // namespace

std::string excerpt(std::string_view source, Span span) {
  span.begin = std::min(span.begin, source.size());
  const std::size_t newline = span.begin == 0 ? std::string_view::npos : source.rfind('\n', span.begin - 1);
  const std::size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
  const std::size_t end = std::min(source.find('\n', begin), source.size());
  const std::vector<Character> line = split(source.substr(begin, end - begin));

  /// The number of characters that begin before byte `at` of the source.
  const auto characters_before = [&](std::size_t at) {
    const auto found = std::ranges::lower_bound(line, at - begin, {}, &Character::offset);
    return static_cast<std::size_t>(found - line.begin());
  };
  // A span may begin inside a character: at what combines with a letter.
  const std::size_t from = span.begin == end ? line.size() : characters_before(span.begin + 1) - 1;
  const std::size_t to = std::max(characters_before(std::clamp(span.end, span.begin, end)), from + 1);

  const Window window = window_around(line, from);
  std::string text = "  ";
  std::string carets = "  ";
  if (window.first > 0) {
    text += "…";
    carets += " ";
  }
  for (std::size_t i = window.first; i < window.last; ++i) text += line[i].shown;
  if (window.last < line.size()) text += "…";
  carets.append(width_of(line, window.first, from), ' ');
  carets.append(std::max<std::size_t>(width_of(line, from, std::min(to, window.last)), 1), '^');
  return text + "\n" + carets;
}

InputError error_at(std::string_view source, Span span, const std::string& message) {
  const bool blank = source.find_first_not_of(" \t\r\n") == std::string_view::npos;
  return InputError(message, blank ? "" : excerpt(source, span));
}

}  // namespace optexplore::text
