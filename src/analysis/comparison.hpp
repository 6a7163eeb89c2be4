#pragma once

#include <cstdint>
#include <functional>
#include <optexplore/experiment.hpp>
#include <optional>
#include <string>
#include <vector>

#include "analysis/trials.hpp"

namespace optexplore::analysis {

/// Fair tuning: every optimizer may try as many settings, on starts that it isn't judged on, and every run may spend
/// as many evaluations.
struct Tuning {
  std::uint64_t settings = 0;           ///< each optimizer tries
  std::optional<std::uint64_t> starts;  ///< to tune on; default: half of them
};

struct Options {
  std::optional<std::string> target;
  std::optional<std::string> cost;  ///< of evaluations: "evals_f + n*evals_g"
  bool every_setting = false;       ///< an entry for each setting and not only for an optimizer's best
  std::optional<Tuning> tuning;
  unsigned jobs = 0;
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;  ///< so far
};

/// A hyperparameter whose best value stands at an end of those that were tried: a better one may lie beyond.
struct RangeEnd {
  std::string name;
  double value = 0;
  bool greatest = false;  ///< else the least
};

/// An optimizer with one setting, and what its runs gave.
struct Entry {
  std::size_t optimizer = 0;
  std::string label;
  std::string setting;               ///< "lr=0.1"; empty when nothing varies
  std::string rounded_setting;       ///< the same in four digits
  std::uint64_t settings = 1;        ///< among how many it was chosen
  std::vector<RangeEnd> range_ends;  ///< of the setting, when it was chosen among several
  std::uint64_t tuning_runs = 0;
  std::uint64_t steps = 0;        ///< of each run, at most; with equal evaluations fewer where a step costs more
  std::vector<Outcome> outcomes;  ///< per problem
  std::vector<double> gaps;       ///< per problem: final f - reference
  std::vector<double> ranks;      ///< per problem, among the entries: solved first, by what they spent; then by final f
};

/// What all entries were judged on.
struct Problem {
  std::size_t function = 0;
  std::size_t dim = 0;
  bool has_target = false;
};

struct Comparison {
  std::vector<Problem> problems;
  std::vector<Entry> entries;
  std::vector<double> references;        ///< per function: the known minimum, or else the least f of any run
  std::vector<bool> reference_is_known;  ///< per function
  std::uint64_t tuning_starts = 0;
  std::uint64_t seed = 0;  ///< the experiment's
};

/// Does all runs. A run is solved when it reached its target and stayed there until its end. An optimizer's best
/// setting has the least expected running time over all problems, where a run that ended early unsolved is charged all
/// of its budget; if none is solved, it has the least median gap; of equal ones it is the first. Throws InputError for
/// expressions that can't be built and for experiments that can't be tuned as asked.
Comparison compare(const Experiment& experiment, const Options& options);

}  // namespace optexplore::analysis
