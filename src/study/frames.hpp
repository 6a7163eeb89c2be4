#pragma once

#include <array>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "program/outline.hpp"

namespace optexplore::study {

/// How often the function is evaluated: values, gradients (a Hessian-vector product counts as one), Hessians. Scalars
/// of a graph, constants where no run can change them.
using Counts = std::array<program::NodeId, 3>;
enum class Question : unsigned char { value, gradient, hessian };

/// The bodies of loops and branches that are being built, one in another, and what rules ask of the function in them.
/// An equal question is asked once where its answer is still known; each counts where it is computed.
class Frames {
 public:
  explicit Frames(program::Graph& graph);

  void ask(Question question, program::NodeId answer);
  /// The node is computed outside of all bodies that are being built now.
  void keep_outside(program::NodeId node);

  /// From now on nodes may belong to a body of its own, those before `begin` don't; `own` are inputs that only it has.
  void open(bool repeats, std::vector<program::NodeId> own, program::NodeId begin);
  /// The nodes are computed in the innermost body, although they were made for one that is closed.
  void keep_here(std::span<const program::NodeId> nodes);
  /// The innermost body; what was asked in it is known no longer.
  program::Part close();

  /// What was counted in the innermost body since it was opened, or since the last call.
  Counts take_counts();
  void add(const Counts& counts);
  [[nodiscard]] const Counts& counts() const { return frames_.back().counts; }

 private:
  struct Frame {
    program::Part part;
    std::set<program::NodeId> asked;
    std::set<program::NodeId> here;  ///< see keep_here()
    Counts counts;
  };
  [[nodiscard]] Counts none() const;
  [[nodiscard]] program::NodeId sum(program::NodeId a, program::NodeId b) const;

  program::Graph& graph_;
  std::vector<Frame> frames_;                                        ///< the first is the whole step
  std::vector<std::pair<program::NodeId, program::NodeId>> closed_;  ///< see Part::elsewhere
};

}  // namespace optexplore::study
