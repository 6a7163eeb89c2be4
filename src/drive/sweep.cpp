#include "drive/sweep.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <numeric>
#include <optexplore/error.hpp>
#include <set>

#include "drive/summary.hpp"
#include "experiment/text.hpp"
#include "text/suggest.hpp"

namespace optexplore::drive {
namespace {

const std::vector<std::string>& statuses() {
  static const std::vector<std::string> names = {to_string(Status::max_steps), to_string(Status::stopped),
                                                 to_string(Status::diverged), to_string(Status::no_gradient)};
  return names;
}

/// What a run's last point is asked for besides what every sweep knows.
study::Wanted wanted(const SweepOptions& options) {
  const auto has = [&](std::string_view name) {
    return options.columns.empty() ||
           std::ranges::any_of(options.columns, [&](const ColumnSpec& column) { return column.name == name; });
  };
  study::Wanted result{{{"grad_norm", {}}}, false, options.target};
  result.best = has("f_best") || has("step_best");
  result.settling = !options.columns.empty() && has("steps_to_settle");
  result.aims = options.target || has("steps_to_target") || result.settling;
  for (const ColumnSpec& column : options.columns)
    if (!column.expression.empty()) result.columns.push_back(column);
  return result;
}

const experiment::Hyperparameter* find_named(const std::vector<experiment::Hyperparameter>& table,
                                             const std::string& name) {
  const auto found = std::ranges::find(table, name, &experiment::Hyperparameter::name);
  return found == table.end() ? nullptr : &*found;
}

/// The texts of all values of a hyperparameter. Those of a random axis are not known, and those of a long one are not
/// worth it: one text stands for them.
std::vector<std::string> texts_of(const experiment::Hyperparameter& each) {
  constexpr std::uint64_t most = 1000;
  const auto* variation = std::get_if<Variation>(each.setting);
  if (variation == nullptr || variation->random() || variation->count() > most)
    return {experiment::to_text(*each.setting)};
  std::vector<std::string> texts;
  for (std::uint64_t i = 0; i < variation->count(); ++i) texts.push_back(each.text(variation->at(i)));
  return texts;
}

}  // namespace

Sweep::Sweep(const Experiment& experiment, const SweepOptions& options)
    : study_(experiment, wanted(options)), control_(options.control) {
  choose(options, offers(options.columns));
}

/// All hyperparameters of all optimizers, in the order of their first occurrence.
void Sweep::offer_hyperparameters(std::vector<Offer>& offers) const {
  std::set<std::string> names;
  for (std::size_t o = 0; o < study_.experiment().optimizers.size(); ++o)
    for (const experiment::Hyperparameter& each : study_.hyperparameters(o))
      if (names.insert(each.name).second) offers.push_back(offer_hyperparameter(each.name));
}

/// Shown is what varies or differs between optimizers; whoever has the hyperparameter has a value there, so that a
/// blank means that there is no such thing. It is a column of numbers; of texts when somebody varies it over formulas,
/// or when nobody varies it and not all are numbers.
Sweep::Offer Sweep::offer_hyperparameter(const std::string& name) const {
  using Kind = experiment::Hyperparameter::Kind;
  const std::size_t optimizers = study_.experiment().optimizers.size();
  Offer offer{{name, Column::Kind::number, {}}, "", std::vector<Field>(study_.plans()), false};
  bool varies = false, numbers = true, formulas = false;
  std::map<std::string, double> labels;
  for (std::size_t o = 0; o < optimizers; ++o) {
    const experiment::Hyperparameter* each = find_named(study_.hyperparameters(o), name);
    if (each == nullptr) continue;
    varies = varies || each->kind() == Kind::axis;
    numbers = numbers && each->number();
    formulas = formulas || each->alternatives() != nullptr;
    for (const std::string& text : texts_of(*each))
      if (labels.emplace(text, static_cast<double>(labels.size())).second) offer.info.labels.push_back(text);
  }
  offer.by_default = varies || labels.size() > 1;
  const bool as_text = formulas || (!varies && !numbers);
  if (as_text)
    offer.info.kind = Column::Kind::text;
  else
    offer.info.labels.clear();
  const auto numbers_of_labels = std::make_shared<const std::map<std::string, double>>(std::move(labels));
  for (std::size_t p = 0; p < study_.plans(); ++p) {
    const auto& table = study_.hyperparameters(p % optimizers);
    const experiment::Hyperparameter* each = find_named(table, name);
    if (each == nullptr) continue;
    const auto place = static_cast<std::size_t>(each - table.data());
    offer.field[p] = as_text          ? Field{Source::value_label, place, numbers_of_labels}
                     : each->number() ? Field{Source::hyperparameter, place}
                                      : Field{Source::no_number, 0};
  }
  return offer;
}

/// The union of the coordinates of all functions of at most `most` dimensions, in the order of their first occurrence.
void Sweep::offer_coordinates(std::vector<Offer>& offers, Source source, const std::string& group,
                              std::size_t most) const {
  std::map<std::string, std::size_t> places;
  for (std::size_t p = 0; p < study_.plans(); ++p) {
    const FunctionSpec& function = *study_.plan(p).function;
    if (function.dim > most) continue;
    for (std::size_t i = 0; i < function.dim; ++i) {
      const std::string name = (source == Source::start ? "start." : "") + function.coordinate(i);
      const auto [place, is_new] = places.try_emplace(name, offers.size());
      if (is_new) offers.push_back({{name, Column::Kind::number}, group, std::vector<Field>(study_.plans())});
      offers[place->second].field[p] = {source, i};
    }
  }
}

bool Sweep::asks_for_hessians() const {
  for (std::size_t p = 0; p < study_.plans(); ++p)
    if (study_.plan(p).asks_for_hessians) return true;
  return false;
}

/// @param asked  for coordinates of functions of very many dimensions, which have none by default
std::vector<Sweep::Offer> Sweep::offers(const std::vector<ColumnSpec>& asked) const {
  using Kind = Column::Kind;
  std::vector<Offer> all;
  const auto offer = [&](const char* name, Kind kind, Source source, std::vector<std::string> labels = {}) {
    all.push_back({{name, kind, std::move(labels)}, "", std::vector<Field>(study_.plans(), Field{source, 0})});
  };
  std::vector<std::string> functions, optimizers;
  for (const FunctionSpec& function : study_.experiment().functions) functions.push_back(function.entry.name);
  for (const OptimizerSpec& optimizer : study_.experiment().optimizers) optimizers.push_back(optimizer.label);
  offer("run", Kind::integer, Source::run);
  offer("function", Kind::text, Source::function, std::move(functions));
  offer("optimizer", Kind::text, Source::optimizer, std::move(optimizers));
  offer_hyperparameters(all);
  const std::size_t starts = all.size();
  offer("seed", Kind::integer, Source::seed);
  offer("status", Kind::text, Source::status, statuses());
  offer("steps", Kind::integer, Source::steps);
  offer("f_start", Kind::number, Source::f_start);
  offer("f_final", Kind::number, Source::f_final);
  offer("f_best", Kind::number, Source::f_best);
  offer("step_best", Kind::integer, Source::step_best);
  offer("grad_norm", Kind::number, Source::recorded);
  offer("evals_f", Kind::integer, Source::evals_f);
  offer("evals_g", Kind::integer, Source::evals_g);
  offer("evals_h", Kind::integer, Source::evals_h);
  all.back().by_default = asks_for_hessians();
  offer("steps_to_target", Kind::number, Source::steps_to_target);
  offer("steps_to_settle", Kind::number, Source::steps_to_settle);
  all.back().by_default = false;
  // What is none of these is a coordinate.
  const auto is_offered = [&](const ColumnSpec& column) {
    return !column.expression.empty() ||
           std::ranges::any_of(all, [&](const Offer& each) { return each.info.name == column.name; });
  };
  const std::size_t most =
      std::ranges::all_of(asked, is_offered) ? study::max_default_coordinates : std::numeric_limits<std::size_t>::max();
  offer_coordinates(all, Source::point, "point", most);
  std::vector<Offer> start;
  offer_coordinates(start, Source::start, "start", most);
  all.insert(all.begin() + static_cast<std::ptrdiff_t>(starts), std::make_move_iterator(start.begin()),
             std::make_move_iterator(start.end()));
  for (std::size_t p = 0; p < study_.plans(); ++p)
    if (!study_.plan(p).has_target)
      for (Offer& each : all)
        if (each.info.name == "steps_to_target" || each.info.name == "steps_to_settle") each.field[p] = {};
  // A hyperparameter that nobody would see by default gives way to another column of its name.
  std::erase_if(all, [&, every = all](const Offer& each) {
    return !each.by_default && std::ranges::count_if(every, [&each](const Offer& other) {
                                 return other.info.name == each.info.name || other.group == each.info.name;
                               }) > 1;
  });
  return all;
}

void Sweep::choose(const SweepOptions& options, std::vector<Offer> all) {
  std::vector<Offer> chosen;
  if (options.columns.empty()) {
    const auto varies = [&](const Offer& offer) {
      if (offer.info.name == "function") return study_.experiment().functions.size() > 1;
      if (offer.info.name == "optimizer") return study_.experiment().optimizers.size() > 1;
      if (offer.info.name == "seed") return study_.experiment().seeds > 1;
      if (offer.group == "start") return study::starts_vary(study_.experiment().start);
      return offer.by_default;
    };
    std::copy_if(all.begin(), all.end(), std::back_inserter(chosen), varies);
  }
  std::size_t expression = 0;
  for (const ColumnSpec& column : options.columns) {
    const std::size_t before = chosen.size();
    if (!column.expression.empty()) {
      ++expression;
      chosen.push_back({{column.name, Column::Kind::number}, "", std::vector<Field>(study_.plans())});
      for (std::size_t p = 0; p < study_.plans(); ++p) {
        std::size_t index = 0;
        for (std::size_t group = 0; group < expression; ++group) index += study_.plan(p).cells[group].size();
        if (study_.plan(p).cells[expression].size() > 1)
          throw InputError("'" + column.name + "' is a vector; a column of a sweep is one number", "", "--columns");
        if (study_.plan(p).cells[expression].size() == 1) chosen.back().field[p] = {Source::recorded, index};
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
  std::set<std::string> names;
  for (const Offer& offer : chosen)
    if (!names.insert(offer.info.name).second)
      throw InputError("the column '" + offer.info.name + "' is given twice", "", "--columns");
  for (const Offer& offer : chosen) schema_.columns.push_back(offer.info);
  for (std::size_t p = 0; p < study_.plans(); ++p) place_values(chosen, p);
}

void Sweep::place_values(const std::vector<Offer>& chosen, std::size_t p) {
  std::vector<Field> fields;
  std::vector<Values> values(chosen.size());
  std::size_t width = 0;
  for (std::size_t c = 0; c < chosen.size(); ++c) {
    const Field& field = chosen[c].field[p];
    if (field.source == Source::none) continue;
    const bool constant = field.source == Source::function || field.source == Source::optimizer;
    values[c].encoding = constant ? Values::Encoding::constant : Values::Encoding::flat;
    const std::size_t optimizers = study_.experiment().optimizers.size();
    if (constant)
      values[c].constant = static_cast<double>(field.source == Source::function ? p / optimizers : p % optimizers);
    if (constant) continue;
    values[c].offset = width++;
    fields.push_back(field);
  }
  for (Values& each : values) each.stride = width;
  fields_.push_back(std::move(fields));
  columns_.push_back(std::make_shared<const std::vector<Values>>(std::move(values)));
}

std::optional<study::Evaluations> Sweep::evaluations() const {
  study::Evaluations total;
  for (std::size_t p = 0; p < study_.plans(); ++p) {
    const study::Plan& plan = study_.plan(p);
    if (!plan.step_evaluations) return std::nullopt;
    const double runs = static_cast<double>(plan.expansion.runs());
    const double steps = static_cast<double>(plan.steps) * runs;
    const study::Evaluations &start = plan.start_evaluations, &each = *plan.step_evaluations;
    total.values += runs * start.values + steps * each.values;
    total.gradients += runs * start.gradients + steps * each.gradients;
    total.hessians += runs * start.hessians + steps * each.hessians;
  }
  return total;
}

RunBlocks::RunBlocks(const Sweep& sweep, std::uint64_t first, std::uint64_t end, unsigned threads)
    : sweep_(&sweep), first_(first), end_(end), threads_(threads) {
  if (first == end) return;
  const std::size_t plans = sweep.study_.run(end - 1).plan - sweep.study_.run(first).plan + 1;
  blocks_ = static_cast<unsigned>((threads_ + plans - 1) / plans);
}

std::optional<BlockCutter::Part> RunBlocks::next() {
  const bool sounding = threads_ > 1 && !plan_;
  if (plan_)
    if (const auto part = plan_->next()) return part;
  if (first_ == end_) return std::nullopt;
  const std::size_t p = sweep_->study_.run(first_).plan;
  const std::uint64_t end = std::min(end_, sweep_->study_.first_run(p + 1));
  const std::size_t most = std::min(sweep_->study_.plan(p).lanes, rows_per_block(sweep_->fields_[p].size()));
  plan_.emplace(first_, end - first_, most, blocks_, sounding);
  first_ = end;
  return plan_->next();
}

/// The number of the label that a run's value of a hyperparameter has.
double Sweep::label_of(const Field& field, const study::Plan& plan, const std::vector<double>& settings) {
  const experiment::Hyperparameter& each = (*plan.hyperparameters)[field.index];
  const auto found = field.labels->find(each.text(settings[field.index]));
  return found != field.labels->end() ? found->second : field.labels->at(experiment::to_text(*each.setting));
}

Block Sweep::compute(std::uint64_t first, std::uint64_t count) const {
  const auto [p, first_of_plan] = study_.run(first);
  const study::Plan& plan = study_.plan(p);
  std::vector<std::uint64_t> runs(count);
  std::iota(runs.begin(), runs.end(), first_of_plan);
  const std::vector<Summary> summaries = summarize(plan, runs, control_);
  Block block;
  block.columns = columns_[p];
  block.rows = count;
  block.begins = first == 0;
  block.numbers.reserve(count * fields_[p].size());
  const auto uses = [&fields = fields_[p]](Source source) {
    return std::ranges::any_of(fields, [source](const Field& field) { return field.source == source; });
  };
  const bool needs_settings = uses(Source::hyperparameter) || uses(Source::value_label),
             needs_start = uses(Source::start);
  const double sign = plan.function->sign();
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
          case Source::hyperparameter: return settings[field.index];
          case Source::value_label: return label_of(field, plan, settings);
          case Source::start: return start[field.index];
          case Source::seed: return static_cast<double>(plan.expansion.seed(run));
          case Source::status: return static_cast<double>(s.status);
          case Source::steps: return steps;
          case Source::f_start: return sign * s.f_start;
          case Source::f_final: return sign * s.f_final;
          case Source::f_best: return sign * s.f_best;
          case Source::step_best: return static_cast<double>(s.step_best);
          case Source::evals_f: return s.evaluations.values;
          case Source::evals_g: return s.evaluations.gradients;
          case Source::evals_h: return s.evaluations.hessians;
          case Source::steps_to_target: return s.steps_to_target;
          case Source::steps_to_settle: return s.steps_to_settle;
          case Source::point: return s.point[field.index];
          case Source::recorded: return s.recorded[field.index];
          case Source::function:
          case Source::optimizer:
          case Source::no_number:
          case Source::none: break;
        }
        return std::numeric_limits<double>::quiet_NaN();
      };
      block.numbers.push_back(value());
    }
  }
  return block;
}

}  // namespace optexplore::drive
