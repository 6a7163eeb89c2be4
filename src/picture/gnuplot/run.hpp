#pragma once

#include <string>

#include "os/sink.hpp"
#include "picture/gnuplot/script.hpp"

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

/// Runs a script whose output goes to standard output, and hands what that shows on `canvas` over to `sink` when
/// gnuplot has succeeded: a gif's frames together, and characters without the blanks around them.
/// @returns what gnuplot said on its standard error, such as warnings
/// @throws std::runtime_error with gnuplot's message when it fails or draws nothing
std::string run_gnuplot(const Gnuplot& gnuplot, const std::string& script, const Canvas& canvas, os::Sink& sink);

}  // namespace optexplore::picture
