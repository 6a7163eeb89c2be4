#include "text/suggest.hpp"

#include <algorithm>

#include "text/utf8.hpp"

namespace optexplore::text {
namespace {

std::u32string lower(std::string_view text) {
  std::u32string points = to_utf32(text);
  std::ranges::transform(points, points.begin(), lower_case);
  return points;
}

/// Optimal string alignment distance: insertions, deletions, substitutions, adjacent transpositions.
std::size_t edit_distance(const std::u32string& a, const std::u32string& b) {
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

std::optional<std::string> nearest_name(std::string_view name, const std::vector<std::string>& candidates) {
  const std::u32string wanted = lower(name);
  if (wanted.empty() || wanted.size() > 64) return std::nullopt;
  const std::size_t limit = std::max<std::size_t>(1, std::min<std::size_t>(3, wanted.size() / 3));
  std::optional<std::string> best;
  std::size_t best_distance = limit + 1;
  for (const std::string& candidate : candidates) {
    if (candidate == name) continue;
    const std::u32string near = lower(candidate);
    const std::size_t distance = edit_distance(wanted, near);
    // A one-letter name is near every other one-letter name: not a plausible slip unless only case differs.
    if (wanted.size() == 1 && distance > 0 && near.size() == 1) continue;
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  if (!best && wanted.size() >= 3) {  // an unfinished word: "rosen" for "rosenbrock"
    for (const std::string& candidate : candidates)
      if (candidate != name && lower(candidate).starts_with(wanted)) return candidate;
  }
  return best;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates) {
  const auto best = nearest_name(name, candidates);
  return best ? "; did you mean '" + *best + "'?" : "";
}

}  // namespace optexplore::text
