#pragma once

#include <cstdint>
#include <memory>
#include <optexplore/run.hpp>
#include <vector>

#include "backend/backend.hpp"
#include "study/plan.hpp"

namespace optexplore::drive {

/// One run of a plan, producing its recorded rows piece by piece.
class Trajectory {
 public:
  /// Where what changes from row to row stands in a row of Block::numbers.
  struct Layout {
    std::size_t width = 0;                 ///< numbers in a row
    std::vector<std::size_t> node_places;  ///< of each node cell of the plan, in order
    std::vector<std::size_t> step_places;
  };

  Trajectory(const study::Plan& plan, const Layout& layout, const Experiment& experiment, const RunOptions& options,
             std::uint64_t run_of_plan);

  /// Appends up to options.block_rows rows to `block`'s numbers and sets its rows and, with the last one, its ending.
  void fill(Block& block);

 private:
  [[nodiscard]] bool finite() const;
  void write_row(std::vector<double>& numbers);

  const study::Plan* plan_;
  const Layout* layout_;
  const Experiment* experiment_;
  RunOptions options_;
  std::unique_ptr<backend::Machine> machine_;
  std::uint64_t step_ = 0;
};

}  // namespace optexplore::drive
