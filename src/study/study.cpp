#include "study/study.hpp"

#include <algorithm>
#include <optexplore/error.hpp>

#include "text/place.hpp"

namespace optexplore::study {
namespace {

constexpr std::uint64_t most_runs = std::uint64_t{1} << 53U;
constexpr const char* default_target = "gap < 1e-8";

/// What was given, as all functions have it.
Formula given_target(const Wanted& wanted) {
  if (!wanted.aims || !wanted.target) return {};
  return text::with_place("--target", [&] {
    if (wanted.target->empty()) throw InputError("expected an expression, found nothing");
    return Formula::read(*wanted.target);
  });
}

}  // namespace

Study::Study(Experiment experiment, const Wanted& wanted)
    : experiment_(std::move(experiment)), vocabulary_(experiment_) {
  const Formula given = given_target(wanted), usual(default_target);
  for (const OptimizerSpec& optimizer : experiment_.optimizers)
    hyperparameters_.push_back(experiment::hyperparameters(optimizer));
  for (const FunctionSpec& function : experiment_.functions) {
    const bool has_usual = wanted.aims && !wanted.target && function.minimum.has_value();
    for (std::size_t o = 0; o < experiment_.optimizers.size(); ++o) {
      const Plan::Part part{experiment_, function, experiment_.optimizers[o], hyperparameters_[o], vocabulary_};
      plans_.push_back(std::make_unique<Plan>(part, wanted, has_usual ? usual : given));
      const std::uint64_t before = first_runs_.back(), more = plans_.back()->expansion.runs();
      if (more > most_runs - before) throw InputError("the experiment means more than 2^53 runs");
      first_runs_.push_back(before + more);
    }
  }
}

Study::Run Study::run(std::uint64_t number) const {
  const auto after = std::upper_bound(first_runs_.begin(), first_runs_.end(), number);
  const auto plan = static_cast<std::size_t>(after - first_runs_.begin()) - 1;
  return {plan, number - first_runs_[plan]};
}

}  // namespace optexplore::study
