#pragma once

#include <string>

#include "analysis/comparison.hpp"
#include "analysis/profile.hpp"
#include "picture/gnuplot/script.hpp"

namespace optexplore::picture {

/// The share of problems that each entry of a comparison has solved, as a step function.
/// @param title  of the picture, unless the canvas has one
/// Throws InputError when no problem has a target.
std::string profile_script(const analysis::Comparison& comparison, analysis::ProfileKind kind, const std::string& title,
                           const Canvas& canvas);

}  // namespace optexplore::picture
