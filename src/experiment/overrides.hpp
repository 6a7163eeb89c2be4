#pragma once

#include <optional>
#include <string>
#include <vector>

namespace optexplore::experiment {

/// What the command line adds to, or replaces in, a config. Texts as typed; see `optexplore run --help`.
struct Overrides {
  std::vector<std::string> functions;  ///< -f: definitions or catalogue names; replace the config's
  std::vector<std::string> starts;     ///< --start: "-7,2", several for several points; or JSON
  bool maximize = false;               ///< --maximize
  std::optional<std::string> steps;    ///< -n
  std::optional<std::string> seed;
  std::optional<std::string> stop;
  std::optional<std::string> gradient;  ///< --gradient exact|central|forward
  std::optional<std::string> columns;   ///< --columns: names and name=expression, separated by commas
  std::vector<std::string> optimizers;  ///< -O: TYPE[:key=value,…][ | TYPE…]; replace the config's
  bool function_only = false;           ///< nothing will run: a start and optimizers may be missing
  std::string optimizer_flag = "-O";    ///< what messages put in front of an optimizer's text
  std::vector<std::string> sets;        ///< --set: PATH=VALUE
};

}  // namespace optexplore::experiment
