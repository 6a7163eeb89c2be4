#pragma once

#include <functional>
#include <string>

#include "language/ast.hpp"

namespace optexplore::language {

/// Whether `holds` for one of the names that the expression uses. The index of a sum(k, …) is no name of its own inside
/// that sum.
bool any_name(const Ast& ast, const std::function<bool(const std::string& name)>& holds);

}  // namespace optexplore::language
