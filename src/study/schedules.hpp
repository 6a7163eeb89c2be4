#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optexplore/parsed.hpp>
#include <span>
#include <vector>

#include "program/build.hpp"
#include "program/graph.hpp"

namespace optexplore::backend {
class Executable;
}

namespace optexplore::study {

/// Adds the catalogue's schedules as functions: cosine_decay(0.1) is a node that depends on t. A schedule is only
/// read when it is called. Their arguments may be given by name; after(start, schedule) counts t from `start`.
/// @param t      number of the update, from 1
/// @param steps  number of updates of the run
void add_schedules(program::Scope& scope, program::Graph& graph, program::NodeId t, program::NodeId steps);

/// Values that depend on t and on what stays the same in a run, step by step.
class Clockwork {
 public:
  /// @param t       the input with the number of the update
  /// @param values  scalars of the graph
  /// @param inputs  the other inputs that they depend on, scalars
  Clockwork(const program::Graph& graph, program::NodeId t, const std::vector<program::NodeId>& values,
            const std::vector<program::NodeId>& inputs);

  /// Calls take(t, values) for the updates 1 … steps, until it returns false.
  /// @param inputs  their values
  void each_step(std::uint64_t steps, std::span<const double> inputs,
                 const std::function<bool(std::uint64_t t, std::span<const double> values)>& take) const;

 private:
  std::shared_ptr<const backend::Executable> executable_;
};

/// The values of an expression of t and steps at the updates 1 … steps. Throws InputError when it isn't one.
std::vector<double> schedule_values(const Formula& schedule, std::uint64_t steps);

}  // namespace optexplore::study
