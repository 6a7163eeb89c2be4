#pragma once

#include <optexplore/error.hpp>
#include <optexplore/experiment.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "experiment/overrides.hpp"
#include "json/cursor.hpp"

namespace optexplore::experiment {

/// What a config and a command line ask for together.
struct Request {
  Experiment experiment;
  std::vector<ColumnSpec> columns;       ///< by the flag, or else by the config for its runs; none: the default ones
  std::vector<ColumnSpec> flag_columns;  ///< by the flag alone, which speaks of the command at hand
  json::Places places;                   ///< what flags wrote into the config

  /// Does `action`. An error that it throws at something that came from a flag names the flag.
  template <class Action>
  decltype(auto) named_by_flags(const Action& action) const {
    try {
      return action();
    } catch (const InputError& error) {
      throw InputError(error.message(), error.excerpt(), places.of(error.place()));
    }
  }
};

/// Reads a config and applies `overrides` to it.
/// @param text  the config; empty when flags say it all (then it counts as {})
/// @throws InputError naming source:line:col for syntax, a JSON pointer or a flag for meaning
Request read_request(std::string_view text, const std::string& source, const Overrides& overrides);

}  // namespace optexplore::experiment
