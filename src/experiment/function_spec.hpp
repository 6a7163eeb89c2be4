#pragma once

#include <functional>
#include <optexplore/experiment.hpp>
#include <string>

namespace optexplore::experiment {

/// A point is 80 MB; beyond, a slip of the keyboard.
inline constexpr std::size_t max_dim = 10'000'000;
inline constexpr const char* too_large = "expected at most 10000000 dimensions";

/// As the public make_function; `place` gives the place of an entry's key ("gradient") for errors.
FunctionSpec make_function(FunctionEntry entry, std::size_t dim,
                           const std::function<std::string(const char* key)>& place);

}  // namespace optexplore::experiment
