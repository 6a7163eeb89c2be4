#include "analysis/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optexplore/error.hpp>
#include <set>
#include <tuple>
#include <variant>

#include "analysis/statistics.hpp"
#include "program/random.hpp"
#include "study/draw_sites.hpp"

namespace optexplore::analysis {
namespace {

/// An outcome takes 32 bytes, and all of an optimizer's are kept until its best setting is known.
constexpr std::uint64_t most_runs = 100'000'000;

std::vector<std::uint64_t> all(std::uint64_t count) {
  std::vector<std::uint64_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), std::uint64_t{0});
  return numbers;
}

/// `count` of the numbers 0 … total-1, ascending, all choices equally likely: R. W. Floyd's algorithm (Bentley, "A
/// sample of brilliance", CACM 1987).
std::vector<std::uint64_t> choose(std::uint64_t count, std::uint64_t total, program::RandomKey key,
                                  std::uint32_t site) {
  std::set<std::uint64_t> chosen;
  for (std::uint64_t i = total - count; i < total; ++i) {
    const double u = program::draw(language::Draw::uniform, key, 0, site, i);
    const auto k = static_cast<std::uint64_t>(u * static_cast<double>(i + 1));
    if (!chosen.insert(std::min(k, i)).second) chosen.insert(i);
  }
  return {chosen.begin(), chosen.end()};
}

/// With as many random settings as tuning asks for.
Experiment with_samples(Experiment experiment, const std::optional<Tuning>& tuning) {
  if (tuning)
    for (OptimizerSpec& optimizer : experiment.optimizers)
      if (experiment::drawn_at_random(optimizer)) optimizer.samples = std::max(optimizer.samples, tuning->settings);
  return experiment;
}

class Comparer {
 public:
  Comparer(const Experiment& experiment, const Options& options)
      : options_(options),
        trials_(with_samples(experiment, options.tuning),
                {options.target, options.cost, options.tuning.has_value(), options.jobs, [this](std::uint64_t more) {
                   done_ += more;
                   if (options_.progress) options_.progress(done_, total_);
                 }}) {
    result_.seed = experiment.seed;
    choose_settings();
    split_starts();
    count_runs();
  }

  Comparison run() {
    for (std::size_t o = 0; o < optimizers().size(); ++o) judge(o);
    find_references();
    for (Entry& entry : result_.entries)
      for (std::size_t p = 0; p < entry.outcomes.size(); ++p)
        entry.gaps.push_back(entry.outcomes[p].final - result_.references[result_.problems[p].function]);
    rank();
    return std::move(result_);
  }

 private:
  [[nodiscard]] const std::vector<OptimizerSpec>& optimizers() const { return trials_.experiment().optimizers; }

  void choose_settings() {
    for (std::size_t o = 0; o < optimizers().size(); ++o) {
      const std::uint64_t total = trials_.settings(o);
      if (total > most_runs) fail_too_many();
      if (!options_.tuning || total == 1) {  // a single one leaves nothing to tune
        settings_.push_back(all(total));
        continue;
      }
      const std::uint64_t wanted = options_.tuning->settings;
      if (total < wanted)
        throw InputError("'" + optimizers()[o].label + "' has " + std::to_string(total) +
                             " settings, but each is to try " + std::to_string(wanted) +
                             "; \"loguniform\" and \"uniform\" give any number",
                         "", "--tune");
      settings_.push_back(choose(wanted, total, {trials_.experiment().seed, o}, study::tuned_settings_site));
    }
  }

  void split_starts() {
    const std::uint64_t starts = trials_.starts();
    std::vector<std::uint64_t> tuning;
    if (options_.tuning) {
      const std::uint64_t wanted = options_.tuning->starts.value_or(starts / 2);
      if (starts < 2)
        throw InputError(
            "tuning needs starts to tune on and others to judge on, found one start; give several, as in "
            "\"start\": {\"domain\": 20}",
            "", "--tune");
      if (wanted >= starts)
        throw InputError(std::to_string(wanted) + " of " + std::to_string(starts) + " starts leave none to judge on",
                         "", "--tune-starts");
      tuning = choose(wanted, starts, {trials_.experiment().seed, 0}, study::tuning_starts_site);
      result_.tuning_starts = wanted;
    }
    if (trials_.problems() > most_runs) fail_too_many();
    for (std::uint64_t p = 0; p < trials_.problems(); ++p) {
      if (std::binary_search(tuning.begin(), tuning.end(), trials_.start_of(p))) {
        tuning_problems_.push_back(p);
        continue;
      }
      judged_problems_.push_back(p);
      const std::size_t f = trials_.function_of(p);
      result_.problems.push_back({f, trials_.experiment().functions[f].dim, trials_.has_target(f)});
    }
  }

  void count_runs() {
    for (const std::vector<std::uint64_t>& settings : settings_) {
      const bool tuned = options_.tuning && settings.size() > 1;
      const std::uint64_t problems = tuned ? tuning_problems_.size() : judged_problems_.size();
      if (settings.size() > most_runs / std::max<std::uint64_t>(problems, 1)) fail_too_many();
      total_ += settings.size() * problems + (tuned ? judged_problems_.size() : 0);
    }
    if (total_ > most_runs) fail_too_many();
  }

  [[noreturn]] static void fail_too_many() {
    throw InputError("the experiment means more than " + std::to_string(most_runs) +
                     " runs, whose outcomes would have to be kept; `sweep` writes any number");
  }

  void judge(std::size_t o) {
    const std::vector<std::uint64_t>& settings = settings_[o];
    Entry entry;
    entry.optimizer = o;
    entry.label = optimizers()[o].label;
    entry.settings = settings.size();
    for (std::size_t f = 0; f < trials_.experiment().functions.size(); ++f)
      entry.steps = std::max(entry.steps, trials_.steps(o, f));
    const bool tuned = options_.tuning && settings.size() > 1;
    auto outcomes = trials_.run(o, settings, tuned ? tuning_problems_ : judged_problems_);
    if (options_.every_setting) {
      for (std::size_t s = 0; s < settings.size(); ++s) {
        name_setting(entry, settings[s]);
        entry.outcomes = std::move(outcomes[s]);
        result_.entries.push_back(entry);
      }
      return;
    }
    const Choice choice = best_of(o, outcomes, tuned ? tuning_problems_ : judged_problems_);
    const std::size_t best = choice.best;
    name_setting(entry, settings[best]);
    entry.range_ends = range_ends(o, settings, choice);
    if (tuned) {
      entry.tuning_runs = settings.size() * tuning_problems_.size();
      entry.outcomes = std::move(trials_.run(o, {&settings[best], 1}, judged_problems_).front());
    } else {
      entry.outcomes = std::move(outcomes[best]);
    }
    result_.entries.push_back(std::move(entry));
  }

  void name_setting(Entry& entry, std::uint64_t setting) const {
    entry.setting = trials_.setting_text(entry.optimizer, setting);
    entry.rounded_setting = trials_.setting_text(entry.optimizer, setting, 4);
  }

  /// Which of the settings tried is the best.
  struct Choice {
    std::size_t best = 0;
    std::vector<std::size_t> equal;  ///< all that are as good, itself too
  };

  /// Least expected running time, then least median of final f, then first. Here a run that ended early unsolved is
  /// charged all of its budget: a setting that diverges at once must not look cheap.
  [[nodiscard]] Choice best_of(std::size_t o, const std::vector<std::vector<Outcome>>& outcomes,
                               const std::vector<std::uint64_t>& problems) const {
    const auto score = [&](const std::vector<Outcome>& of) {
      double spent = 0, solved = 0;
      std::vector<double> final;
      for (std::size_t p = 0; p < of.size(); ++p) {
        const std::size_t f = trials_.function_of(problems[p]);
        if (trials_.has_target(f)) {
          spent += of[p].solved() ? of[p].spent : std::max(of[p].spent, trials_.budget(o, f));
          solved += of[p].solved() ? 1 : 0;
        }
        final.push_back(of[p].final - trials_.experiment().functions[f].minimum.value_or(0));
      }
      std::sort(final.begin(), final.end());
      return std::tuple(expected_running_time(spent, solved), quantile(final, 0.5));
    };
    Choice choice{0, {0}};
    auto best_score = score(outcomes[0]);
    for (std::size_t s = 1; s < outcomes.size(); ++s) {
      const auto other = score(outcomes[s]);
      if (other < best_score) {
        choice = {s, {s}};
        best_score = other;
      } else if (other == best_score) {
        choice.equal.push_back(s);
      }
    }
    return choice;
  }

  /// Hyperparameters whose best value is the least or the greatest of several tried, and of every setting that is as
  /// good as the best.
  [[nodiscard]] std::vector<RangeEnd> range_ends(std::size_t o, const std::vector<std::uint64_t>& settings,
                                                 const Choice& choice) const {
    std::vector<std::vector<double>> values;  // per hyperparameter that varies and per setting
    for (const std::uint64_t setting : settings) {
      const auto varied = trials_.varied(o, setting);
      values.resize(varied.size());
      for (std::size_t k = 0; k < varied.size(); ++k) values[k].push_back(varied[k].second);
    }
    const auto best = trials_.varied(o, settings[choice.best]);
    std::vector<RangeEnd> ends;
    for (std::size_t k = 0; k < values.size(); ++k) {
      const auto [least, greatest] = std::ranges::minmax(values[k]);
      const double value = best[k].second;
      const bool alone = std::ranges::all_of(choice.equal, [&](std::size_t s) { return values[k][s] == value; });
      if (least < greatest && alone && (value == least || value == greatest))
        ends.push_back({best[k].first, value, value == greatest});
    }
    return ends;
  }

  void find_references() {
    const std::vector<FunctionSpec>& functions = trials_.experiment().functions;
    for (std::size_t f = 0; f < functions.size(); ++f) {
      result_.reference_is_known.push_back(functions[f].minimum.has_value());
      result_.references.push_back(functions[f].minimum.value_or(trials_.least()[f]));
    }
  }

  /// Problem by problem: solved runs by what they spent, in front of the others by final f.
  void rank() {
    std::vector<Entry>& entries = result_.entries;
    for (Entry& entry : entries) entry.ranks.resize(result_.problems.size());
    std::vector<std::tuple<double, double>> keys(entries.size());
    for (std::size_t p = 0; p < result_.problems.size(); ++p) {
      constexpr double inf = std::numeric_limits<double>::infinity();
      for (std::size_t e = 0; e < entries.size(); ++e) {
        const Outcome& outcome = entries[e].outcomes[p];
        keys[e] = outcome.solved() ? std::tuple(outcome.spent, 0.0) : std::tuple(inf, outcome.final);
      }
      // Ranks are of numbers: the place of each key among the different ones.
      std::vector<std::tuple<double, double>> sorted = keys;
      std::sort(sorted.begin(), sorted.end());
      std::vector<double> places;
      for (const auto& key : keys)
        places.push_back(static_cast<double>(std::lower_bound(sorted.begin(), sorted.end(), key) - sorted.begin()));
      const std::vector<double> of = ranks(places);
      for (std::size_t e = 0; e < entries.size(); ++e) entries[e].ranks[p] = of[e];
    }
  }

  const Options& options_;
  std::uint64_t done_ = 0;
  std::uint64_t total_ = 0;
  Trials trials_;
  std::vector<std::vector<std::uint64_t>> settings_;  ///< per optimizer: those that it tries
  std::vector<std::uint64_t> tuning_problems_;
  std::vector<std::uint64_t> judged_problems_;
  Comparison result_;
};

}  // namespace

Comparison compare(const Experiment& experiment, const Options& options) { return Comparer(experiment, options).run(); }

}  // namespace optexplore::analysis
