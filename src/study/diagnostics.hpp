#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "program/build.hpp"
#include "study/memories.hpp"
#include "study/step.hpp"
#include "study/vocabulary.hpp"

namespace optexplore::study {

/// A column that explains a trajectory: its name and what it is, with the formula.
struct Diagnostic {
  std::string_view name;
  std::string_view meaning;
  bool of_steps = true;   ///< else a property of the point alone
  bool is_angle = false;  ///< from 0 to pi; near 0 it has the noise of rounding
};

/// All of them, in the order of `optexplore list columns`.
const std::vector<Diagnostic>& diagnostics();

/// Whether a column is one of them that is an angle.
bool is_angle(std::string_view name);

/// Offers the diagnostics of one step to columns and stop conditions. Each is built when it is first asked for.
/// The last step is the one that led to the point, s = point - point_prev; where there is none yet, what needs it is
/// NaN.
class Diagnostics {
 public:
  Diagnostics(Step& step, Memories& memories) : step_(&step), memories_(memories) {}
  Diagnostics(const Diagnostics&) = delete;
  Diagnostics& operator=(const Diagnostics&) = delete;

  /// Adds all names to `scope`. One that this function or optimizer can't have explains why when it is asked for, but
  /// isn't there when another function or optimizer of the vocabulary has it.
  void add_to(program::Scope& scope, const Vocabulary& vocabulary);

  /// The least f so far, infinite when there was no number.
  program::NodeId best_value();
  /// The step of the least f.
  program::NodeId best_step();
  /// The first step where the condition was neither 0 nor NaN; infinite: none so far.
  program::NodeId first_step(program::NodeId condition);
  /// The step since which it has been so without a break; infinite: it is not so now.
  program::NodeId settled_step(program::NodeId condition);
  /// `value` at that step.
  program::NodeId settled_value(program::NodeId condition, program::NodeId value);
  /// What the rules have asked for so far, the start's included.
  program::NodeId evaluations(Question question);

  [[nodiscard]] bool uses_previous_point() const { return uses_previous_; }

 private:
  using NodeId = program::NodeId;
  struct Spectrum {
    NodeId lowest = program::no_node;
    NodeId highest = program::no_node;
  };

  NodeId last_step();
  NodeId previous_gradient();
  NodeId previous_step();
  NodeId path_length();
  NodeId done();
  NodeId now_if(NodeId condition);
  NodeId truth(NodeId condition);
  NodeId distance();
  NodeId gap();
  NodeId angle(NodeId u, NodeId v);
  NodeId curvature();
  NodeId learning_rate(const program::Scope& scope);
  const Spectrum& spectrum();
  Spectrum dense_spectrum();
  Spectrum lanczos_spectrum();
  NodeId norm(NodeId v) { return graph().apply(language::Op::norm, {v}); }
  program::Graph& graph() { return step_->graph(); }
  NodeId remember(program::Shape shape, double initial);
  Memory& last_memory() { return memories_[memories_.all().size() - 1]; }

  Step* step_;
  bool uses_previous_ = false;
  Memories& memories_;
  NodeId path_ = program::no_node;
  NodeId best_ = program::no_node;
  NodeId best_before_ = program::no_node;
  program::NodeId best_step_ = program::no_node;
  NodeId previous_gradient_ = program::no_node;
  NodeId previous_step_ = program::no_node;
  Counts evaluations_ = {program::no_node, program::no_node, program::no_node};
  Spectrum spectrum_;
};

}  // namespace optexplore::study
