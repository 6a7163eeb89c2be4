#pragma once

#include <optexplore/experiment.hpp>
#include <optional>

#include "language/ops.hpp"

namespace optexplore::study {

/// The operation that rounds to a precision; nothing: doubles are what they are.
std::optional<language::Op> format_of(Precision precision);

}  // namespace optexplore::study
