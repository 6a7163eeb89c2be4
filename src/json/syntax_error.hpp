#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "text/caret.hpp"

/// Errors about the syntax of a JSON text, at "name:line:col" with the line and a caret. Columns count code points.
namespace optexplore::json {

/// A text and what messages call it.
struct NamedText {
  std::string_view text;
  std::string name;
};

/// "name:line:col" of a byte of the text.
std::string position_text(const NamedText& in, std::size_t at);

/// @throws InputError about a piece of the text
[[noreturn]] void fail_at(const NamedText& in, text::Span span, const std::string& message);

/// @param at        where something stands that `expected` does not describe: a byte of the offending token
/// @throws InputError that says what was expected there and what was found
[[noreturn]] void fail_unexpected(const NamedText& in, std::size_t at, const std::string& expected);

/// What a number, a name or a misspelt one consists of.
bool in_word(char c);

/// The word at a byte of the text; a single character elsewhere.
text::Span word_at(std::string_view text, std::size_t at);

/// The string, with its quotes, that ends before byte `end`.
text::Span string_before(std::string_view text, std::size_t end);

}  // namespace optexplore::json
