#pragma once

#include <cstddef>

namespace optexplore::bench {

/// State of many Adam runs on Rosenbrock's function, structure of arrays.
struct Lanes {
  double *x, *y, *mx, *my, *vx, *vy, *f;
  std::size_t count;
};

/// One Adam step of every lane, written by hand as a single fused loop: what a person would write in C++ for this
/// one rule and function. Computes f at the point before the step, as the engine does.
/// @param correction1  1 - beta1^t
/// @param correction2  1 - beta2^t
void fused_adam_rosenbrock(const Lanes& lanes, double lr, double correction1, double correction2);

/// The gradient of Rosenbrock's function in n dimensions as a person would write it.
void rosenbrock_gradient(const double* x, double* g, std::size_t n);

}  // namespace optexplore::bench
