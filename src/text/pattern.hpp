#pragma once

#include <string_view>

namespace optexplore::text {

/// Whether a pattern describes the whole name: `*` stands for any characters, also none, `?` for one.
bool matches(std::string_view pattern, std::string_view name);

}  // namespace optexplore::text
