#pragma once

#include <cstdint>
#include <memory>
#include <optexplore/run.hpp>
#include <utility>
#include <vector>

#include "backend/interpreter/machine.hpp"
#include "study/plan.hpp"

namespace optexplore::drive {

/// One run of a plan, producing its recorded rows piece by piece.
class Trajectory {
 public:
  /// Where a row has what.
  struct Layout {
    std::size_t width = 0;                 ///< numbers in a row
    std::vector<std::size_t> node_places;  ///< for each node cell of the plan in order
    std::vector<std::size_t> step_places;
    std::vector<std::size_t> run_places;
    std::vector<std::size_t> seed_places;
    std::vector<std::pair<std::size_t, double>> choices;  ///< place, and what stands there in all rows
  };

  Trajectory(const study::Plan& plan, const Layout& layout, const RunOptions& options, std::uint64_t run_of_plan,
             std::uint64_t run_number);

  /// Appends up to options.block_rows rows to `block` and sets its rows, last, status and steps.
  void fill(RowBlock& block);

 private:
  [[nodiscard]] bool finite() const;
  void write_row(std::vector<double>& values);

  const study::Plan* plan_;
  const Layout* layout_;
  RunOptions options_;
  backend::Machine machine_;
  std::uint64_t step_ = 0;
  double run_number_;
  double seed_;
};

}  // namespace optexplore::drive
