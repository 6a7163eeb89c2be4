#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optexplore/experiment.hpp>
#include <optexplore/run.hpp>
#include <optional>
#include <string>
#include <vector>

#include "drive/blocks.hpp"
#include "study/study.hpp"

namespace optexplore::drive {

struct SweepOptions {
  /// When a run has reached its aim: an expression. Without one: gap < 1e-8, for functions whose minimum is known.
  std::optional<std::string> target;
  std::vector<ColumnSpec> columns;  ///< names of the sweep's columns, or expressions of a run's last point; empty: all
  Control control = {};             ///< after an interrupt the rows of runs that were under way are worthless
};

/// All runs of an experiment, one row each, by number: nothing is kept of a run but its row. Immutable; any part may
/// be computed on any thread. Order: functions, then optimizers, then settings, starts and seeds.
class Sweep {
 public:
  /// Throws InputError for expressions that can't be built, and names that no column has.
  Sweep(const Experiment& experiment, const SweepOptions& options);
  Sweep(const Sweep&) = delete;  // its plans point into its experiment
  Sweep& operator=(const Sweep&) = delete;

  [[nodiscard]] const Schema& schema() const { return schema_; }
  [[nodiscard]] std::uint64_t runs() const { return study_.runs(); }

  /// Of f and of its gradient, by all runs together when none ends early.
  [[nodiscard]] std::optional<study::Evaluations> evaluations() const;

  /// The rows of runs first … first+count-1, all of one optimizer on one function; see RunBlocks.
  [[nodiscard]] Block compute(std::uint64_t first, std::uint64_t count) const;

 private:
  friend class RunBlocks;
  /// Where a column's value comes from.
  enum class Source {
    run,
    function,
    optimizer,
    hyperparameter,  ///< index: of the optimizer's hyperparameters
    value_label,     ///< index: of the optimizer's hyperparameters; the label that its value's text has
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
    evals_h,
    steps_to_target,
    steps_to_settle,
    point,     ///< index: coordinate
    recorded,  ///< index: of the plan's node cells
    none,      ///< this function or optimizer has no such thing
  };
  struct Field {
    Source source = Source::none;
    std::size_t index = 0;
    std::shared_ptr<const std::map<std::string, double>> labels = {};  ///< value_label: the labels' numbers
  };
  /// What is known of all columns before they are chosen from.
  struct Offer {
    Column info;
    std::string group;         ///< a name for several: "point", "start"
    std::vector<Field> field;  ///< per plan
    bool by_default = true;    ///< whether it is shown when no columns are asked for
  };
  [[nodiscard]] bool asks_for_hessians() const;
  [[nodiscard]] std::vector<Offer> offers(const std::vector<ColumnSpec>& asked) const;
  void offer_hyperparameters(std::vector<Offer>& offers) const;
  static double label_of(const Field& field, const study::Plan& plan, const std::vector<double>& settings);
  [[nodiscard]] Offer offer_hyperparameter(const std::string& name) const;
  void offer_coordinates(std::vector<Offer>& offers, Source source, const std::string& group, std::size_t most) const;
  void choose(const SweepOptions& options, std::vector<Offer> all);
  void place_values(const std::vector<Offer>& chosen, std::size_t plan);

  study::Study study_;
  Control control_;
  Schema schema_;
  std::vector<std::vector<Field>> fields_;                           ///< per plan: of the numbers in a row
  std::vector<std::shared_ptr<const std::vector<Values>>> columns_;  ///< per plan: where its blocks have their values
};

/// Cuts runs of a sweep into blocks that can be computed: of one optimizer on one function, and at most as many as have
/// room in its lanes and in a block of a table.
class RunBlocks {
 public:
  /// Runs first … end-1.
  /// @param threads  how many will compute them
  RunBlocks(const Sweep& sweep, std::uint64_t first, std::uint64_t end, unsigned threads = 1);

  /// The next block, or nothing at the end.
  std::optional<BlockCutter::Part> next();

 private:
  const Sweep* sweep_;
  std::uint64_t first_;  ///< of the runs that are not in plan_
  std::uint64_t end_;
  unsigned threads_;
  unsigned blocks_ = 1;              ///< how many each plan should have at least
  std::optional<BlockCutter> plan_;  ///< of one optimizer on one function
};

}  // namespace optexplore::drive
