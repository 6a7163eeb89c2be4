#include "table/blocks.hpp"

#include <algorithm>
#include <variant>

#include "study/expansion.hpp"
#include "table/rows.hpp"

namespace optexplore::table {
namespace {

bool several_settings(const OptimizerSpec& optimizer) {
  return optimizer.samples > 1 || std::ranges::any_of(optimizer.chain, [](const RuleUse& use) {
           return std::ranges::any_of(
               use.settings, [](const auto& setting) { return std::holds_alternative<Variation>(setting.second); });
         });
}

}  // namespace

std::vector<BlockColumn> block_columns(const Document& document) {
  const bool asked_for = !document.experiment->columns.empty();
  std::vector<BlockColumn> columns;
  std::size_t value = 0;
  for (std::size_t c = 0; c < document.columns.size(); ++c) {
    const ColumnInfo& column = document.columns[c];
    if (!has_value(column.kind)) continue;
    const bool constant = column.kind == ColumnInfo::Kind::integer && (column.name == "run" || column.name == "seed");
    if (asked_for || !constant) columns.push_back({c, value});
    ++value;
  }
  return columns;
}

bool several_runs(const Experiment& experiment) {
  return experiment.seeds > 1 || study::starts_vary(experiment.start) ||
         std::ranges::any_of(experiment.optimizers, several_settings);
}

}  // namespace optexplore::table
