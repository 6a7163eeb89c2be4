#include <algorithm>
#include <map>
#include <memory>
#include <optexplore/error.hpp>
#include <optexplore/run.hpp>

#include "drive/trajectory.hpp"
#include "study/study.hpp"

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

namespace {

/// What is recorded when nothing is asked for.
RunOptions with_columns(const Experiment& experiment, RunOptions options) {
  if (options.columns.empty()) options.columns = study::default_columns(experiment, study::several_runs(experiment));
  return options;
}

std::vector<std::string> notes_on(const Experiment& experiment, const RunOptions& options) {
  const bool large = std::ranges::any_of(
      experiment.functions, [](const FunctionSpec& function) { return function.dim > study::max_default_coordinates; });
  if (!large || !options.columns.empty()) return {};
  return {"coordinates are left out above " + std::to_string(study::max_default_coordinates) +
          " dimensions; ask for them with --columns optimizer,step,point,f"};
}

ColumnInfo::Kind kind_of(const Cell& cell) {
  switch (cell.source) {
    case Cell::Source::optimizer: return ColumnInfo::Kind::optimizer;
    case Cell::Source::function: return ColumnInfo::Kind::function;
    case Cell::Source::node: return ColumnInfo::Kind::number;
    case Cell::Source::choice: return ColumnInfo::Kind::choice;
    case Cell::Source::run:
    case Cell::Source::step:
    case Cell::Source::seed: break;
  }
  return ColumnInfo::Kind::integer;
}

/// The place of `label` among the column's, which it joins when it is new.
std::size_t label_index(ColumnInfo& column, const std::string& label) {
  const auto found = std::ranges::find(column.labels, label);
  if (found != column.labels.end()) return static_cast<std::size_t>(found - column.labels.begin());
  column.labels.push_back(label);
  return column.labels.size() - 1;
}

}  // namespace

struct RunStream::State {
  State(const Experiment& experiment, const RunOptions& given)
      : options(with_columns(experiment, given)),
        study(experiment, {options.columns}),
        notes(notes_on(experiment, given)) {
    make_columns();
    for (std::size_t i = 0; i < study.plans(); ++i) make_layout(i);
  }

  RunOptions options;
  study::Study study;
  std::vector<ColumnInfo> columns;
  std::vector<Trajectory::Layout> layouts;  ///< per plan
  std::vector<std::vector<bool>> present;   ///< per plan
  std::vector<std::string> notes;

  // Where the stream stands.
  std::uint64_t index = 0;
  std::unique_ptr<Trajectory> trajectory;
  std::shared_ptr<const TrajectoryInfo> info;

  void make_columns();
  void make_layout(std::size_t at);
  [[nodiscard]] std::shared_ptr<const TrajectoryInfo> describe() const;
};

RunStream::RunStream(const Experiment& experiment, const RunOptions& options)
    : state_(std::make_unique<State>(experiment, options)) {}

RunStream::~RunStream() = default;
RunStream::RunStream(RunStream&&) noexcept = default;
RunStream& RunStream::operator=(RunStream&&) noexcept = default;

const std::vector<ColumnInfo>& RunStream::columns() const { return state_->columns; }
std::uint64_t RunStream::trajectories() const { return state_->study.runs(); }
const std::vector<std::string>& RunStream::notes() const { return state_->notes; }

/// The union of all plans' columns: spec by spec, in the order in which their names first occur.
void RunStream::State::make_columns() {
  for (std::size_t s = 0; s < options.columns.size(); ++s) {
    const std::size_t first = columns.size();
    for (std::size_t p = 0; p < study.plans(); ++p)
      for (const Cell& cell : study.plan(p).cells[s]) {
        const auto begin = columns.begin() + static_cast<std::ptrdiff_t>(first);
        const auto found = std::find_if(begin, columns.end(), [&](const ColumnInfo& c) { return c.name == cell.name; });
        if (found == columns.end())
          columns.push_back({cell.name, kind_of(cell)});
        else if (found->kind != kind_of(cell))
          throw InputError("'" + cell.name + "' is a number for one optimizer and a name for another", "",
                           "/columns/" + std::to_string(s));
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
  for (const auto& group : study.plan(at).cells)
    for (const Cell& cell : group) {
      const std::size_t column = position.at(cell.name);
      has[column] = true;
      switch (cell.source) {
        case Cell::Source::node: layout.node_places.push_back(place[column]); break;
        case Cell::Source::step: layout.step_places.push_back(place[column]); break;
        case Cell::Source::run: layout.run_places.push_back(place[column]); break;
        case Cell::Source::seed: layout.seed_places.push_back(place[column]); break;
        case Cell::Source::choice:
          layout.choices.emplace_back(place[column], static_cast<double>(label_index(columns[column], cell.text)));
          break;
        case Cell::Source::optimizer:
        case Cell::Source::function: break;
      }
    }
  layouts.push_back(std::move(layout));
  present.push_back(std::move(has));
}

std::shared_ptr<const TrajectoryInfo> RunStream::State::describe() const {
  const study::Study::Run run = study.run(index);
  const Plan& current = study.plan(run.plan);
  auto result = std::make_shared<TrajectoryInfo>();
  result->index = index;
  result->optimizer = current.optimizer->label;
  result->type = current.optimizer->type;
  result->function = current.function->entry.name;
  result->run = index + 1;
  result->seed = current.expansion.seed(run.number);
  result->present = present[run.plan];
  const std::vector<double> values = current.expansion.hyperparameters(run.number);
  for (std::size_t k = 0; k < values.size(); ++k) {
    const experiment::Hyperparameter& each = (*current.hyperparameters)[k];
    if (each.number())
      result->hyperparameters.emplace_back(each.name, values[k]);
    else
      result->hyperparameters.emplace_back(each.name, each.text(values[k]));
  }
  return result;
}

std::optional<RowBlock> RunStream::next() {
  State& s = *state_;
  if (s.index == s.study.runs()) return std::nullopt;
  const study::Study::Run run = s.study.run(s.index);
  RowBlock block;
  if (!s.trajectory) {
    s.info = s.describe();
    s.trajectory =
        std::make_unique<Trajectory>(s.study.plan(run.plan), s.layouts[run.plan], s.options, run.number, s.index + 1);
    block.first = true;
  }
  block.trajectory = s.info;
  block.values.reserve(std::min<std::size_t>(s.options.block_rows, 4096) * s.layouts[run.plan].width);
  s.trajectory->fill(block);
  if (block.last) {
    s.trajectory.reset();
    ++s.index;
  }
  return block;
}

}  // namespace optexplore
