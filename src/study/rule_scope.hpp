#pragma once

#include <cstdint>
#include <functional>
#include <set>

#include "program/build.hpp"
#include "study/frames.hpp"
#include "study/objective.hpp"
#include "study/view.hpp"

namespace optexplore::study {

/// What the rules of a step are built into.
struct RuleSurroundings {
  program::Graph& graph;
  Objective& objective;
  Frames& frames;
  std::uint64_t steps = 0;                 ///< what "steps" is in texts
  std::size_t blocks = 1;                  ///< how many the point has
  program::NodeId point;                   ///< at which the step begins
  program::NodeId t;                       ///< number of the update
  std::function<program::NodeId()> ask_g;  ///< the gradient there, for a rule
  std::set<program::NodeId>& used_gradients;
};

/// Where a chain of rules is, in terms of what those before have made.
struct Position {
  program::NodeId x = program::no_node;
  program::NodeId g = program::no_node;  ///< no_node: nobody has asked for it
  bool moves = false;                    ///< whether a rule has assigned x
};

/// The names that the texts of a rule see which is applied to a view of the point. f, grad and hvp are those of the
/// whole function, whose other coordinates stay where they are before the rule.
class RuleScope {
 public:
  /// @param whole   all that the rule is for: the point, or the blocks of its group
  /// @param before  the position before the rule; what it lacks is made when it is asked for
  RuleScope(const RuleSurroundings& around, const View& view, const View& whole, Position& before);
  RuleScope(const RuleScope&) = delete;  // names point into it
  RuleScope& operator=(const RuleScope&) = delete;

  /// t, steps, schedules, and of the whole point: n, the domain. What the values of hyperparameters may use.
  static program::Scope words(const RuleSurroundings& around);
  /// Of the view: n, rank, rows, cols, draws, the domain.
  program::Scope own_words();
  /// What initial values see, besides: the start as x, and the function; questions count in `frames`.
  void add_start(program::Scope& scope, Frames& frames);
  /// What updates see, besides: x, g and the function.
  void add_position(program::Scope& scope);
  /// A value for each coordinate of the point, such as a hyperparameter's: what belongs to the view.
  program::NodeId part_of(program::NodeId values);

  /// Assigns to x or g. Throws InputError where the shape doesn't fit.
  void store(const std::string& name, program::NodeId value);

  [[nodiscard]] const View& view() const { return view_; }
  program::NodeId x = program::no_node;
  program::NodeId g = program::no_node;  ///< no_node: nobody has asked for it
  bool sets_x = false;
  bool sets_g = false;

  /// Whether a name was used that means something else for each view, as far as they are several.
  [[nodiscard]] bool tells_views_apart() const { return tells_views_apart_; }
  /// Whether the function was evaluated elsewhere than at the point, or a Hessian was asked for.
  [[nodiscard]] bool evaluates() const { return evaluates_; }
  /// Whether the view may as well be taken as several: what was assigned, and other results of the rule, go coordinate
  /// by coordinate.
  /// @param known  what the results depend on besides the point and the gradient
  [[nodiscard]] bool coordinatewise(std::vector<program::NodeId> results, std::set<program::NodeId> known) const;

 private:
  void add_functions(program::Scope& scope, const program::NodeId& x, const program::NodeId& rest, Frames& frames);
  void add_draws(program::Scope& scope);

  const RuleSurroundings& around_;
  const View& view_;
  const View& whole_;
  Position& before_;
  std::set<program::NodeId> given_;  ///< what was there for each coordinate
  bool tells_views_apart_ = false;
  bool evaluates_ = false;
};

/// f(v), grad(v) and hvp(v,u) of whole points in a scope. `turned` is applied to what they are of the minimized
/// function.
void add_point_functions(program::Scope& scope, program::Graph& graph, Objective& objective,
                         const std::function<program::NodeId(program::NodeId)>& turned);

}  // namespace optexplore::study
