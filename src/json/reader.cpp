#include "json/reader.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optexplore/error.hpp>
#include <vector>

#include "text/caret.hpp"
#include "text/utf8.hpp"

namespace optexplore::json {
namespace {

/// Reads a text for nlohmann and tells how far it got: SAX events carry no position.
struct CountingIterator {
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  const char* at = nullptr;
  const char** reached = nullptr;

  reference operator*() const { return *at; }
  CountingIterator& operator++() {
    *reached = ++at;
    return *this;
  }
  CountingIterator operator++(int) {
    const CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator& other) const { return at == other.at; }
  bool operator!=(const CountingIterator& other) const { return at != other.at; }
};

[[noreturn]] void fail(std::string_view text, const std::string& source, text::Span span, const std::string& message) {
  const std::string_view before = text.substr(0, std::min(span.begin, text.size()));
  const std::size_t newline = before.rfind('\n');
  const std::string_view line = newline == std::string_view::npos ? before : before.substr(newline + 1);
  const auto is_lead = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  throw InputError(message, text::excerpt(text, span),
                   source + ":" + std::to_string(1 + std::count(before.begin(), before.end(), '\n')) + ":" +
                       std::to_string(1 + std::count_if(line.begin(), line.end(), is_lead)));
}

/// What nlohmann's parser wanted, from the "while parsing …" part of its message.
std::string expected_by(const std::string& report) {
  if (report.find("; expected end of input") != std::string::npos) return "nothing after the document's end";
  if (report.find("parsing object key") != std::string::npos) return "a key in double quotes";
  if (report.find("parsing object separator") != std::string::npos) return "':' after the key";
  if (report.find("parsing object") != std::string::npos) return "',' or '}'";
  if (report.find("parsing array") != std::string::npos) return "',' or ']'";
  return "a value";
}

/// The complaint of nlohmann's lexer about a malformed string, number or comment; empty for anything else.
std::string lexical_complaint(const std::string& report) {
  const std::size_t begin = report.find("- invalid ");
  if (begin == std::string::npos || report.compare(begin, 17, "- invalid literal") == 0) return "";
  return report.substr(begin + 2, report.find("; last read") - begin - 2);
}

/// Builds the document and checks what nlohmann's own builder lets pass.
class Builder final : public nlohmann::json_sax<Json> {
 public:
  Builder(std::string_view text, const std::string& source) : text_(text), source_(source) {}

  Json run() {
    const char* end = text_.data() + text_.size();
    Json::sax_parse(CountingIterator{text_.data(), &reached_}, CountingIterator{end, &reached_}, this,
                    nlohmann::detail::input_format_t::json, true, true);
    return std::move(root_);
  }

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return false; }  // never in text
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    const Json& object = *open_.back();
    if (object.contains(name)) fail(text_, source_, string_span(consumed()), "the key '" + name + "' is given twice");
    if (object.size() >= max_json_keys)
      fail(text_, source_, string_span(consumed()),
           "more than " + std::to_string(max_json_keys) + " keys in one object");
    key_ = std::move(name);
    return true;
  }

  bool parse_error(std::size_t position, const std::string& token, const nlohmann::detail::exception& error) override {
    const std::string report = error.what();
    const std::size_t end = std::min(position, text_.size());
    if (error.id == 406)  // nlohmann's out_of_range for numbers
      fail(text_, source_, {end - std::min(token.size(), end), end}, "the number is outside the range of a double");
    if (const std::string complaint = lexical_complaint(report); !complaint.empty())
      fail(text_, source_, {end == 0 ? 0 : end - 1, end}, complaint);
    if (position > text_.size() || report.find("unexpected end of input") != std::string::npos) {
      const std::size_t last = text_.find_last_not_of(" \t\r\n") + 1;
      fail(text_, source_, {last, last}, "expected " + expected_by(report) + ", found the end");
    }
    const text::Span span = offending(end, report.find("invalid literal") != std::string::npos);
    const std::string found(text_.substr(span.begin, span.end - span.begin));
    if (found.starts_with('\''))
      fail(text_, source_, span, "expected " + expected_by(report) + "; strings take double quotes");
    fail(text_, source_, span,
         "expected " + expected_by(report) + ", found " + (found.starts_with('"') ? "a string" : "'" + found + "'") +
             hint(span, found));
  }

 private:
  Json* add(Json value, int) {
    if (open_.empty()) return &(root_ = std::move(value));
    Json& parent = *open_.back();
    if (parent.is_array()) return &parent.emplace_back(std::move(value));
    return &(parent[key_] = std::move(value));
  }
  bool add(Json value) { return add(std::move(value), 0) != nullptr; }

  bool open(Json container) {
    const std::size_t at = consumed();
    if (open_.size() >= max_json_depth)
      fail(text_, source_, {at - 1, at}, "nested deeper than " + std::to_string(max_json_depth) + " levels");
    // A parent grows only after its last child is closed, so these pointers stay valid.
    open_.push_back(add(std::move(container), 0));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  [[nodiscard]] std::size_t consumed() const {
    return reached_ == nullptr ? 0 : static_cast<std::size_t>(reached_ - text_.data());
  }

  /// The string that ends at `end`, with its quotes.
  [[nodiscard]] text::Span string_span(std::size_t end) const {
    const auto escaped = [&](std::size_t at) {
      std::size_t backslashes = 0;
      while (at > backslashes && text_[at - 1 - backslashes] == '\\') ++backslashes;
      return backslashes % 2 == 1;
    };
    std::size_t begin = end - 1;
    do --begin;
    while (begin > 0 && (text_[begin] != '"' || escaped(begin)));
    return {begin, end};
  }

  /// The unexpected token that ends at `end`. nlohmann tells its text only for strings and numbers, and stops
  /// inside a misspelt word or one character behind it; a word is shown whole.
  [[nodiscard]] text::Span offending(std::size_t end, bool misspelt) const {
    const auto in_word = [&](std::size_t at) {
      const auto c = static_cast<unsigned char>(text_[at]);
      return std::isalnum(c) != 0 || c == '_' || c == '.' || c == '+' || c == '-' || c >= 0x80;
    };
    if (end < 2) return {0, 1};
    if (misspelt && !in_word(end - 1) && in_word(end - 2)) --end;
    if (text_[end - 1] == '"' && !misspelt) return string_span(end);
    if (!in_word(end - 1)) return {end - 1, end};
    std::size_t begin = end;
    while (begin > 0 && in_word(begin - 1)) --begin;
    while (end < text_.size() && in_word(end)) ++end;
    return {begin, end};
  }

  /// What people who know JavaScript or Python are not told by "expected a value".
  [[nodiscard]] std::string hint(text::Span span, const std::string& found) const {
    if (found == "]" || found == "}") {
      const std::size_t before = text_.substr(0, span.begin).find_last_not_of(" \t\r\n");
      return before != std::string_view::npos && text_[before] == ',' ? "; no comma after the last element" : "";
    }
    for (const char* name : {"NaN", "nan", "Infinity", "-Infinity", "inf", "-inf"})
      if (found == name) return "; numbers must be finite";
    return "";
  }

  std::string_view text_;
  const std::string& source_;
  const char* reached_ = nullptr;
  Json root_;
  std::vector<Json*> open_;
  std::string key_;
};

}  // namespace

Json parse_json(std::string_view text, const std::string& source) {
  if (text.size() > max_json_bytes) throw InputError("config larger than 16 MiB", "", source);
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    throw InputError("the text is empty; expected a JSON value", "", source);
  if (const auto bad = text::invalid_utf8(text)) fail(text, source, {*bad, *bad + 1}, "the text is not valid UTF-8");
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos)  // nlohmann would stop here
    fail(text, source, {nul, nul + 1}, "unexpected NUL byte");
  return Builder(text, source).run();
}

}  // namespace optexplore::json
