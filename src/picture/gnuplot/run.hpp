#pragma once

#include <string>

#include "os/sink.hpp"

namespace optexplore::picture {

/// The gnuplot of this machine: the program that the environment variable GNUPLOT names, or "gnuplot".
struct Gnuplot {
  std::string program;
  int major = 0;
  int minor = 0;
};

/// Asks it for its version. Throws std::runtime_error that says how to install it when there is none, or when it is
/// older than 5.4.
Gnuplot find_gnuplot();

/// Runs a script whose output goes to standard output, and hands that over to `sink` when gnuplot has succeeded.
/// @returns what gnuplot said on its standard error, such as warnings
/// @throws std::runtime_error with gnuplot's message when it fails or draws nothing
std::string run_gnuplot(const Gnuplot& gnuplot, const std::string& script, os::Sink& sink);

}  // namespace optexplore::picture
