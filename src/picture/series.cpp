#include "picture/series.hpp"

#include <algorithm>

#include "experiment/hyperparameters.hpp"
#include "study/expansion.hpp"
#include "text/number.hpp"

namespace optexplore::picture {
namespace {

/// More lines than this in a legend are a table.
constexpr std::uint64_t most_series = 24;

/// The settings that differ between the optimizer's runs: ", lr = 0.1".
std::string settings_text(const OptimizerSpec& optimizer, const Group& trajectory) {
  const std::vector<experiment::Hyperparameter> table = experiment::hyperparameters(optimizer);
  const std::vector<Fact>& facts = trajectory.facts_of("hyperparameters");
  std::string text;
  for (std::size_t k = 0; k < table.size(); ++k) {
    if (table[k].kind() != experiment::Hyperparameter::Kind::axis) continue;
    text += ", " + table[k].name + " = ";
    if (table[k].number())
      text::append_number(text, std::get<double>(facts.at(k).value), {.precision = 4});
    else
      text += std::get<std::string>(facts.at(k).value);
  }
  return text;
}

}  // namespace

SeriesBook::SeriesBook(const Experiment& experiment) : experiment_(&experiment) {
  std::uint64_t total = 0;
  for (const OptimizerSpec& optimizer : experiment.optimizers)
    total += std::min<std::uint64_t>(study::count_settings(optimizer), most_series + 1);
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
