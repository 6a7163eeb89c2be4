#include "picture/series.hpp"

#include <algorithm>

#include "text/number.hpp"

namespace optexplore::picture {
namespace {

/// More lines than this in a legend are a table.
constexpr std::uint64_t most_series = 24;

std::uint64_t settings_of(const OptimizerSpec& optimizer) {
  std::uint64_t count = optimizer.samples;
  for (const RuleUse& use : optimizer.chain)
    for (const auto& [name, setting] : use.settings) {
      const auto* varied = std::get_if<Variation>(&setting);
      if (varied == nullptr) continue;
      const std::uint64_t values = varied->kind == Variation::Kind::list ? varied->values.size() : varied->count;
      const bool random = varied->kind == Variation::Kind::uniform || varied->kind == Variation::Kind::loguniform;
      if (!random) count = std::min<std::uint64_t>(count * std::max<std::uint64_t>(values, 1), most_series + 1);
    }
  return count;
}

/// The settings that differ between the optimizer's runs: ", lr = 0.1". Hyperparameters stand in the same order in
/// both.
std::string settings_text(const OptimizerSpec& optimizer, const Group& trajectory) {
  const std::vector<Fact>& facts = trajectory.facts_of("hyperparameters");
  std::string text;
  std::size_t k = 0;
  for (const RuleUse& use : optimizer.chain)
    for (const auto& [name, setting] : use.settings) {
      const Fact& fact = facts.at(k++);
      if (!std::holds_alternative<Variation>(setting)) continue;
      text += ", " + fact.name + " = ";
      if (const auto* number = std::get_if<double>(&fact.value))
        text::append_number(text, *number, {.precision = 4});
      else
        text += std::get<std::string>(fact.value);
    }
  return text;
}

}  // namespace

SeriesBook::SeriesBook(const Experiment& experiment) : experiment_(&experiment) {
  std::uint64_t total = 0;
  for (const OptimizerSpec& optimizer : experiment.optimizers)
    total = std::min<std::uint64_t>(total + settings_of(optimizer), most_series + 1);
  by_setting_ = total <= most_series;
}

std::size_t SeriesBook::of(const Group& trajectory) {
  std::string label = trajectory.text("optimizer");
  std::size_t optimizer = 0;
  while (experiment_->optimizers.at(optimizer).label != label) ++optimizer;
  if (by_setting_) label += settings_text(experiment_->optimizers[optimizer], trajectory);
  const auto found = std::find_if(series_.begin(), series_.end(),
                                  [&](const Series& s) { return s.optimizer == optimizer && s.label == label; });
  if (found != series_.end()) return static_cast<std::size_t>(found - series_.begin());
  series_.push_back({label, optimizer, style(series_.size())});
  return series_.size() - 1;
}

}  // namespace optexplore::picture
