#include "fused.hpp"

#include <cmath>

namespace optexplore::bench {

// Compiled with -mavx2, like the kernels that it is compared with.
void fused_adam_rosenbrock(const Lanes& lanes, double lr, double correction1, double correction2) {
  constexpr double beta1 = 0.9;
  constexpr double beta2 = 0.999;
  constexpr double eps = 1e-8;
  double* __restrict x = lanes.x;
  double* __restrict y = lanes.y;
  double* __restrict mx = lanes.mx;
  double* __restrict my = lanes.my;
  double* __restrict vx = lanes.vx;
  double* __restrict vy = lanes.vy;
  double* __restrict f = lanes.f;
#if !defined(__clang__)
#pragma GCC ivdep  // seven arrays are too many for GCC's own overlap checks
#endif
  for (std::size_t i = 0; i < lanes.count; ++i) {
    const double a = y[i] - x[i] * x[i];
    const double b = 1 - x[i];
    f[i] = 100 * (a * a) + b * b;
    const double gx = -400 * a * x[i] - 2 * b;
    const double gy = 200 * a;
    mx[i] = beta1 * mx[i] + (1 - beta1) * gx;
    my[i] = beta1 * my[i] + (1 - beta1) * gy;
    vx[i] = beta2 * vx[i] + (1 - beta2) * (gx * gx);
    vy[i] = beta2 * vy[i] + (1 - beta2) * (gy * gy);
    x[i] -= lr * (mx[i] / correction1) / (std::sqrt(vx[i] / correction2) + eps);
    y[i] -= lr * (my[i] / correction1) / (std::sqrt(vy[i] / correction2) + eps);
  }
}

void rosenbrock_gradient(const double* x, double* g, std::size_t n) {
  g[0] = 0;
  for (std::size_t k = 0; k + 1 < n; ++k) {
    const double a = x[k + 1] - x[k] * x[k];
    g[k] -= 400 * a * x[k] + 2 * (1 - x[k]);
    g[k + 1] = 200 * a;
  }
}

}  // namespace optexplore::bench
