#include "drive/sweep.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optexplore/error.hpp>

#include "drive/summary.hpp"
#include "text/caret.hpp"
#include "text/suggest.hpp"

namespace optexplore::drive {
namespace {

const std::vector<std::string>& statuses() {
  static const std::vector<std::string> names = {to_string(Status::max_steps), to_string(Status::stopped),
                                                 to_string(Status::diverged)};
  return names;
}

}  // namespace

Sweep::Sweep(const Experiment& experiment, const SweepOptions& options) : experiment_(experiment) {
  experiment_.columns.clear();  // those of `run`
  try {
    make_plans(options);
    choose(options, offers());
  } catch (const InputError& error) {
    throw InputError(error.message(), error.excerpt(), place_of(experiment, error.place()));
  }
}

void Sweep::make_plans(const SweepOptions& options) {
  study::KnownNames known;
  for (const FunctionSpec& function : experiment_.functions) known.add(function);
  for (const OptimizerSpec& optimizer : experiment_.optimizers) known.add(optimizer);
  // What a run's last point is asked for besides the columns that every sweep has.
  std::vector<ColumnSpec> recorded = {{"grad_norm", ""}};
  for (const ColumnSpec& column : options.columns)
    if (!column.expression.empty()) recorded.push_back(column);
  first_runs_.push_back(0);
  for (const FunctionSpec& function : experiment_.functions)
    for (const OptimizerSpec& optimizer : experiment_.optimizers) {
      const std::string target = study::target_on(function, options.target);
      plans_.push_back(std::make_unique<study::Plan>(experiment_, function, optimizer, recorded, known, target));
      const std::uint64_t before = first_runs_.back(), more = plans_.back()->expansion.runs();
      if (more > (std::uint64_t{1} << 53U) - before) throw InputError("the experiment means more than 2^53 runs");
      first_runs_.push_back(before + more);
    }
}

void Sweep::offer_hyperparameters(std::vector<Offer>& offers) const {
  const std::size_t first = offers.size();
  for (std::size_t p = 0; p < plans_.size(); ++p) {
    const OptimizerSpec& optimizer = *plans_[p]->optimizer;
    const std::vector<std::string> names = study::hyperparameter_names(optimizer);
    std::size_t k = 0;
    for (const RuleUse& use : optimizer.chain)
      for (const auto& [name, setting] : use.settings) {
        const std::size_t index = k++;
        if (!std::holds_alternative<Variation>(setting)) continue;
        auto found = std::find_if(offers.begin() + static_cast<std::ptrdiff_t>(first), offers.end(),
                                  [&](const Offer& offer) { return offer.info.name == names[index]; });
        if (found == offers.end()) {
          offers.push_back({{names[index], ColumnInfo::Kind::number}, "", std::vector<Field>(plans_.size())});
          found = offers.end() - 1;
        }
        found->field[p] = {Source::hyperparameter, index};
      }
  }
}

/// The union of all functions' coordinates, in the order of their first occurrence.
void Sweep::offer_coordinates(std::vector<Offer>& offers, Source source, const std::string& group) const {
  const std::size_t first = offers.size();
  for (std::size_t p = 0; p < plans_.size(); ++p) {
    const FunctionSpec& function = *plans_[p]->function;
    if (function.dim > study::max_default_coordinates) continue;
    for (std::size_t i = 0; i < function.dim; ++i) {
      const std::string name = (source == Source::start ? "start." : "") + study::coordinate_name(function, i);
      auto found = std::find_if(offers.begin() + static_cast<std::ptrdiff_t>(first), offers.end(),
                                [&](const Offer& offer) { return offer.info.name == name; });
      if (found == offers.end()) {
        offers.push_back({{name, ColumnInfo::Kind::number}, group, std::vector<Field>(plans_.size())});
        found = offers.end() - 1;
      }
      found->field[p] = {source, i};
    }
  }
}

std::vector<Sweep::Offer> Sweep::offers() const {
  using Kind = ColumnInfo::Kind;
  std::vector<Offer> all;
  const auto offer = [&](const char* name, Kind kind, Source source, std::vector<std::string> labels = {}) {
    all.push_back({{name, kind, std::move(labels)}, "", std::vector<Field>(plans_.size(), Field{source, 0})});
  };
  std::vector<std::string> functions, optimizers;
  for (const FunctionSpec& function : experiment_.functions) functions.push_back(function.entry.name);
  for (const OptimizerSpec& optimizer : experiment_.optimizers) optimizers.push_back(optimizer.label);
  offer("run", Kind::integer, Source::run);
  offer("function", Kind::choice, Source::function, std::move(functions));
  offer("optimizer", Kind::choice, Source::optimizer, std::move(optimizers));
  offer_hyperparameters(all);
  offer_coordinates(all, Source::start, "start");
  offer("seed", Kind::integer, Source::seed);
  offer("status", Kind::choice, Source::status, statuses());
  offer("steps", Kind::integer, Source::steps);
  offer("f_start", Kind::number, Source::f_start);
  offer("f_final", Kind::number, Source::f_final);
  offer("f_best", Kind::number, Source::f_best);
  offer("step_best", Kind::integer, Source::step_best);
  offer("grad_norm", Kind::number, Source::recorded);
  offer("evals_f", Kind::integer, Source::evals_f);
  offer("evals_g", Kind::integer, Source::evals_g);
  offer("steps_to_target", Kind::number, Source::steps_to_target);
  offer_coordinates(all, Source::point, "point");
  for (std::size_t p = 0; p < plans_.size(); ++p)
    if (!plans_[p]->has_target)
      for (Offer& each : all)
        if (each.info.name == "steps_to_target") each.field[p] = {};
  return all;
}

void Sweep::choose(const SweepOptions& options, std::vector<Offer> all) {
  std::vector<Offer> chosen;
  if (options.columns.empty()) {
    const auto varies = [&](const Offer& offer) {
      if (offer.info.name == "function") return experiment_.functions.size() > 1;
      if (offer.info.name == "optimizer") return experiment_.optimizers.size() > 1;
      if (offer.info.name == "seed") return experiment_.seeds > 1;
      if (offer.group == "start") return study::starts_vary(experiment_.start);
      return true;
    };
    std::copy_if(all.begin(), all.end(), std::back_inserter(chosen), varies);
  }
  std::size_t expression = 0;
  for (std::size_t c = 0; c < options.columns.size(); ++c) {
    const ColumnSpec& column = options.columns[c];
    const std::size_t before = chosen.size();
    if (!column.expression.empty()) {
      ++expression;
      chosen.push_back({{column.name, ColumnInfo::Kind::number}, "", std::vector<Field>(plans_.size())});
      for (std::size_t p = 0; p < plans_.size(); ++p) {
        std::size_t index = 0;
        for (std::size_t group = 0; group < expression; ++group) index += plans_[p]->cells[group].size();
        if (plans_[p]->cells[expression].size() > 1)
          throw InputError("'" + column.name + "' is a vector; a column of a sweep is one number", "", "--columns");
        if (plans_[p]->cells[expression].size() == 1) chosen.back().field[p] = {Source::recorded, index};
      }
    }
    for (const Offer& offer : all)
      if (column.expression.empty() && (offer.info.name == column.name || offer.group == column.name))
        chosen.push_back(offer);
    if (chosen.size() > before) continue;
    std::vector<std::string> names = {"point", "start"};
    for (const Offer& offer : all) names.push_back(offer.info.name);
    throw InputError("a sweep has no column '" + column.name + "'" + text::did_you_mean(column.name, names) +
                         "; an expression of the last point needs a name: " + column.name + "=…",
                     "", "--columns");
  }
  for (std::size_t i = 0; i < chosen.size(); ++i)
    for (std::size_t k = 0; k < i; ++k)
      if (chosen[i].info.name == chosen[k].info.name)
        throw InputError("the column '" + chosen[i].info.name + "' is given twice", "", "--columns");
  for (const Offer& offer : chosen) columns_.push_back(offer.info);
  for (std::size_t p = 0; p < plans_.size(); ++p) {
    fields_.emplace_back();
    auto info = std::make_shared<TrajectoryInfo>();
    for (const Offer& offer : chosen) {
      fields_.back().push_back(offer.field[p]);
      info->present.push_back(offer.field[p].source != Source::none);
    }
    infos_.push_back(std::move(info));
  }
}

std::size_t Sweep::plan_of(std::uint64_t run) const {
  const auto after = std::upper_bound(first_runs_.begin(), first_runs_.end(), run);
  return static_cast<std::size_t>(after - first_runs_.begin()) - 1;
}

study::Evaluations Sweep::evaluations() const {
  study::Evaluations total;
  for (std::size_t p = 0; p < plans_.size(); ++p) {
    const double steps =
        static_cast<double>(experiment_.steps) * static_cast<double>(first_runs_[p + 1] - first_runs_[p]);
    total.values += steps * plans_[p]->evaluations.values;
    total.gradients += steps * plans_[p]->evaluations.gradients;
  }
  return total;
}

std::uint64_t Sweep::block_size(std::uint64_t first, std::uint64_t most) const {
  const std::size_t p = plan_of(first);
  return std::min({most, static_cast<std::uint64_t>(block_lanes(*plans_[p])), first_runs_[p + 1] - first});
}

RowBlock Sweep::compute(std::uint64_t first, std::uint64_t count) const {
  const std::size_t p = plan_of(first);
  const study::Plan& plan = *plans_[p];
  const std::uint64_t first_of_plan = first - first_runs_[p];
  std::vector<std::uint64_t> runs(count);
  std::iota(runs.begin(), runs.end(), first_of_plan);
  const std::vector<Summary> summaries = summarize(plan, experiment_, runs);
  RowBlock block;
  block.trajectory = infos_[p];
  block.rows = count;
  block.first = first == 0;
  block.last = true;  // of itself: whoever watches the sweep sees every block
  block.values.reserve(count * columns_.size());
  const std::size_t function = p / experiment_.optimizers.size();
  const std::size_t optimizer = p % experiment_.optimizers.size();
  const auto uses = [&](Source source) {
    return std::ranges::any_of(fields_[p], [source](const Field& field) { return field.source == source; });
  };
  const bool needs_settings = uses(Source::hyperparameter), needs_start = uses(Source::start);
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t run = first_of_plan + i;
    const Summary& s = summaries[i];
    std::vector<double> settings, start;
    if (needs_settings) settings = plan.expansion.hyperparameters(run);
    if (needs_start) start = plan.expansion.start(run);
    const auto steps = static_cast<double>(s.steps);
    for (const Field& field : fields_[p]) {
      const auto value = [&]() -> double {
        switch (field.source) {
          case Source::run: return static_cast<double>(first + i + 1);
          case Source::function: return static_cast<double>(function);
          case Source::optimizer: return static_cast<double>(optimizer);
          case Source::hyperparameter: return settings[field.index];
          case Source::start: return start[field.index];
          case Source::seed: return static_cast<double>(plan.expansion.seed(run));
          case Source::status: return static_cast<double>(s.status);
          case Source::steps: return steps;
          case Source::f_start: return s.f_start;
          case Source::f_final: return s.f_final;
          case Source::f_best: return s.f_best;
          case Source::step_best: return static_cast<double>(s.step_best);
          case Source::evals_f: return steps * plan.evaluations.values;
          case Source::evals_g: return steps * plan.evaluations.gradients;
          case Source::steps_to_target: return s.steps_to_target;
          case Source::point: return s.point[field.index];
          case Source::recorded: return s.recorded[field.index];
          case Source::none: break;
        }
        return std::numeric_limits<double>::quiet_NaN();
      };
      block.values.push_back(value());
    }
  }
  return block;
}

}  // namespace optexplore::drive
