#pragma once

#include <map>
#include <optexplore/run.hpp>
#include <optional>
#include <string>
#include <vector>

#include "study/diagnostics.hpp"
#include "study/hypergradients.hpp"
#include "study/step.hpp"
#include "study/vocabulary.hpp"

namespace optexplore::study {

/// Coordinates are default columns up to this dimension.
inline constexpr std::size_t max_default_coordinates = 1000;

/// One output column of one function and optimizer.
struct Cell {
  enum class Source { optimizer, function, run, step, seed, node, choice };
  std::string name;
  Source source = Source::node;
  program::NodeId node = program::no_node;  ///< source node: a scalar
  std::string text = {};                    ///< source choice: the same in all runs
};

/// The number of the coordinate of that name.
/// @throws InputError naming `flag` and the nearest name
std::size_t find_coordinate(const FunctionSpec& function, const std::string& name, const std::string& flag);

/// The columns of an experiment that names none.
std::vector<ColumnSpec> default_columns(const Experiment& experiment, bool several_runs);

/// What a step offers to columns and stop conditions.
class ColumnScope {
 public:
  /// What there is besides the function's own values.
  enum class Has {
    steps,   ///< an optimizer runs
    points,  ///< none does: names that only have a meaning then are not available
  };
  /// The referents must outlive it.
  ColumnScope(Step& step, const Vocabulary& vocabulary, Has has = Has::steps);
  ColumnScope(const ColumnScope&) = delete;  // its names point into it
  ColumnScope& operator=(const ColumnScope&) = delete;

  /// The cells of one column: one, or one per coordinate for a vector; none when another function or
  /// optimizer has the name but this one doesn't. Throws InputError (place: the column) otherwise.
  std::vector<Cell> cells(const ColumnSpec& spec, const std::string& place);

  /// The node of a condition; `what` ("a stop condition") and `place` are for errors.
  program::NodeId condition(const Formula& formula, const std::string& what, const std::string& place);

  /// The least f so far, the step where it was, the first step where a condition held (infinite: none so far), and the
  /// one since which it has held (infinite: it doesn't now).
  program::NodeId best_value() { return diagnostics_.best_value(); }
  program::NodeId best_step() { return diagnostics_.best_step(); }
  program::NodeId first_step(program::NodeId condition) { return diagnostics_.first_step(condition); }
  program::NodeId settled_step(program::NodeId condition) { return diagnostics_.settled_step(condition); }
  /// `value` at the latter.
  program::NodeId settled_value(program::NodeId condition, program::NodeId value) {
    return diagnostics_.settled_value(condition, value);
  }
  /// What the rules have asked for so far, the start's included.
  program::NodeId evaluations(Question question) { return diagnostics_.evaluations(question); }

  /// Whether anything so far has asked for the point before the step.
  [[nodiscard]] bool uses_previous_point() const { return uses_previous_ || diagnostics_.uses_previous_point(); }

  /// What the columns so far remember from step to step.
  [[nodiscard]] const std::vector<Memory>& memories() const { return memories_.all(); }

 private:
  void add_states();
  void add_hyperparameters();
  /// A state by a name such as "state.m": of all blocks, and of each, "state.m.W".
  void add_state(const std::string& name, const std::vector<const StateVariable*>& parts);
  void offer(const std::string& name, program::NodeId node);
  program::Scope::Make block_of(const std::string& name);
  void add_coordinates();
  void forget_steps();
  /// Whether a name in it belongs to another function or optimizer of the experiment, and to this one not.
  [[nodiscard]] bool lacks_names_of(const Formula& formula) const;
  [[nodiscard]] std::optional<Cell> choice_cell(const std::string& name) const;
  std::vector<Cell> vector_cells(const ColumnSpec& spec, program::NodeId node);
  /// Element `i` of a vector, made when it is asked for.
  program::Scope::Make element_of(const program::Scope::Make& vector, std::size_t i);

  Step& step_;
  const Vocabulary& vocabulary_;
  Memories memories_;
  Diagnostics diagnostics_;
  Hypergradients hypergradients_;
  program::Scope scope_;
  std::map<std::string, program::Scope::Make>
      per_coordinate_;  ///< states, hyperparameters and derivatives with an element for each
  /// Of states of several blocks, when they are asked for.
  std::map<program::NodeId, std::function<std::vector<std::string>()>> element_names_;
  bool uses_previous_ = false;
};

}  // namespace optexplore::study
