#pragma once

#include <cstdint>
#include <memory>
#include <optexplore/experiment.hpp>
#include <optexplore/run.hpp>
#include <optional>
#include <string>
#include <vector>

#include "study/study.hpp"

namespace optexplore::drive {

struct SweepOptions {
  /// When a run has reached its aim: an expression. Without one: gap < 1e-8, for functions whose minimum is known.
  std::optional<std::string> target;
  std::vector<ColumnSpec> columns;  ///< names of the sweep's columns, or expressions of a run's last point; empty: all
};

/// All runs of an experiment, one row each, by number: nothing is kept of a run but its row. Immutable; any part may
/// be computed on any thread. Order: functions, then optimizers, then settings, starts and seeds.
class Sweep {
 public:
  /// Throws InputError for expressions that can't be built, and names that no column has.
  Sweep(const Experiment& experiment, const SweepOptions& options);

  [[nodiscard]] const std::vector<ColumnInfo>& columns() const { return columns_; }
  [[nodiscard]] std::uint64_t runs() const { return study_.runs(); }

  /// Of f and of its gradient, by all runs together when none ends early.
  [[nodiscard]] study::Evaluations evaluations() const;

  /// How many runs from `first` on, and at most `most`, can share a block: those of one optimizer on one function, as
  /// many as its lanes.
  [[nodiscard]] std::uint64_t block_size(std::uint64_t first, std::uint64_t most) const;

  /// The rows of such a block.
  [[nodiscard]] RowBlock compute(std::uint64_t first, std::uint64_t count) const;

 private:
  /// Where a column's value comes from.
  enum class Source {
    run,
    function,
    optimizer,
    hyperparameter,  ///< index: of the optimizer's hyperparameters
    label,           ///< index: what the column's label is
    no_number,       ///< a hyperparameter whose value is not one number: a schedule among constants
    start,           ///< index: coordinate
    seed,
    status,
    steps,
    f_start,
    f_final,
    f_best,
    step_best,
    evals_f,
    evals_g,
    steps_to_target,
    point,     ///< index: coordinate
    recorded,  ///< index: of the plan's node cells
    none,      ///< this function or optimizer has no such thing
  };
  struct Field {
    Source source = Source::none;
    std::size_t index = 0;
  };
  /// What is known of all columns before they are chosen from.
  struct Offer {
    ColumnInfo info;
    std::string group;         ///< a name for several: "point", "start"
    std::vector<Field> field;  ///< per plan
    bool by_default = true;    ///< whether it is shown when no columns are asked for
  };
  [[nodiscard]] std::vector<Offer> offers() const;
  void offer_hyperparameters(std::vector<Offer>& offers) const;
  [[nodiscard]] Offer offer_hyperparameter(const std::string& name) const;
  void offer_coordinates(std::vector<Offer>& offers, Source source, const std::string& group) const;
  void choose(const SweepOptions& options, std::vector<Offer> all);

  study::Study study_;
  std::vector<ColumnInfo> columns_;
  std::vector<std::vector<Field>> fields_;  ///< per plan and column
  std::vector<std::shared_ptr<const TrajectoryInfo>> infos_;
};

}  // namespace optexplore::drive
