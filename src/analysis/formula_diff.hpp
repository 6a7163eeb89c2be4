#pragma once

#include <optexplore/catalog.hpp>
#include <string>
#include <utility>
#include <vector>

namespace optexplore::analysis {

/// A line of two formulas laid over each other.
struct FormulaLine {
  enum class Side { both, first, second };
  Side side;
  std::string text;
};

/// The assignments of two rules laid over each other, as `diff` lays lines (longest common subsequence). Spacing
/// does not count, nor do needless brackets.
std::vector<FormulaLine> lay_over(const std::vector<std::string>& first, const std::vector<std::string>& second);

/// A setting that differs: name, then the two values; "" where a rule has no such setting.
struct SettingDifference {
  std::string name;
  std::string first;
  std::string second;
};

/// What differs between two lists of settings (name, value), in the order of their first occurrence.
std::vector<SettingDifference> differences(const std::vector<std::pair<std::string, std::string>>& first,
                                           const std::vector<std::pair<std::string, std::string>>& second);

/// A rule's defaults as text.
std::vector<std::pair<std::string, std::string>> defaults_text(const RuleEntry& rule);

}  // namespace optexplore::analysis
