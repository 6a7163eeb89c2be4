#pragma once

#include <string>

#include "compare/comparison.hpp"
#include "compare/profile.hpp"
#include "plot/script.hpp"

namespace optexplore::plot {

/// The share of problems that each entry of a comparison has solved, as a step function.
/// @param title  of the picture, unless the canvas has one
/// Throws InputError when no problem has a target.
std::string profile_script(const compare::Comparison& comparison, compare::ProfileKind kind, const std::string& title,
                           const Canvas& canvas);

}  // namespace optexplore::plot
