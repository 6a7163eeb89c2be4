#include "json/reader.hpp"

#include <fmt/format.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <charconv>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optexplore/error.hpp>
#include <vector>

#include "json/cursor.hpp"
#include "json/syntax_error.hpp"
#include "text/utf8.hpp"

namespace optexplore::json {
namespace {

constexpr const char* too_large = "the number is outside the range of a double";
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Makes RapidJSON's events the document, and refuses what RapidJSON lets pass: keys given twice, too many of them,
/// deep nesting, halves of surrogate pairs.
class Builder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Builder> {
 public:
  Builder(const NamedText& in, const rapidjson::MemoryStream& stream) : in_(in), stream_(stream) {}

  Json take() { return std::move(root_); }

  bool Null() { return add(nullptr); }
  bool Bool(bool value) { return add(value); }

  /// RapidJSON 1.1.0 reads outside its tables for tiny numbers when asked for full precision, so it hands over the
  /// text.
  bool RawNumber(const char* text, rapidjson::SizeType length, bool) {
    const char* const end = text + length;
    const bool whole = std::string_view(text, length).find_first_of(".eE") == std::string_view::npos;
    std::uint64_t natural = 0;
    std::int64_t integer = 0;
    double value = 0;
    if (whole && std::from_chars(text, end, natural).ec == std::errc()) return add(natural);
    if (whole && std::from_chars(text, end, integer).ec == std::errc()) return add(integer);
    if (std::from_chars(text, end, value).ec == std::errc()) return add(value);
    // Out of range: nlohmann tells a number that vanishes, which is 0, from one that is too large.
    Json vanished = Json::parse(text, end, nullptr, false);
    if (vanished.is_discarded()) fail_at(in_, {position() - length, position()}, too_large);
    return add(std::move(vanished));
  }

  bool String(const char* text, rapidjson::SizeType length, bool) { return add(checked(text, length)); }
  bool StartObject() { return open(Json::object()); }
  bool StartArray() { return open(Json::array()); }
  bool EndObject(rapidjson::SizeType) { return close(); }
  bool EndArray(rapidjson::SizeType) { return close(); }

  bool Key(const char* text, rapidjson::SizeType length, bool) {
    const Json& object = *open_.back();
    key_ = checked(text, length);
    if (object.contains(key_)) fail_string("the key '" + key_ + "' is given twice");
    if (object.size() >= max_json_keys)
      fail_string("more than " + std::to_string(max_json_keys) + " keys in one object");
    return true;
  }

 private:
  [[nodiscard]] std::size_t position() const { return stream_.Tell(); }

  /// About the string that was just read.
  [[noreturn]] void fail_string(const std::string& message) const {
    fail_at(in_, string_before(in_.text, position()), message);
  }

  [[nodiscard]] std::string checked(const char* text, rapidjson::SizeType length) const {
    std::string value(text, length);
    if (text::invalid_utf8(value))  // the text has none, so an escape made it
      fail_string("invalid string: surrogate U+DC00..U+DFFF must follow U+D800..U+DBFF");
    return value;
  }

  Json* insert(Json value) {
    if (open_.empty()) return &(root_ = std::move(value));
    Json& parent = *open_.back();
    if (parent.is_array()) return &parent.emplace_back(std::move(value));
    return &(parent[key_] = std::move(value));
  }

  bool add(Json value) { return insert(std::move(value)) != nullptr; }

  bool open(Json container) {
    if (open_.size() >= max_json_depth)
      fail_at(in_, {position(), position() + 1}, "nested deeper than " + std::to_string(max_json_depth) + " levels");
    // A parent grows only after its last child is closed, so these pointers stay valid.
    open_.push_back(insert(std::move(container)));
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  const NamedText& in_;
  const rapidjson::MemoryStream& stream_;
  Json root_;
  std::vector<Json*> open_;
  std::string key_;
};

/// Looks for the value at a pointer, and stops there.
class Locator : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Locator> {
 public:
  Locator(std::string_view text, const rapidjson::MemoryStream& stream, const std::string& pointer)
      : text_(text), stream_(stream), pointer_(pointer) {}

  [[nodiscard]] std::size_t found() const { return found_; }

  bool Null() { return value(4); }
  bool Bool(bool b) { return value(b ? 4 : 5); }
  bool RawNumber(const char*, rapidjson::SizeType length, bool) { return value(length); }
  bool String(const char*, rapidjson::SizeType, bool) {
    const std::size_t end = stream_.Tell();
    return value(end - string_before(text_, end).begin);
  }
  bool StartObject() { return open(false); }
  bool StartArray() { return open(true); }
  bool EndObject(rapidjson::SizeType) { return close(); }
  bool EndArray(rapidjson::SizeType) { return close(); }
  bool Key(const char* text, rapidjson::SizeType length, bool) {
    levels_.back().key = std::string(text, length);
    return true;
  }

 private:
  struct Level {
    std::string pointer;
    bool array = false;
    std::size_t next = 0;
    std::string key = {};
  };

  /// The pointer of the value that begins now.
  std::string enter() {
    if (levels_.empty()) return "";
    Level& level = levels_.back();
    return child_pointer(level.pointer, level.array ? std::to_string(level.next++) : level.key);
  }
  /// Whether to go on: until it is found itself.
  bool see(const std::string& pointer, std::size_t begin) {
    const bool contains = pointer_ == pointer || pointer_.starts_with(pointer + "/");
    if (contains) found_ = begin;
    return pointer_ != pointer;
  }
  bool value(std::size_t length) { return see(enter(), stream_.Tell() - length); }
  bool open(bool array) {
    const std::string pointer = enter();
    levels_.push_back({pointer, array});
    return see(pointer, stream_.Tell() - 1);
  }
  bool close() {
    levels_.pop_back();
    return true;
  }

  std::string_view text_;
  const rapidjson::MemoryStream& stream_;
  const std::string& pointer_;
  std::vector<Level> levels_;
  std::size_t found_ = 0;
};

constexpr unsigned parse_flags =
    rapidjson::kParseIterativeFlag | rapidjson::kParseCommentsFlag | rapidjson::kParseNumbersAsStringsFlag;

/// A backslash with what it does not go with, or a control character.
[[noreturn]] void fail_escape(const NamedText& in, std::size_t at) {
  const char c = in.text[at];
  if (c == '\\') fail_at(in, {at, at + 2}, "invalid string: forbidden character after backslash");
  const char* also = c == '\n' ? " or \\n" : c == '\t' ? " or \\t" : c == '\r' ? " or \\r" : "";
  fail_at(in, {at, at + 1},
          fmt::format("invalid string: control character U+{0:04X} must be escaped to \\u{0:04X}{1}", c, also));
}

[[noreturn]] void fail_comment(const NamedText& in, std::size_t at) {
  const std::size_t opened = in.text.rfind("/*");
  if (opened != std::string_view::npos && in.text.find("*/", opened + 2) == std::string_view::npos)
    fail_at(in, {opened, opened + 2}, "invalid comment; missing closing '*/'");
  fail_at(in, {at, at + 1}, "invalid comment; expecting '/' or '*' after '/'");
}

[[noreturn]] void fail_value(const NamedText& in, std::size_t at) {
  // RapidJSON stops inside or behind a misspelt word.
  const std::size_t inside = at > 0 && at < in.text.size() && in_word(in.text[at - 1]) ? at - 1 : at;
  const text::Span word = word_at(in.text, inside);
  if (in.text.substr(word.begin, word.end - word.begin) == "-")
    fail_at(in, {at, at + 1}, "invalid number; expected digit after '-'");
  fail_unexpected(in, inside, "a value");
}

/// RapidJSON's error, with what stands there.
[[noreturn]] void fail_syntax(const NamedText& in, rapidjson::ParseErrorCode code, std::size_t at) {
  const text::Span here = {at, at + 1}, escape = {at, at + 2};
  const std::size_t last = in.text.size() - 1;
  switch (code) {
    case rapidjson::kParseErrorDocumentRootNotSingular: fail_unexpected(in, at, "nothing after the document's end");
    case rapidjson::kParseErrorObjectMissName: fail_unexpected(in, at, "a key in double quotes");
    case rapidjson::kParseErrorObjectMissColon: fail_unexpected(in, at, "':' after the key");
    case rapidjson::kParseErrorObjectMissCommaOrCurlyBracket: fail_unexpected(in, at, "',' or '}'");
    case rapidjson::kParseErrorArrayMissCommaOrSquareBracket: fail_unexpected(in, at, "',' or ']'");
    case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex:
      fail_at(in, escape, "invalid string: '\\u' must be followed by 4 hex digits");
    case rapidjson::kParseErrorStringUnicodeSurrogateInvalid:
      fail_at(in, escape, "invalid string: surrogate U+D800..U+DBFF must be followed by U+DC00..U+DFFF");
    case rapidjson::kParseErrorStringEscapeInvalid:
      if (at < last) fail_escape(in, at);
      [[fallthrough]];
    case rapidjson::kParseErrorStringMissQuotationMark:
      fail_at(in, {last, last + 1}, "invalid string: missing closing quote");
    case rapidjson::kParseErrorNumberTooBig: fail_at(in, word_at(in.text, at), too_large);
    case rapidjson::kParseErrorNumberMissFraction: fail_at(in, here, "invalid number; expected digit after '.'");
    case rapidjson::kParseErrorNumberMissExponent:
      fail_at(in, here,
              std::string("invalid number; expected ") + (in.text[at - 1] == '+' || in.text[at - 1] == '-'
                                                              ? "digit after exponent sign"
                                                              : "'+', '-', or digit after exponent"));
    case rapidjson::kParseErrorUnspecificSyntaxError: fail_comment(in, at);
    default: fail_value(in, at);
  }
}

}  // namespace

Json parse_json(std::string_view text, const std::string& source) {
  if (text.size() > max_json_bytes) throw InputError("config larger than 16 MiB", "", source);
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos)
    throw InputError("the text is empty; expected a JSON value", "", source);
  const NamedText in = {text, source};
  if (const auto bad = text::invalid_utf8(text)) fail_at(in, {*bad, *bad + 1}, "the text is not valid UTF-8");
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos)  // RapidJSON would stop here
    fail_at(in, {nul, nul + 1}, "unexpected NUL byte");
  rapidjson::MemoryStream stream(text.data(), text.size());
  Builder builder(in, stream);
  rapidjson::Reader reader;
  if (const rapidjson::ParseResult result = reader.Parse<parse_flags>(stream, builder); !result)
    fail_syntax(in, result.Code(), result.Offset());
  return builder.take();
}

std::string locate(std::string_view text, const std::string& source, const std::string& pointer) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  rapidjson::MemoryStream stream(text.data(), text.size());
  Locator locator(text, stream, pointer);
  rapidjson::Reader reader;
  reader.Parse<parse_flags>(stream, locator);
  return position_text({text, source}, locator.found());
}

}  // namespace optexplore::json
