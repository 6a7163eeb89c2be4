#include "text/diagnostic.hpp"

#include <algorithm>
#include <cctype>

namespace optexplore::text {
namespace {

constexpr std::size_t max_shown = 72;  // code points of a source line that an excerpt shows

/// Length in bytes of the valid UTF-8 sequence at `i`, or 0.
std::size_t sequence_length(std::string_view s, std::size_t i) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(s[k]); };
  const auto continues = [&](std::size_t k, unsigned low = 0x80, unsigned high = 0xBF) {
    return k < s.size() && byte(k) >= low && byte(k) <= high;
  };
  const unsigned char c = byte(i);
  if (c < 0x80) return 1;
  if (c >= 0xC2 && c <= 0xDF) return continues(i + 1) ? 2 : 0;
  if (c >= 0xE0 && c <= 0xEF) {
    // E0 excludes overlong forms, ED excludes surrogates (Unicode 15, table 3-7).
    const unsigned low = c == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = c == 0xED ? 0x9F : 0xBF;
    return continues(i + 1, low, high) && continues(i + 2) ? 3 : 0;
  }
  if (c >= 0xF0 && c <= 0xF4) {
    const unsigned low = c == 0xF0 ? 0x90 : 0x80;
    const unsigned high = c == 0xF4 ? 0x8F : 0xBF;
    return continues(i + 1, low, high) && continues(i + 2) && continues(i + 3) ? 4 : 0;
  }
  return 0;
}

struct CodePoints {
  std::vector<std::string> shown;   // what to print for each code point
  std::vector<std::size_t> offset;  // its byte offset
};

CodePoints split(std::string_view line) {
  CodePoints points;
  for (std::size_t i = 0; i < line.size();) {
    const std::size_t length = sequence_length(line, i);
    const bool control = length == 1 && std::iscntrl(static_cast<unsigned char>(line[i])) != 0;
    points.offset.push_back(i);
    points.shown.push_back(length == 0 ? "?" : control ? " " : std::string(line.substr(i, length)));
    i += std::max<std::size_t>(length, 1);
  }
  return points;
}

std::string lower(std::string_view s) {
  std::string out(s);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

/// Optimal string alignment distance: insertions, deletions, substitutions, adjacent transpositions.
std::size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = above;
    above = row;
  }
  return above[b.size()];
}

}  // namespace

std::string excerpt(std::string_view source, Span span) {
  span.begin = std::min(span.begin, source.size());
  const std::size_t newline = span.begin == 0 ? std::string_view::npos : source.rfind('\n', span.begin - 1);
  const std::size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
  const std::size_t end = std::min(source.find('\n', begin), source.size());
  const CodePoints points = split(source.substr(begin, end - begin));

  const auto column = [&](std::size_t byte) {
    const auto at = std::lower_bound(points.offset.begin(), points.offset.end(), byte - begin);
    return static_cast<std::size_t>(at - points.offset.begin());
  };
  const std::size_t from = column(span.begin);
  const std::size_t to = std::max(column(std::clamp(span.end, span.begin, end)), from + 1);

  // A long line is cut to a window that keeps the place in its middle third.
  std::size_t first = 0;
  std::size_t last = points.shown.size();
  if (last > max_shown) {
    first = from > max_shown / 2 ? std::min(from - max_shown / 2, last - max_shown) : 0;
    last = first + max_shown;
  }
  std::string text = "  ";
  std::string carets = "  ";
  if (first > 0) {
    text += "…";
    carets += " ";
  }
  for (std::size_t i = first; i < last; ++i) text += points.shown[i];
  if (last < points.shown.size()) text += "…";
  carets.append(from - first, ' ');
  carets.append(std::max<std::size_t>(std::min(to, std::max(last, from + 1)) - from, 1), '^');
  return text + "\n" + carets;
}

InputError error_at(std::string_view source, Span span, const std::string& message) {
  const bool blank = source.find_first_not_of(" \t\r\n") == std::string_view::npos;
  return InputError(message, blank ? "" : excerpt(source, span));
}

std::optional<std::string> nearest_name(std::string_view name, const std::vector<std::string>& candidates) {
  if (name.empty() || name.size() > 64) return std::nullopt;
  const std::string wanted = lower(name);
  const std::size_t limit = std::max<std::size_t>(1, std::min<std::size_t>(3, name.size() / 3));
  std::optional<std::string> best;
  std::size_t best_distance = limit + 1;
  for (const std::string& candidate : candidates) {
    if (candidate == name) continue;
    const std::size_t distance = edit_distance(wanted, lower(candidate));
    // A one-letter name is near every other one-letter name: not a plausible slip unless only case differs.
    if (name.size() == 1 && distance > 0 && candidate.size() == 1) continue;
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  if (!best && name.size() >= 3) {  // an unfinished word: "rosen" for "rosenbrock"
    for (const std::string& candidate : candidates)
      if (candidate != name && lower(candidate).starts_with(wanted)) return candidate;
  }
  return best;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates) {
  const auto best = nearest_name(name, candidates);
  return best ? "; did you mean '" + *best + "'?" : "";
}

std::optional<std::size_t> invalid_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = sequence_length(text, i);
    if (length == 0) return i;
    i += length;
  }
  return std::nullopt;
}

}  // namespace optexplore::text
