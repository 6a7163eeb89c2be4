#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace optexplore::os {

/// How a program ended and what it wrote.
struct ChildResult {
  int exit_status = 0;
  int signal = 0;        ///< that ended it; 0: it exited
  std::string output;    ///< its standard output
  std::string messages;  ///< its standard error
};

/// Runs a program to its end. Its three streams are scratch files and no pipes, so that neither side ever waits for the
/// other one. An interrupt that ends this process ends the program too.
/// @param program    looked for in PATH when it has no slash
/// @param variables  of the environment that are set for it; the others are ours
/// @param input      its standard input
/// @returns nothing when there is no such program
/// @throws IoError when it can't be started
std::optional<ChildResult> run_child(const std::string& program, const std::vector<std::string>& arguments,
                                     const std::vector<std::pair<std::string, std::string>>& variables,
                                     std::string_view input);

}  // namespace optexplore::os
