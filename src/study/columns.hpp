#pragma once

#include <optexplore/run.hpp>
#include <set>
#include <string>
#include <vector>

#include "study/diagnostics.hpp"
#include "study/step.hpp"

namespace optexplore::study {

/// Coordinates are default columns up to this dimension.
inline constexpr std::size_t max_default_coordinates = 1000;

/// One output column of one function and optimizer.
struct Cell {
  enum class Source { optimizer, function, run, step, seed, node };
  std::string name;
  Source source = Source::node;
  program::NodeId node = program::no_node;  ///< source node: a scalar
};

/// All names that occur somewhere in an experiment. What one function or optimizer lacks is an empty cell
/// there, and not an error, when another one has it.
struct KnownNames {
  std::set<std::string> names;
  void add(const FunctionSpec& function);
  void add(const OptimizerSpec& optimizer);
};

/// The names of the function's coordinates, made if the spec leaves them out.
std::string coordinate_name(const FunctionSpec& function, std::size_t i);

/// The number of the coordinate of that name.
/// @throws InputError naming `flag` and the nearest name
std::size_t find_coordinate(const FunctionSpec& function, const std::string& name, const std::string& flag);

/// The columns of an experiment that names none.
std::vector<ColumnSpec> default_columns(const Experiment& experiment, bool several_runs);

/// What a step offers to columns and stop conditions.
class ColumnScope {
 public:
  ColumnScope(Step& step, const Experiment& experiment, const KnownNames& known);

  /// The cells of one column: one, or one per coordinate for a vector; none when another function or
  /// optimizer has the name but this one doesn't. Throws InputError (place: the column) otherwise.
  std::vector<Cell> cells(const ColumnSpec& spec, const std::string& place);

  /// Makes all names unavailable that only have a meaning while an optimizer runs.
  void forget_steps();

  /// The node of a condition; `what` ("a stop condition") and `place` are for errors.
  program::NodeId condition(const std::string& text, const std::string& what, const std::string& place);

  /// Whether anything so far has asked for the point before the step.
  [[nodiscard]] bool uses_previous_point() const { return uses_previous_ || diagnostics_.uses_previous_point(); }

  /// What the columns so far remember from step to step.
  [[nodiscard]] const std::vector<Memory>& memories() const { return diagnostics_.memories(); }

 private:
  void add_state_and_hyperparameters();
  std::vector<Cell> vector_cells(const ColumnSpec& spec, program::NodeId node);

  Step& step_;
  Diagnostics diagnostics_;
  program::Scope scope_;
  bool uses_previous_ = false;
};

}  // namespace optexplore::study
