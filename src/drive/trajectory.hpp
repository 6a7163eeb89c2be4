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
  /// @param layout  for each node cell of the plan in order, its place in a row
  /// @param specials  places of the cells that are not nodes, with their constant value; step has value -1
  struct Layout {
    std::size_t width = 0;  ///< numbers in a row
    std::vector<std::size_t> node_places;
    std::vector<std::size_t> step_places;
    std::vector<std::size_t> run_places;
    std::vector<std::size_t> seed_places;
  };

  Trajectory(const study::Plan& plan, const Layout& layout, const Experiment& experiment, const RunOptions& options,
             std::uint64_t run_of_plan, std::uint64_t run_number);

  /// Appends up to options.block_rows rows to `block` and sets its rows, last, status and steps.
  void fill(RowBlock& block);

 private:
  [[nodiscard]] bool finite() const;
  void write_row(std::vector<double>& values);

  const study::Plan* plan_;
  const Layout* layout_;
  const Experiment* experiment_;
  RunOptions options_;
  std::unique_ptr<backend::Machine> machine_;
  std::uint64_t step_ = 0;
  double run_number_;
  double seed_;
};

}  // namespace optexplore::drive
