#pragma once

#include <cstdint>
#include <memory>
#include <optexplore/run.hpp>
#include <optional>
#include <span>
#include <vector>

#include "backend/backend.hpp"
#include "study/plan.hpp"

namespace optexplore::drive {

/// One run in a block of lanes.
struct Lane {
  std::size_t run = 0;                ///< its place among the runs of the block
  bool active = true;                 ///< still running, or at its last step now
  std::optional<Status> ending = {};  ///< set at its last step
  std::string remark = {};            ///< the last thing that went wrong without ending the run
  std::string limit = {};             ///< the first time that a loop came to its limit
  std::uint32_t missing = 0;  ///< the number of the first coordinate in which the last update had no gradient, else 0
};

/// A step that somebody wants to see: its values are known, and the update has not been done.
struct Moment {
  std::uint64_t step = 0;                     ///< updates done
  const backend::Machine* machine = nullptr;  ///< observed and recorded values are valid, lane by lane
  std::vector<Lane> lanes;                    ///< those that have ended, or only fill the block, are not active
};

/// The one loop that steps optimizers: some runs of a plan as lanes of a block, from their starts to their ends.
/// Whoever wants rows or results looks at the moments that it stops at. A lane whose run has ended is retired; when
/// half of them have, the others move to a smaller block. A run's bits don't depend on its neighbours.
class Driver {
 public:
  /// @param plan   must outlive the driver
  /// @param runs   numbers among the plan's
  /// @param every  stop at every so-manieth step as well as where a run ends; 0: only there
  Driver(const study::Plan& plan, std::span<const std::uint64_t> runs, std::uint64_t every, Control control = {});

  /// Goes on to the next moment worth seeing; null when all runs have ended. It's valid until the next call.
  const Moment* next();

  /// f at the start of each run; known from the first moment on.
  [[nodiscard]] const std::vector<double>& f_start() const { return f_start_; }

 private:
  void observe();
  void count_steps(bool at_once);
  void remember_missing();
  void look_at_faults(backend::Machine& machine);
  void end_runs();
  void advance();
  void shrink();
  void fill_in();

  const study::Plan& plan_;
  std::uint64_t every_;
  Control control_;
  std::uint64_t uncounted_ = 0;  ///< steps that control_.steps has not been told of
  std::unique_ptr<backend::Machine> machine_;
  Moment moment_;
  bool begun_ = false;
  bool has_endings_ = false;
  bool missing_somewhere_ = false;  ///< some lane's `missing` may not be 0
  bool has_new_gaps_ = false;       ///< lanes were retired since the last update
  std::size_t active_ = 0;
  std::vector<double> f_start_;
  std::vector<double> f_of_lane_, stop_of_lane_, spent_of_lane_;  ///< room for values that are the same in all lanes
};

}  // namespace optexplore::drive
