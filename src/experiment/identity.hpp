#pragma once

#include <optexplore/experiment.hpp>
#include <string>

namespace optexplore::experiment {

/// Everything that decides an experiment's numbers, as JSON with a line per value: two experiments with the same text
/// give the same rows.
std::string identity(const Experiment& experiment);

}  // namespace optexplore::experiment
