#pragma once

#include <optexplore/catalog.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "text/number.hpp"

namespace optexplore::json {

/// Numbers as JSON has them: infinities are the strings "inf" and "-inf", NaN is null.
text::NumberStyle json_style(std::optional<int> precision = {});

/// The text as a JSON string with its quotes; bytes that are not UTF-8 become U+FFFD.
std::string json_string(std::string_view text);

std::string json_number(double value);

/// A number, an array, or an array of arrays.
std::string json_value(const Parameter& value);

/// A JSON object on one line, written key by key.
class JsonObject {
 public:
  /// Adds a member; `value` is JSON text.
  JsonObject& add(std::string_view key, std::string_view value) {
    text_ += text_.empty() ? "{" : ",";
    text_ += json_string(key);
    text_ += ":";
    text_ += value;
    return *this;
  }
  JsonObject& add_string(std::string_view key, std::string_view value) { return add(key, json_string(value)); }

  /// Everything so far without the closing brace, for more members to be appended.
  [[nodiscard]] std::string open() const { return text_.empty() ? "{" : text_; }
  [[nodiscard]] std::string close() const { return open() + "}"; }

 private:
  std::string text_;
};

}  // namespace optexplore::json
