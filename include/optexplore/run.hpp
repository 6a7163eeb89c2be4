#pragma once

#include <cstdint>
#include <memory>
#include <optexplore/experiment.hpp>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace optexplore {

/// Why a trajectory ended.
enum class Status { max_steps, stopped, diverged };

/// "max_steps", "stopped" or "diverged".
const char* to_string(Status status);

/// A column of the output; the union over all functions of an experiment, in output order.
struct ColumnInfo {
  enum class Kind {
    optimizer,  ///< text: the optimizer's label (a constant of the trajectory)
    function,   ///< text: the function's name (a constant of the trajectory)
    integer,    ///< a whole number below 2^53, stored as a double: step, run, seed
    number,     ///< a double
    choice,     ///< text: the value is an index into `labels`, NaN where the column is not present
  };
  std::string name;
  Kind kind = Kind::number;
  std::vector<std::string> labels = {};
};

/// What is fixed for one trajectory.
struct TrajectoryInfo {
  std::size_t index = 0;  ///< position in the output, from 0
  std::string optimizer;  ///< label
  std::string type;       ///< as OptimizerSpec::type
  std::string function;   ///< name
  std::uint64_t run = 0;  ///< number of the run in the whole experiment, from 1
  std::uint64_t seed = 0;
  /// name ("lr", "adam.lr" where several rules of a chain have it) and value: a number, or the text of a schedule or
  /// a choice
  std::vector<std::pair<std::string, std::variant<double, std::string>>> hyperparameters;
  std::vector<bool> present;  ///< per column: false where this function has no such coordinate
};

/// Consecutive rows of one trajectory.
struct RowBlock {
  std::shared_ptr<const TrajectoryInfo> trajectory;
  std::size_t rows = 0;
  /// rows × number of ColumnInfos whose kind is integer, number or choice, row-major, in column order;
  /// NaN where the column is not present
  std::vector<double> values;
  bool first = false;  ///< begins the trajectory
  bool last = false;   ///< ends it; then the members below are set
  Status status = Status::max_steps;
  std::uint64_t steps = 0;  ///< updates done
};

struct RunOptions {
  std::vector<ColumnSpec> columns = {};  ///< none: the default columns
  std::uint64_t every = 1;               ///< record every K-th step, and always the first and the last
  std::size_t block_rows = 1024;         ///< at most this many rows in a RowBlock
};

/// All trajectories of an experiment as one ordered stream of row blocks; the memory held does not grow
/// with steps or runs. Order: functions, then optimizers, then settings, starts and seeds.
class RunStream {
 public:
  /// Compiles what every trajectory needs. Throws InputError for an expression that can't be built.
  RunStream(const Experiment& experiment, const RunOptions& options);
  ~RunStream();
  RunStream(RunStream&&) noexcept;
  RunStream& operator=(RunStream&&) noexcept;

  [[nodiscard]] const std::vector<ColumnInfo>& columns() const;
  /// Number of trajectories that the stream will deliver.
  [[nodiscard]] std::uint64_t trajectories() const;
  /// Remarks for the user that are not errors ("coordinates left out …"), each one line.
  [[nodiscard]] const std::vector<std::string>& notes() const;

  /// The next block, or nothing at the end.
  std::optional<RowBlock> next();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace optexplore
