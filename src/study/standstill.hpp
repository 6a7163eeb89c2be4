#pragma once

#include <cstdint>
#include <map>
#include <optexplore/experiment.hpp>
#include <optexplore/table.hpp>
#include <string>
#include <vector>

namespace optexplore::study {

/// The share of the way from a run's start to the known minimizer nearest to it that lies between its start and its
/// last point. NaN: none is known, or the start is one.
double share_of_way(const FunctionSpec& function, const std::vector<double>& start, const std::vector<double>& last);

/// Watches for optimizers that hardly moved, as with a framework's learning rate of 0.001 on a function of size 10.
class Standstill {
 public:
  void observe(const Group& trajectory, const Ending& ending);

  /// A note for each optimizer none of whose runs has come far, with what to try.
  [[nodiscard]] std::vector<std::string> notes(const Experiment& experiment) const;

 private:
  std::map<std::string, double> farthest_;  ///< by the optimizer's label: share of the way, infinite: nobody knows
};

}  // namespace optexplore::study
