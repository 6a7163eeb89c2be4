#include "text/wrap.hpp"

#include <algorithm>

#include "text/utf8.hpp"

namespace optexplore::text {
namespace {

/// Stands for a space in unbroken text; no text has it by itself.
constexpr char kept_space = '\x1F';

}  // namespace

std::string pad(std::string_view text, std::size_t width) {
  const std::size_t used = display_width(text);
  return std::string(text) + std::string(used < width ? width - used : 0, ' ');
}

std::string wrapped(std::string_view text, std::size_t column, std::size_t width) {
  std::string result;
  std::size_t used = column;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" \n", begin), text.size());
    const std::string_view word = text.substr(begin, end - begin);
    if (used > column && used + 1 + display_width(word) > width) {
      result += "\n" + std::string(column, ' ');
      used = column;
    }
    if (used > column) {
      result += ' ';
      ++used;
    }
    result += word;
    used += display_width(word);
    begin = end + 1;
  }
  std::ranges::replace(result, kept_space, ' ');
  return result;
}

std::string field(std::string_view name, std::string_view text, std::size_t column, std::size_t indent,
                  std::size_t width) {
  std::string result = std::string(indent, ' ') + std::string(name);
  std::size_t used = display_width(result);
  // A name too long for its place gets a line of its own.
  if (used + 2 > column) {
    result += "\n";
    used = 0;
  }
  return result + std::string(column - used, ' ') + wrapped(text, column, width) + "\n";
}

std::string unbroken(std::string text) {
  std::ranges::replace(text, ' ', kept_space);
  return text;
}

std::string join(const std::vector<std::string>& elements, std::string_view separator) {
  std::string text;
  for (const std::string& element : elements) {
    if (&element != &elements.front()) text += separator;
    text += element;
  }
  return text;
}

}  // namespace optexplore::text
