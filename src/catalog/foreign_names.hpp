#pragma once

#include <optexplore/catalog.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What frameworks, papers and the book call things, for hints.
namespace optexplore::catalog {

/// The rule that a framework knows by that name: "adam" for "torch.optim.Adam", "adam.keras" for
/// "keras.optimizers.Adam".
std::optional<std::string> rule_known_as(std::string_view name);

/// "; it is called 'lr' here", "; did you mean 'beta1'?", or for a penalty that the rule doesn't have, where to get it.
/// @param others  more names that may have been meant
std::string hyperparameter_hint(std::string_view name, const RuleEntry& rule, const std::vector<std::string>& others);

}  // namespace optexplore::catalog
