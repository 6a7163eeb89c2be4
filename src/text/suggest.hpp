#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace optexplore::text {

/// The candidate nearest to `name` by edit distance in code points (case-insensitive, transpositions count one), if any
/// is near enough to be a plausible slip; ties go to the first candidate.
std::optional<std::string> nearest_name(std::string_view name, const std::vector<std::string>& candidates);

/// "; did you mean 'adam'?" or "" when nothing is near.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace optexplore::text
