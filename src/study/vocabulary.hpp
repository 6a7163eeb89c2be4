#pragma once

#include <optexplore/experiment.hpp>
#include <set>
#include <string>
#include <vector>

namespace optexplore::study {

/// The names that a state variable or a hyperparameter has in columns: "state.m" and "state.adam.m"; "hp.lr" and
/// "hp.sgd2.lr".
/// @param use  the unique name of the rule's use in its chain
std::vector<std::string> dotted(const std::string& prefix, const std::string& use, const std::string& name);

/// All names that occur somewhere in an experiment's functions and optimizers. What one of them lacks is an empty cell
/// there, and not an error, when another one has it.
class Vocabulary {
 public:
  /// `experiment` must outlive it.
  explicit Vocabulary(const Experiment& experiment);

  [[nodiscard]] bool has(const std::string& name) const;

 private:
  [[nodiscard]] bool is_coordinate(std::string_view name) const;

  const std::vector<FunctionSpec>* functions_;
  std::set<std::string> names_;     ///< of states and hyperparameters, and of diagnostics that not everyone has
  std::set<std::string> prefixes_;  ///< what a coordinate's name may follow: "state.m."
};

}  // namespace optexplore::study
