#include <algorithm>
#include <map>
#include <memory>
#include <optexplore/error.hpp>
#include <optexplore/run.hpp>

#include "drive/trajectory.hpp"
#include "study/plan.hpp"

namespace optexplore {

using drive::Trajectory;
using study::Cell;
using study::Plan;

const char* to_string(Status status) {
  switch (status) {
    case Status::max_steps: return "max_steps";
    case Status::stopped: return "stopped";
    case Status::diverged: return "diverged";
  }
  return "";
}

struct RunStream::State {
  Experiment experiment;
  RunOptions options;
  std::vector<ColumnSpec> specs;
  std::vector<std::unique_ptr<study::Plan>> plans;  ///< functions × optimizers
  std::vector<ColumnInfo> columns;
  std::vector<Trajectory::Layout> layouts;  ///< per plan
  std::vector<std::vector<bool>> present;   ///< per plan
  std::vector<std::string> notes;
  std::uint64_t total = 0;

  // Where the stream stands.
  std::size_t plan = 0;
  std::uint64_t run_of_plan = 0;
  std::uint64_t index = 0;
  std::unique_ptr<Trajectory> trajectory;
  std::shared_ptr<const TrajectoryInfo> info;

  void make_plans();
  void make_columns();
  void make_layout(std::size_t at);
  [[nodiscard]] std::shared_ptr<const TrajectoryInfo> describe() const;
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

const std::vector<ColumnInfo>& RunStream::columns() const { return state_->columns; }
std::uint64_t RunStream::trajectories() const { return state_->total; }
const std::vector<std::string>& RunStream::notes() const { return state_->notes; }

void RunStream::State::make_plans() {
  study::KnownNames known;
  for (const FunctionSpec& function : experiment.functions) known.add(function);
  for (const OptimizerSpec& optimizer : experiment.optimizers) known.add(optimizer);
  specs = experiment.columns;
  if (specs.empty()) {
    bool several = false;
    for (const FunctionSpec& function : experiment.functions)
      for (const OptimizerSpec& optimizer : experiment.optimizers)
        several = several || study::Expansion(experiment, function, optimizer).runs() > 1;
    specs = study::default_columns(experiment, several);
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
  for (std::size_t s = 0; s < specs.size(); ++s) {
    const std::size_t first = columns.size();
    for (const auto& each : plans)
      for (const study::Cell& cell : each->cells[s]) {
        const auto begin = columns.begin() + static_cast<std::ptrdiff_t>(first);
        if (std::any_of(begin, columns.end(), [&](const ColumnInfo& c) { return c.name == cell.name; })) continue;
        using Kind = ColumnInfo::Kind;
        const Kind kind = cell.source == study::Cell::Source::optimizer  ? Kind::optimizer
                          : cell.source == study::Cell::Source::function ? Kind::function
                          : cell.source == study::Cell::Source::node     ? Kind::number
                                                                         : Kind::integer;
        columns.push_back({cell.name, kind});
      }
    for (std::size_t i = first; i < columns.size(); ++i)
      for (std::size_t k = 0; k < first; ++k)
        if (columns[k].name == columns[i].name)
          throw InputError("the column '" + columns[i].name + "' is given twice", "", "/columns/" + std::to_string(s));
  }
}

void RunStream::State::make_layout(std::size_t at) {
  std::map<std::string, std::size_t> position;
  std::vector<std::size_t> place(columns.size(), 0);
  Trajectory::Layout layout;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    position[columns[i].name] = i;
    const bool text = columns[i].kind == ColumnInfo::Kind::optimizer || columns[i].kind == ColumnInfo::Kind::function;
    if (!text) place[i] = layout.width++;
  }
  std::vector<bool> has(columns.size(), false);
  for (const auto& group : plans[at]->cells)
    for (const study::Cell& cell : group) {
      const std::size_t column = position.at(cell.name);
      has[column] = true;
      switch (cell.source) {
        case study::Cell::Source::node: layout.node_places.push_back(place[column]); break;
        case study::Cell::Source::step: layout.step_places.push_back(place[column]); break;
        case study::Cell::Source::run: layout.run_places.push_back(place[column]); break;
        case study::Cell::Source::seed: layout.seed_places.push_back(place[column]); break;
        default: break;
      }
    }
  layouts.push_back(std::move(layout));
  present.push_back(std::move(has));
}

std::shared_ptr<const TrajectoryInfo> RunStream::State::describe() const {
  const study::Plan& current = *plans[plan];
  auto result = std::make_shared<TrajectoryInfo>();
  result->index = index;
  result->optimizer = current.optimizer->label;
  result->type = current.optimizer->type;
  result->function = current.function->entry.name;
  result->run = index + 1;
  result->seed = current.expansion.seed(run_of_plan);
  result->present = present[plan];
  const std::vector<double> values = current.expansion.hyperparameters(run_of_plan);
  std::size_t k = 0;
  for (const RuleUse& use : current.optimizer->chain)
    for (const auto& [name, setting] : use.settings) {
      const std::string full =
          current.optimizer->chain.size() > 1 && !use.rule.name.empty() ? use.rule.name + "." + name : name;
      if (const auto* schedule = std::get_if<std::string>(&setting))
        result->hyperparameters.emplace_back(full, *schedule);
      else
        result->hyperparameters.emplace_back(full, values[k]);
      ++k;
    }
  return result;
}

std::optional<RowBlock> RunStream::next() {
  State& s = *state_;
  if (s.plan == s.plans.size()) return std::nullopt;
  RowBlock block;
  if (!s.trajectory) {
    s.info = s.describe();
    s.trajectory = std::make_unique<Trajectory>(*s.plans[s.plan], s.layouts[s.plan], s.experiment, s.options,
                                                s.run_of_plan, s.index + 1);
    block.first = true;
  }
  block.trajectory = s.info;
  block.values.reserve(std::min<std::size_t>(s.options.block_rows, 4096) * s.layouts[s.plan].width);
  s.trajectory->fill(block);
  if (block.last) {
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
