#include <algorithm>

#include "reference/entries.hpp"
#include "study/diagnostics.hpp"

namespace optexplore::reference {
namespace {

/// Where a column may stand.
enum Place : unsigned {
  run = 1,    ///< a column of run, and of what draws runs
  sweep = 2,  ///< of sweep, where it is about the whole run or its last point
  grid = 4,
  expression = 8,  ///< in expressions, stop conditions and targets
};

struct ColumnHelp {
  std::string_view name;
  std::string_view meaning;
  unsigned places;
};

constexpr ColumnHelp first_columns[] = {
    {"optimizer", "the optimizer's label", run | sweep},
    {"function", "the function's name", run | sweep},
    {"run", "number of the run in the whole experiment, from 1", run | sweep},
    {"seed", "the run's seed", run | sweep},
    {"step", "0 at the start, t after update t", run},
    {"x, y, …", "each coordinate by its name; x1, x2, … for f(x[n])", run | sweep | grid | expression},
    {"point", "all coordinates", run | sweep | grid | expression},
    {"point_prev", "all coordinates one step before", run | expression},
    {"f", "value of the function", run | grid | expression},
    {"g", "the gradient; g.x is one of its components", run | grid | expression},
    {"grad_norm", "2-norm of the gradient", run | sweep | grid | expression},
    {"t", "number of updates done, as step, for expressions", run | expression},
    {"state.NAME", "the rule's state: state.m", run | expression},
    {"hp.NAME", "a hyperparameter's value in the coming update: hp.lr", run | expression},
    {"d.NAME", "derivative of f with respect to a hyperparameter, over the whole run so far: d.lr", run | expression},
    {"dx.NAME", "derivative of the point, coordinate by coordinate: dx.lr", run | expression},
};

constexpr ColumnHelp last_columns[] = {
    {"start", "in sweep: all coordinates of the start; start.x is one of them", sweep},
    {"status", "in sweep: how the run ended: max_steps, stopped, diverged or no_gradient", sweep},
    {"steps", "the run's length; in sweep: updates done", run | sweep | expression},
    {"f_start", "in sweep: f at the start", sweep},
    {"f_final", "in sweep: f at the last point", sweep},
    {"f_best", "in sweep: least f of the run", sweep},
    {"steps_to_target", "in sweep: the first step at which --target holds, nan if none", sweep},
    {"NAME=EXPRESSION", "anything else: speed=norm(point - point_prev)", run | sweep | grid},
};

std::vector<ColumnHelp> columns() {
  std::vector<ColumnHelp> all(std::begin(first_columns), std::end(first_columns));
  for (const study::Diagnostic& diagnostic : study::diagnostics()) {
    const bool summarised = diagnostic.name == "step_best" || diagnostic.name.starts_with("evals_");
    const unsigned places = run | expression | (summarised ? sweep : 0U) | (diagnostic.of_steps ? 0U : grid);
    all.push_back({diagnostic.name, diagnostic.meaning, places});
  }
  all.insert(all.end(), std::begin(last_columns), std::end(last_columns));
  return all;
}

}  // namespace

std::vector<Entry> column_entries() {
  std::vector<Entry> entries;
  for (const ColumnHelp& column : columns()) entries.push_back({std::string(column.name), std::string(column.meaning)});
  return entries;
}

Card column_card(const std::string& name) {
  const std::vector<ColumnHelp> all = columns();
  const ColumnHelp& column = *std::ranges::find(all, name, &ColumnHelp::name);
  Card card{"column", "column", name, std::string(column.meaning), {}};
  std::vector<std::string> commands;
  const bool in_expressions = (column.places & expression) != 0;
  if ((column.places & run) != 0) commands.emplace_back("run");
  if ((column.places & sweep) != 0) commands.emplace_back("sweep");
  if ((column.places & grid) != 0) commands.emplace_back("grid");
  card.add_list("commands", "commands", commands);
  card.properties.push_back({"in_expressions", in_expressions ? "true" : "false", "in expressions",
                             in_expressions ? "yes: in columns NAME=EXPRESSION, --stop and --target" : "no"});
  return card;
}

}  // namespace optexplore::reference
