#include <algorithm>
#include <map>
#include <memory>
#include <optexplore/error.hpp>
#include <optexplore/run.hpp>

#include "drive/blocks.hpp"
#include "drive/trajectory.hpp"
#include "json/text.hpp"
#include "study/plan.hpp"

namespace optexplore {

using drive::Trajectory;
using study::Cell;
using study::Plan;

struct RunStream::State {
  Experiment experiment;
  RunOptions options;
  std::vector<ColumnSpec> specs;
  std::vector<std::unique_ptr<study::Plan>> plans;  ///< functions × optimizers
  Schema schema;
  std::vector<Trajectory::Layout> layouts;   ///< per plan
  std::vector<std::vector<Values>> columns;  ///< per plan: where a row has its values; those of run and seed are open
  bool several_runs = false;                 ///< some optimizer has more than one on some function
  std::vector<std::string> notes;
  std::uint64_t total = 0;

  // Where the stream stands.
  std::size_t plan = 0;
  std::uint64_t run_of_plan = 0;
  std::uint64_t index = 0;
  std::unique_ptr<Trajectory> trajectory;
  std::shared_ptr<const Group> current_group;
  std::shared_ptr<const std::vector<Values>> current_values;

  void make_plans();
  void make_columns();
  void make_layout(std::size_t at);
  [[nodiscard]] Column column_of(const study::Cell& cell) const;
  [[nodiscard]] std::vector<Fact> hyperparameters() const;
  [[nodiscard]] std::shared_ptr<const Group> describe() const;
  [[nodiscard]] std::shared_ptr<const std::vector<Values>> place_values() const;
};

RunStream::RunStream(const Experiment& experiment, const RunOptions& options) : state_(std::make_unique<State>()) {
  state_->experiment = experiment;
  state_->options = options;
  try {
    state_->make_plans();
    state_->make_columns();
  } catch (const InputError& error) {  // what came from a flag is named by the flag
    throw InputError(error.message(), error.excerpt(), place_of(experiment, error.place()));
  }
  for (std::size_t i = 0; i < state_->plans.size(); ++i) state_->make_layout(i);
}

RunStream::~RunStream() = default;
RunStream::RunStream(RunStream&&) noexcept = default;
RunStream& RunStream::operator=(RunStream&&) noexcept = default;

const Schema& RunStream::schema() const { return state_->schema; }
std::uint64_t RunStream::trajectories() const { return state_->total; }
const std::vector<std::string>& RunStream::notes() const { return state_->notes; }

void RunStream::State::make_plans() {
  study::KnownNames known;
  for (const FunctionSpec& function : experiment.functions) known.add(function);
  for (const OptimizerSpec& optimizer : experiment.optimizers) known.add(optimizer);
  several_runs = study::several_runs(experiment);
  specs = experiment.columns;
  if (specs.empty()) {
    specs = study::default_columns(experiment, several_runs);
    for (const FunctionSpec& function : experiment.functions) {
      if (function.dim <= study::max_default_coordinates) continue;
      notes.push_back("coordinates are left out above " + std::to_string(study::max_default_coordinates) +
                      " dimensions; ask for them with --columns optimizer,step,point,f");
      break;
    }
  }
  for (const FunctionSpec& function : experiment.functions)
    for (const OptimizerSpec& optimizer : experiment.optimizers) {
      plans.push_back(std::make_unique<study::Plan>(experiment, function, optimizer, specs, known));
      total += plans.back()->expansion.runs();
    }
}

/// The union of all plans' columns: spec by spec, in the order in which their names first occur.
void RunStream::State::make_columns() {
  std::map<std::string, std::size_t> first_spec;  // that has a column of this name
  for (std::size_t s = 0; s < specs.size(); ++s)
    for (const auto& each : plans)
      for (const study::Cell& cell : each->cells[s]) {
        const auto [known, is_new] = first_spec.try_emplace(cell.name, s);
        if (is_new)
          schema.columns.push_back(column_of(cell));
        else if (known->second != s)
          throw InputError("the column '" + cell.name + "' is given twice", "", "/columns/" + std::to_string(s));
      }
  schema.grouped = true;
  std::string functions;
  for (const FunctionSpec& function : experiment.functions)
    functions += (functions.empty() ? "" : ",\n") + json::json_function(function);
  if (experiment.functions.size() > 1)
    schema.head.emplace_back("functions", "[\n" + functions + "]");
  else
    schema.head.emplace_back("function", functions);
  schema.head.emplace_back("steps", std::to_string(experiment.steps));
}

Column RunStream::State::column_of(const study::Cell& cell) const {
  using Source = study::Cell::Source;
  Column column{cell.name, Column::Kind::integer};
  // A run's number and seed are in the rows when they were asked for by name.
  column.of_group = experiment.columns.empty() && (cell.source == Source::run || cell.source == Source::seed);
  if (cell.source == Source::node) column.kind = Column::Kind::number;
  if (cell.source == Source::optimizer)
    for (const OptimizerSpec& optimizer : experiment.optimizers) column.labels.push_back(optimizer.label);
  if (cell.source == Source::function)
    for (const FunctionSpec& function : experiment.functions) column.labels.push_back(function.entry.name);
  if (!column.labels.empty()) {
    column.kind = Column::Kind::text;
    column.of_group = true;
  }
  return column;
}

void RunStream::State::make_layout(std::size_t at) {
  using Source = study::Cell::Source;
  std::map<std::string, const study::Cell*> cells;
  for (const auto& group : plans[at]->cells)
    for (const study::Cell& cell : group) cells[cell.name] = &cell;
  std::map<std::string, std::size_t> place;  // of what changes from row to row
  std::vector<Values> values(schema.columns.size());
  for (std::size_t c = 0; c < schema.columns.size(); ++c) {
    const std::string& name = schema.columns[c].name;
    const auto found = cells.find(name);
    if (found == cells.end()) continue;
    const Source source = found->second->source;
    const bool flat = source == Source::node || source == Source::step;
    values[c].encoding = flat ? Values::Encoding::flat : Values::Encoding::constant;
    if (flat) values[c].offset = place.emplace(name, place.size()).first->second;
    if (source == Source::optimizer) values[c].constant = static_cast<double>(at % experiment.optimizers.size());
    if (source == Source::function) values[c].constant = static_cast<double>(at / experiment.optimizers.size());
  }
  Trajectory::Layout layout;
  layout.width = place.size();
  for (Values& each : values) each.stride = layout.width;
  for (const auto& group : plans[at]->cells)
    for (const study::Cell& cell : group) {
      if (cell.source == Source::node) layout.node_places.push_back(place.at(cell.name));
      if (cell.source == Source::step) layout.step_places.push_back(place.at(cell.name));
    }
  layouts.push_back(std::move(layout));
  columns.push_back(std::move(values));
}

std::vector<Fact> RunStream::State::hyperparameters() const {
  const study::Plan& current = *plans[plan];
  std::vector<Fact> facts;
  const std::vector<double> values = current.expansion.hyperparameters(run_of_plan);
  std::size_t k = 0;
  for (const RuleUse& use : current.optimizer->chain)
    for (const auto& [name, setting] : use.settings) {
      const std::string full =
          current.optimizer->chain.size() > 1 && !use.rule.name.empty() ? use.rule.name + "." + name : name;
      if (const auto* schedule = std::get_if<std::string>(&setting))
        facts.push_back({full, *schedule});
      else
        facts.push_back({full, values[k]});
      ++k;
    }
  return facts;
}

/// What the trajectory that comes next is.
std::shared_ptr<const Group> RunStream::State::describe() const {
  const study::Plan& current = *plans[plan];
  auto result = std::make_shared<Group>();
  result->number = index;
  result->title = current.optimizer->label;
  result->facts = {{"optimizer", current.optimizer->label}, {"type", current.optimizer->type}};
  if (experiment.functions.size() > 1) {
    result->title += ", " + current.function->entry.name;
    result->facts.push_back({"function", current.function->entry.name});
  }
  if (several_runs) {
    result->title += ", run " + std::to_string(index + 1);
    result->facts.push_back({"run", index + 1});
  }
  if (experiment.seeds > 1) result->facts.push_back({"seed", current.expansion.seed(run_of_plan)});
  result->facts.push_back({"hyperparameters", hyperparameters()});
  return result;
}

/// Where it has its values.
std::shared_ptr<const std::vector<Values>> RunStream::State::place_values() const {
  auto values = std::make_shared<std::vector<Values>>(columns[plan]);
  for (const auto& group : plans[plan]->cells)
    for (const study::Cell& cell : group) {
      if (cell.source == study::Cell::Source::run)
        (*values)[schema.column(cell.name)].constant = static_cast<double>(index + 1);
      if (cell.source == study::Cell::Source::seed)
        (*values)[schema.column(cell.name)].constant = static_cast<double>(plans[plan]->expansion.seed(run_of_plan));
    }
  return values;
}

std::optional<Block> RunStream::next() {
  State& s = *state_;
  if (s.plan == s.plans.size()) return std::nullopt;
  Block block;
  const Trajectory::Layout& layout = s.layouts[s.plan];
  RunOptions options = s.options;
  options.block_rows = std::min(options.block_rows, drive::rows_per_block(layout.width));
  if (!s.trajectory) {
    s.current_group = s.describe();
    s.current_values = s.place_values();
    s.trajectory = std::make_unique<Trajectory>(*s.plans[s.plan], layout, s.experiment, options, s.run_of_plan);
    block.begins = true;
  }
  block.group = s.current_group;
  block.columns = s.current_values;
  const std::uint64_t most_rows = s.experiment.steps / options.every + 2;
  block.numbers.reserve(std::min<std::uint64_t>(options.block_rows, most_rows) * layout.width);
  s.trajectory->fill(block);
  if (block.ending) {
    s.trajectory.reset();
    ++s.index;
    if (++s.run_of_plan == s.plans[s.plan]->expansion.runs()) {
      s.run_of_plan = 0;
      ++s.plan;
    }
  }
  return block;
}

}  // namespace optexplore
