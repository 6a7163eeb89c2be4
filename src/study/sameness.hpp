#pragma once

#include "study/step.hpp"

namespace optexplore::study {

/// Whether two steps on one function do the same computation from the start to the end, bit by bit and whatever the
/// start is: their formulas are the same graph once every hyperparameter has its value. Names, the order of lines,
/// what influences nothing and rewriting that the graph sees through don't count.
/// Both are of optimizers without hyperparameters that vary.
bool same_computation(Step& a, Step& b);

}  // namespace optexplore::study
