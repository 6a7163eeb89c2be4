#pragma once

#include <map>
#include <vector>

#include "study/memories.hpp"
#include "study/step.hpp"

namespace optexplore::study {

/// Derivatives of a run with respect to its hyperparameters: tangents of the point and of the states, carried forward
/// from step to step (Franceschi, Donini, Frasconi & Pontil 2017, "Forward and reverse gradient-based hyperparameter
/// optimization", section 3.2).
class Hypergradients {
 public:
  /// The referents must outlive it.
  Hypergradients(Step& step, Memories& memories) : step_(step), memories_(memories) {}

  /// Of the point, coordinate by coordinate.
  /// @param hyperparameter  its number among the step's
  /// @throws InputError where the hyperparameter is no number, or something in the step has no derivative
  program::NodeId of_point(std::size_t hyperparameter) { return carried(hyperparameter).point; }
  /// Of f at the point.
  program::NodeId of_value(std::size_t hyperparameter) { return carried(hyperparameter).value; }

 private:
  struct Carried {
    program::NodeId point;
    program::NodeId value;
  };
  const Carried& carried(std::size_t hyperparameter);

  Step& step_;
  Memories& memories_;
  std::map<std::size_t, Carried> known_;
};

}  // namespace optexplore::study
