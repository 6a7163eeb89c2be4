#pragma once

#include <optexplore/experiment.hpp>
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
std::vector<FormulaLine> lay_over(const std::vector<Statement>& first, const std::vector<Statement>& second);

/// Whether the first optimizers of two experiments do the same computation with their settings, whatever function of
/// the dimension of the first one they are on. Both have no settings that vary.
bool same_computation(const Experiment& first, const Experiment& second);

/// Settings or the like: name, value's text.
using Texts = std::vector<std::pair<std::string, std::string>>;

/// A setting that differs: name, then the two values; "" where a rule has no such setting.
struct SettingDifference {
  std::string name;
  std::string first;
  std::string second;
};

/// What differs between two lists of settings (name, value), in the order of their first occurrence.
std::vector<SettingDifference> differences(const Texts& first, const Texts& second);

/// A rule's defaults, and the initial values of its state.
Texts defaults_text(const RuleEntry& rule);
Texts state_text(const RuleEntry& rule);

}  // namespace optexplore::analysis
