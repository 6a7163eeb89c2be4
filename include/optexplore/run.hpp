#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optexplore/experiment.hpp>
#include <optexplore/table.hpp>
#include <optional>
#include <string>
#include <vector>

namespace optexplore {

/// What a long computation shares with those who watch it, from other threads or a signal handler.
struct Control {
  const std::atomic<bool>* interrupt = nullptr;  ///< when it's true, runs end with the step that they are at
  std::atomic<std::uint64_t>* steps = nullptr;   ///< counts the steps done, those that a run's early end saves included

  [[nodiscard]] bool interrupted() const { return interrupt != nullptr && interrupt->load(std::memory_order_relaxed); }
};

struct RunOptions {
  std::vector<ColumnSpec> columns = {};  ///< none: the default columns
  std::uint64_t every = 1;               ///< record every K-th step, and always the first and the last
  std::size_t block_rows = std::numeric_limits<std::size_t>::max();  ///< at most this many rows in a block
  Control control = {};
};

/// All trajectories of an experiment as one table, block by block; the memory held does not grow with steps, runs or
/// columns. A trajectory is a group; order: functions, then optimizers, then settings, starts and seeds.
///
/// The facts of a group are "optimizer" (its label) and "type" (as OptimizerSpec::type); "function", "run" (from 1)
/// and "seed" where there are several; and "hyperparameters", each a number or a schedule's text.
class RunStream {
 public:
  /// Compiles what every trajectory needs. Throws InputError for an expression that can't be built.
  RunStream(const Experiment& experiment, const RunOptions& options);
  ~RunStream();
  RunStream(RunStream&&) noexcept;
  RunStream& operator=(RunStream&&) noexcept;

  /// Columns: the union over all functions, in output order.
  [[nodiscard]] const Schema& schema() const;
  /// Number of trajectories that the stream will deliver.
  [[nodiscard]] std::uint64_t trajectories() const;
  /// Remarks for the user that are not errors ("coordinates left out …"), each one line.
  [[nodiscard]] const std::vector<std::string>& notes() const;

  /// The next block, or nothing at the end, which an interrupt brings near: the runs under way end as `interrupted`,
  /// and no further one begins.
  std::optional<Block> next();

  /// Computes the blocks of one run, of several, or a piece of one. The stream must outlive it.
  using Job = std::function<std::vector<Block>()>;
  /// The next job, or nothing at the end: for whoever does them on several threads. Their blocks are the stream's when
  /// they are put in the order of the jobs. Not to be mixed with next().
  std::optional<Job> next_job();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace optexplore
