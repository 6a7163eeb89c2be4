#include "analysis/formula_diff.hpp"

#include <algorithm>
#include <set>

#include "catalog/statements.hpp"
#include "experiment/hyperparameters.hpp"
#include "experiment/text.hpp"
#include "language/ast.hpp"
#include "language/parser.hpp"
#include "language/print.hpp"
#include "program/print.hpp"
#include "study/sameness.hpp"
#include "text/number.hpp"
#include "text/wrap.hpp"

namespace optexplore::analysis {
namespace {

std::string value_of(const Texts& settings, const std::string& name) {
  for (const auto& [key, value] : settings)
    if (key == name) return value;
  return "";
}

}  // namespace

std::vector<FormulaLine> lay_over(const std::vector<Statement>& first, const std::vector<Statement>& second) {
  const std::vector<std::string> a = catalog::to_canonical_lines(first), b = catalog::to_canonical_lines(second);
  const std::vector<std::string> first_lines = catalog::to_lines(first), second_lines = catalog::to_lines(second);
  // common[i][j]: length of the longest common subsequence of a from i and b from j.
  std::vector<std::vector<std::size_t>> common(a.size() + 1, std::vector<std::size_t>(b.size() + 1, 0));
  for (std::size_t i = a.size(); i-- > 0;)
    for (std::size_t j = b.size(); j-- > 0;)
      common[i][j] = a[i] == b[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
  std::vector<FormulaLine> lines;
  for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      lines.push_back({FormulaLine::Side::both, first_lines[i]});
      ++i, ++j;
    } else if (j == b.size() || (i < a.size() && common[i + 1][j] >= common[i][j + 1])) {
      lines.push_back({FormulaLine::Side::first, first_lines[i++]});
    } else {
      lines.push_back({FormulaLine::Side::second, second_lines[j++]});
    }
  }
  return lines;
}

bool same_computation(const Experiment& first, const Experiment& second) {
  // Nothing about it is special: no derivative is zero or constant, no coordinates are alike or apart.
  const FunctionSpec& given = first.functions.front();
  FunctionEntry entry;
  entry.name = "f";
  entry.definition = "f(x[n]) = cos(sum(x)) * sum(exp(sin(range(1,n)*x)))";
  if (given.blocks().size() > 1 || given.blocks().front().rank != 1) {
    std::vector<std::string> heads, names;
    for (const PointBlock& block : given.blocks()) {
      const std::string sizes =
          std::to_string(block.rows) + (block.rank == 2 ? "," + std::to_string(block.columns) : "");
      heads.push_back(block.name + (block.rank == 0 ? "" : "[" + sizes + "]"));
      names.push_back(block.rank == 2 ? "flatten(" + block.name + ")" : block.name);
    }
    const std::string x = names.size() == 1 ? names[0] : "concat(" + text::join(names, ", ") + ")";
    entry.definition = "f(" + text::join(heads, ", ") + ") = cos(sum(z_)) * sum(exp(sin(range(1," +
                       std::to_string(given.dim) + ")*z_))) where z_ = " + x;
  }
  const FunctionSpec function = make_function(entry, given.dim);
  const auto step = [&function](const Experiment& experiment) {
    return study::Step(function, experiment.optimizers.front(),
                       study::step_settings(experiment, experiment.optimizers.front()));
  };
  study::Step a = step(first), b = step(second);
  return study::same_computation(a, b);
}

std::vector<SettingDifference> differences(const Texts& first, const Texts& second) {
  std::vector<SettingDifference> result;
  std::set<std::string> seen;
  for (const auto* list : {&first, &second})
    for (const auto& [name, value] : *list) {
      if (!seen.insert(name).second) continue;
      const std::string a = value_of(first, name), b = value_of(second, name);
      if (a != b) result.push_back({name, a, b});
    }
  return result;
}

Texts state_text(const RuleEntry& rule) {
  Texts result;
  for (const auto& [name, initial] : rule.state) result.emplace_back(name, initial.text());
  return result;
}

Texts defaults_text(const RuleEntry& rule) {
  Texts result;
  for (const auto& [name, setting] : experiment::default_use(rule).settings)
    result.emplace_back(name, experiment::to_text(setting));
  return result;
}

}  // namespace optexplore::analysis
