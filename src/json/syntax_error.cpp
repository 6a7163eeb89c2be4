#include "json/syntax_error.hpp"

#include <algorithm>
#include <cctype>
#include <optexplore/error.hpp>

#include "text/utf8.hpp"

namespace optexplore::json {
namespace {

constexpr const char* blanks = " \t\r\n";

/// The string that begins with the quote at `begin`; an unclosed one ends with the text.
text::Span string_at(std::string_view text, std::size_t begin) {
  std::size_t end = begin + 1;
  while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
  return {begin, std::min(end + 1, text.size())};
}

/// What people who know JavaScript or Python are not told by "expected a value".
std::string hint(std::string_view text, text::Span span, const std::string& found) {
  if (found == "]" || found == "}") {
    const std::size_t before = text.substr(0, span.begin).find_last_not_of(blanks);
    return before != std::string_view::npos && text[before] == ',' ? "; no comma after the last element" : "";
  }
  for (const char* name : {"NaN", "nan", "Infinity", "-Infinity", "inf", "-inf"})
    if (found == name) return "; numbers must be finite";
  return "";
}

}  // namespace

bool in_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) != 0 || c == '_' || c == '.' || c == '+' || c == '-' || byte >= 0x80;
}

text::Span word_at(std::string_view text, std::size_t at) {
  if (at >= text.size() || !in_word(text[at])) return {at, at + 1};
  std::size_t begin = at, end = at;
  while (begin > 0 && in_word(text[begin - 1])) --begin;
  while (end < text.size() && in_word(text[end])) ++end;
  return {begin, end};
}

text::Span string_before(std::string_view text, std::size_t end) {
  const auto escaped = [&](std::size_t at) {
    std::size_t backslashes = 0;
    while (at > backslashes && text[at - 1 - backslashes] == '\\') ++backslashes;
    return backslashes % 2 == 1;
  };
  std::size_t begin = end - 1;
  do --begin;
  while (begin > 0 && (text[begin] != '"' || escaped(begin)));
  return {begin, end};
}

std::string position_text(const NamedText& in, std::size_t at) {
  const std::string_view before = in.text.substr(0, std::min(at, in.text.size()));
  const std::string_view line = before.substr(before.rfind('\n') + 1);  // npos + 1 is 0
  return in.name + ":" + std::to_string(1 + std::ranges::count(before, '\n')) + ":" +
         std::to_string(1 + text::count_code_points(line));
}

void fail_at(const NamedText& in, text::Span span, const std::string& message) {
  throw InputError(message, text::excerpt(in.text, span), position_text(in, span.begin));
}

void fail_unexpected(const NamedText& in, std::size_t at, const std::string& expected) {
  const std::size_t end = in.text.find_last_not_of(blanks) + 1;
  if (at >= end) fail_at(in, {end, end}, "expected " + expected + ", found the end");
  if (in.text[at] == '"') fail_at(in, string_at(in.text, at), "expected " + expected + ", found a string");
  if (in.text[at] == '\'') fail_at(in, {at, at + 1}, "expected " + expected + "; strings take double quotes");
  const text::Span span = word_at(in.text, at);
  const std::string found(in.text.substr(span.begin, span.end - span.begin));
  fail_at(in, span, "expected " + expected + ", found '" + found + "'" + hint(in.text, span, found));
}

}  // namespace optexplore::json
