#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace optexplore::json {

/// Keeps the order of keys, since hyperparameters are shown as they were written.
using Json = nlohmann::ordered_json;

/// Limits on what is accepted as one JSON text.
inline constexpr std::size_t max_json_bytes = 16 << 20;
inline constexpr std::size_t max_json_depth = 100;
inline constexpr std::size_t max_json_keys = 1000;  ///< in one object: lookup and duplicate check are linear

/// Reads JSON with // and /* */ comments. A byte order mark is skipped. Duplicate keys, invalid UTF-8, NUL bytes and
/// numbers beyond the range of a double are errors. Whole numbers that fit 64 bits stay whole.
/// @throws InputError at "source:line:col" (columns count code points from 1) with the line and a caret;
///         without a line for an empty or too large text
Json parse_json(std::string_view text, const std::string& source);

/// Where the value at a JSON pointer begins in a text that parse_json() has read, or the nearest one that contains it:
/// "source:line:col".
std::string locate(std::string_view text, const std::string& source, const std::string& pointer);

}  // namespace optexplore::json
