#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "json/cursor.hpp"

namespace optexplore::experiment {

/// What follows `name` and a point at the begin of a path; empty when nothing follows; none when the path begins with
/// something else.
std::optional<std::string_view> rest_after(std::string_view path, std::string_view name);

/// The text of an object's member; empty when there is none.
std::string member_text(const json::Json& object, const char* key);

/// The place of a hyperparameter of a chain: its rule's parameters, and what remains of the path there.
struct ChainPath {
  std::string rule;  ///< a pointer
  std::string_view rest;
};

/// Follows a path into an optimizer at `pointer` that is a chain, by the names that outputs have: "max_norm",
/// "sgd2.lr". Nothing when `optimizer` is none, or the path is one of its own keys.
/// @param places  of the document, whose rules may be in files beside it
/// @throws InputError when no rule, or several, have the name
std::optional<ChainPath> chain_hyperparameter(const std::string& pointer, const json::Json& optimizer,
                                              std::string_view path, const json::Places& places);

}  // namespace optexplore::experiment
