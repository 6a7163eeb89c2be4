#pragma once

#include <optexplore/error.hpp>
#include <regex>
#include <string>

#include "experiment/request.hpp"

/// The text of the error that reading a config and flags gives, or "accepted".
inline std::string experiment_error(const std::string& text, const optexplore::experiment::Overrides& overrides = {}) {
  try {
    optexplore::experiment::read_request(text, "book.json", overrides);
  } catch (const optexplore::InputError& error) {
    // Where it stands in the text is told by a test of its own.
    return std::regex_replace(error.what(), std::regex(R"(^book\.json:\d+:\d+: (?=/))"), "");
  }
  return "accepted";
}

/// A config with "function": "book", these optimizers and more members.
inline std::string config(const std::string& optimizers, const std::string& more = "") {
  return R"({"function":"book","optimizers":)" + optimizers + more + "}";
}
