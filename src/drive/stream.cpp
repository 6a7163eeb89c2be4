#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <numeric>
#include <optexplore/error.hpp>
#include <optexplore/run.hpp>

#include "drive/blocks.hpp"
#include "drive/recorder.hpp"
#include "experiment/text.hpp"
#include "json/text.hpp"
#include "study/study.hpp"

namespace optexplore {

using drive::RowLayout;
using drive::Trajectory;
using study::Cell;
using study::Plan;

namespace {

/// What is recorded when nothing is asked for.
RunOptions with_columns(const Experiment& experiment, RunOptions options) {
  if (options.columns.empty()) options.columns = study::default_columns(experiment, study::several_runs(experiment));
  return options;
}

study::Wanted wanted(const RunOptions& options) {
  study::Wanted result;
  result.columns = options.columns;
  result.every = options.every;
  return result;
}

std::vector<std::string> notes_on(const Experiment& experiment, const RunOptions& options) {
  const bool large = std::ranges::any_of(
      experiment.functions, [](const FunctionSpec& function) { return function.dim > study::max_default_coordinates; });
  if (!large || !options.columns.empty()) return {};
  return {"coordinates are left out above " + std::to_string(study::max_default_coordinates) +
          " dimensions; ask for them with --columns optimizer,step,point,f"};
}

bool changes_from_row_to_row(Cell::Source source) {
  return source == Cell::Source::node || source == Cell::Source::step;
}

/// The place of `label` among the column's, which it joins when it is new.
std::size_t label_index(Column& column, const std::string& label) {
  const auto found = std::ranges::find(column.labels, label);
  if (found != column.labels.end()) return static_cast<std::size_t>(found - column.labels.begin());
  column.labels.push_back(label);
  return column.labels.size() - 1;
}

}  // namespace

struct RunStream::State {
  State(const Experiment& experiment, const RunOptions& given)
      : options(with_columns(experiment, given)),
        chosen(!given.columns.empty()),
        study(experiment, wanted(options)),
        several_runs(study::several_runs(experiment)),
        notes(notes_on(experiment, given)) {
    make_schema();
    for (std::size_t p = 0; p < study.plans(); ++p) make_layout(p);
  }

  RunOptions options;
  bool chosen;  ///< the columns were asked for
  study::Study study;
  bool several_runs;  ///< some optimizer has more than one on some function
  std::vector<std::string> notes;
  Schema schema;
  std::vector<RowLayout> layouts;            ///< per plan
  std::vector<std::vector<Values>> columns;  ///< per plan: where a row has its values; those of run and seed are open

  // Where the stream stands.
  std::uint64_t index = 0;                 ///< the first run that is in no job yet
  std::unique_ptr<Trajectory> trajectory;  ///< of a run that is recorded piece by piece
  Block piece;                             ///< what its blocks have in common
  std::deque<Block> ready;                 ///< of the last job that next() did

  void make_schema();
  [[nodiscard]] Column column_of(const Cell& cell, std::size_t spec) const;
  void make_layout(std::size_t p);
  [[nodiscard]] std::vector<Fact> hyperparameters(const study::Study::Run& run) const;
  [[nodiscard]] std::shared_ptr<const Group> describe(std::uint64_t number) const;
  [[nodiscard]] std::shared_ptr<const std::vector<Values>> place_values(std::uint64_t number) const;
  [[nodiscard]] Block empty_block(std::uint64_t number) const;
  [[nodiscard]] std::size_t rows_per_block(std::size_t p) const {
    return std::min(options.block_rows, drive::rows_per_block(layouts[p].width));
  }
  [[nodiscard]] std::vector<Block> record(std::uint64_t first, std::size_t count) const;
  [[nodiscard]] std::vector<Block> cut(drive::RecordedRun run, std::uint64_t number) const;
  Block next_piece();
};

RunStream::RunStream(const Experiment& experiment, const RunOptions& options)
    : state_(std::make_unique<State>(experiment, options)) {}

RunStream::~RunStream() = default;
RunStream::RunStream(RunStream&&) noexcept = default;
RunStream& RunStream::operator=(RunStream&&) noexcept = default;

const Schema& RunStream::schema() const { return state_->schema; }
std::uint64_t RunStream::trajectories() const { return state_->study.runs(); }
const std::vector<std::string>& RunStream::notes() const { return state_->notes; }

/// The union of all plans' columns: spec by spec, in the order in which their names first occur.
void RunStream::State::make_schema() {
  struct First {
    std::size_t spec;
    Cell::Source source;
  };
  std::map<std::string, First> known;
  for (std::size_t s = 0; s < options.columns.size(); ++s)
    for (std::size_t p = 0; p < study.plans(); ++p)
      for (const Cell& cell : study.plan(p).cells[s]) {
        const auto [first, is_new] = known.try_emplace(cell.name, First{s, cell.source});
        const std::string place = "/columns/" + std::to_string(s);
        if (is_new)
          schema.columns.push_back(column_of(cell, s));
        else if (first->second.spec != s)
          throw InputError("the column '" + cell.name + "' is given twice", "", place);
        else if (first->second.source != cell.source)
          throw InputError("'" + cell.name + "' is a number for one optimizer and a name for another", "", place);
      }
  schema.grouped = true;
  const std::vector<FunctionSpec>& all = study.experiment().functions;
  std::string functions;
  for (const FunctionSpec& function : all)
    functions += (functions.empty() ? "" : ",\n") + experiment::to_json(function);
  if (all.size() > 1)
    schema.head.emplace_back("functions", "[\n" + functions + "]");
  else
    schema.head.emplace_back("function", functions);
  schema.head.emplace_back("steps", std::to_string(study.experiment().steps));
}

Column RunStream::State::column_of(const Cell& cell, std::size_t spec) const {
  using Source = Cell::Source;
  Column column{cell.name, Column::Kind::integer};
  // A run's number and seed are in the rows when they were asked for by name.
  column.of_group = !chosen && (cell.source == Source::run || cell.source == Source::seed);
  if (cell.source == Source::node) column.kind = Column::Kind::number;
  if (cell.source == Source::choice) {
    column.kind = Column::Kind::text;
    for (std::size_t p = 0; p < study.plans(); ++p)
      for (const Cell& each : study.plan(p).cells[spec])
        if (each.name == cell.name) label_index(column, each.text);
  }
  if (cell.source != Source::optimizer && cell.source != Source::function) return column;
  column.kind = Column::Kind::text;
  column.of_group = true;
  if (cell.source == Source::optimizer)
    for (const OptimizerSpec& optimizer : study.experiment().optimizers) column.labels.push_back(optimizer.label);
  else
    for (const FunctionSpec& function : study.experiment().functions) column.labels.push_back(function.entry.name);
  return column;
}

void RunStream::State::make_layout(std::size_t p) {
  std::map<std::string, const Cell*> cells;
  for (const auto& group : study.plan(p).cells)
    for (const Cell& cell : group) cells[cell.name] = &cell;
  std::map<std::string, std::size_t> place;  // of what changes from row to row
  std::vector<Values> values(schema.columns.size());
  const std::size_t optimizers = study.experiment().optimizers.size();
  for (std::size_t c = 0; c < schema.columns.size(); ++c) {
    Column& column = schema.columns[c];
    const auto found = cells.find(column.name);
    if (found == cells.end()) continue;
    const Cell& cell = *found->second;
    const bool flat = changes_from_row_to_row(cell.source);
    values[c].encoding = flat ? Values::Encoding::flat : Values::Encoding::constant;
    if (flat) values[c].offset = place.emplace(column.name, place.size()).first->second;
    const std::size_t optimizer = p % optimizers, function = p / optimizers;
    if (cell.source == Cell::Source::optimizer) values[c].constant = static_cast<double>(optimizer);
    if (cell.source == Cell::Source::function) values[c].constant = static_cast<double>(function);
    if (cell.source == Cell::Source::choice) values[c].constant = static_cast<double>(label_index(column, cell.text));
  }
  RowLayout layout;
  layout.width = place.size();
  for (Values& each : values) each.stride = layout.width;
  for (const auto& group : study.plan(p).cells)
    for (const Cell& cell : group) {
      if (cell.source == Cell::Source::node) layout.node_places.push_back(place.at(cell.name));
      if (cell.source == Cell::Source::step) layout.step_places.push_back(place.at(cell.name));
    }
  layouts.push_back(std::move(layout));
  columns.push_back(std::move(values));
}

std::vector<Fact> RunStream::State::hyperparameters(const study::Study::Run& run) const {
  const Plan& plan = study.plan(run.plan);
  const std::vector<double> values = plan.expansion.hyperparameters(run.number);
  std::vector<Fact> facts;
  for (std::size_t k = 0; k < values.size(); ++k) {
    const experiment::Hyperparameter& each = (*plan.hyperparameters)[k];
    if (each.number())
      facts.push_back({each.name, values[k]});
    else
      facts.push_back({each.name, each.text(values[k])});
  }
  return facts;
}

/// What the trajectory of run `number` is.
std::shared_ptr<const Group> RunStream::State::describe(std::uint64_t number) const {
  const study::Study::Run run = study.run(number);
  const Plan& plan = study.plan(run.plan);
  auto group = std::make_shared<Group>();
  group->number = number;
  group->title = plan.optimizer->label;
  group->facts = {{"optimizer", plan.optimizer->label}, {"type", plan.optimizer->type}};
  if (study.experiment().functions.size() > 1) {
    group->title += ", " + plan.function->entry.name;
    group->facts.push_back({"function", plan.function->entry.name});
  }
  if (several_runs) {
    group->title += ", run " + std::to_string(number + 1);
    group->facts.push_back({"run", number + 1});
  }
  if (study.experiment().seeds > 1) group->facts.push_back({"seed", plan.expansion.seed(run.number)});
  group->facts.push_back({"hyperparameters", hyperparameters(run)});
  return group;
}

/// Where it has its values.
std::shared_ptr<const std::vector<Values>> RunStream::State::place_values(std::uint64_t number) const {
  const study::Study::Run run = study.run(number);
  auto values = std::make_shared<std::vector<Values>>(columns[run.plan]);
  for (const auto& group : study.plan(run.plan).cells)
    for (const Cell& cell : group) {
      if (cell.source == Cell::Source::run)
        (*values)[schema.column(cell.name)].constant = static_cast<double>(number + 1);
      if (cell.source == Cell::Source::seed)
        (*values)[schema.column(cell.name)].constant =
            static_cast<double>(study.plan(run.plan).expansion.seed(run.number));
    }
  return values;
}

Block RunStream::State::empty_block(std::uint64_t number) const {
  Block block;
  block.group = describe(number);
  block.columns = place_values(number);
  return block;
}

/// Runs first … first+count-1, of one plan, side by side.
std::vector<Block> RunStream::State::record(std::uint64_t first, std::size_t count) const {
  const study::Study::Run run = study.run(first);
  std::vector<std::uint64_t> runs(count);
  std::iota(runs.begin(), runs.end(), run.number);
  std::vector<Block> blocks;
  std::uint64_t number = first;
  for (drive::RecordedRun& each :
       drive::record(study.plan(run.plan), layouts[run.plan], runs, options.every, options.control)) {
    std::vector<Block> of_run = cut(std::move(each), number++);
    std::ranges::move(of_run, std::back_inserter(blocks));
  }
  return blocks;
}

std::vector<Block> RunStream::State::cut(drive::RecordedRun run, std::uint64_t number) const {
  const std::size_t p = study.run(number).plan, width = layouts[p].width, most = rows_per_block(p);
  const Block pattern = empty_block(number);
  std::vector<Block> blocks;
  for (std::size_t row = 0; row < run.rows; row += most) {
    Block& block = blocks.emplace_back(pattern);
    block.rows = std::min(most, run.rows - row);
    block.begins = row == 0;
    const double* from = run.numbers.data() + row * width;
    if (block.rows == run.rows)
      block.numbers = std::move(run.numbers);
    else
      block.numbers.assign(from, from + block.rows * width);
    if (row + block.rows == run.rows) block.ending = run.ending;
  }
  return blocks;
}

/// The next block of a run that is recorded piece by piece.
Block RunStream::State::next_piece() {
  const study::Study::Run run = study.run(index);
  const RowLayout& layout = layouts[run.plan];
  const bool begins = !trajectory;
  if (begins) {
    piece = empty_block(index);
    trajectory = std::make_unique<Trajectory>(study.plan(run.plan), layout, run.number, options.every, options.control);
  }
  Block block = piece;
  block.begins = begins;
  const std::size_t most = rows_per_block(run.plan);
  block.numbers.reserve(std::min<std::uint64_t>(most, study.plan(run.plan).steps / options.every + 2) * layout.width);
  trajectory->fill(block, most);
  if (block.ending) {
    trajectory.reset();
    ++index;
  }
  return block;
}

std::optional<RunStream::Job> RunStream::next_job() {
  State& s = *state_;
  if (s.index == s.study.runs() || (s.options.control.interrupted() && !s.trajectory)) return std::nullopt;
  const study::Study::Run run = s.study.run(s.index);
  const std::size_t lanes = s.study.plan(run.plan).lanes;
  if (lanes == 1) {
    auto block = std::make_shared<Block>(s.next_piece());
    return [block] { return std::vector<Block>{std::move(*block)}; };
  }
  const std::uint64_t first = s.index, left = s.study.first_run(run.plan + 1) - first;
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(lanes, left));
  s.index += count;
  return [&s, first, count] { return s.record(first, count); };
}

std::optional<Block> RunStream::next() {
  std::deque<Block>& ready = state_->ready;
  if (ready.empty()) {
    const std::optional<Job> job = next_job();
    if (!job) return std::nullopt;
    for (Block& block : (*job)()) ready.push_back(std::move(block));
  }
  Block block = std::move(ready.front());
  ready.pop_front();
  return block;
}

}  // namespace optexplore
