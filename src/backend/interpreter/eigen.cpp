#include "backend/interpreter/eigen.hpp"

#include <cmath>
#include <limits>
#include <vector>

namespace optexplore::backend {
namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr Extremes none = {nan, nan, nan, nan};
constexpr int max_sweeps = 60;  // convergence is quadratic: ten are plenty
constexpr int max_steps = 60;   // per eigenvalue; two are usual

/// Rotates rows and columns p and q so that element (p,q) becomes 0.
void rotate(double* a, std::vector<double>& last, std::size_t n, std::size_t p, std::size_t q) {
  const auto at = [&](std::size_t i, std::size_t j) -> double& { return a[i * n + j]; };
  const double tau = (at(q, q) - at(p, p)) / (2 * at(p, q));
  const double t = (tau >= 0 ? 1 : -1) / (std::fabs(tau) + std::sqrt(1 + tau * tau));
  const double c = 1 / std::sqrt(1 + t * t);
  const double s = t * c;
  for (std::size_t k = 0; k < n; ++k) {
    const double u = at(k, p), v = at(k, q);
    at(k, p) = c * u - s * v;
    at(k, q) = s * u + c * v;
  }
  for (std::size_t k = 0; k < n; ++k) {
    const double u = at(p, k), v = at(q, k);
    at(p, k) = c * u - s * v;
    at(q, k) = s * u + c * v;
  }
  const double u = last[p], v = last[q];
  last[p] = c * u - s * v;
  last[q] = s * u + c * v;
}

/// One implicit QL step on the rows l … m, with Wilkinson's shift.
void ql_step(double* d, double* e, std::vector<double>& last, std::size_t l, std::size_t m) {
  const auto length = [](double a, double b) { return std::sqrt(a * a + b * b); };
  double g = (d[l + 1] - d[l]) / (2 * e[l]);
  g = d[m] - d[l] + e[l] / (g + std::copysign(length(g, 1), g));
  double s = 1, c = 1, p = 0;
  for (std::size_t i = m; i-- > l;) {
    const double f = s * e[i], b = c * e[i];
    const double r = length(f, g);
    e[i + 1] = r;
    if (r == 0) {  // the matrix has fallen apart here
      d[i + 1] -= p;
      e[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = d[i + 1] - p;
    const double q = (d[i] - g) * s + 2 * c * b;
    p = s * q;
    d[i + 1] = g + p;
    g = c * q - b;
    const double above = last[i + 1];
    last[i + 1] = s * last[i] + c * above;
    last[i] = c * last[i] - s * above;
  }
  d[l] -= p;
  e[l] = g;
  e[m] = 0;
}

/// @param values  as many as `last` has elements
Extremes extremes(const double* values, const std::vector<double>& last) {
  std::size_t low = 0, high = 0;
  for (std::size_t i = 1; i < last.size(); ++i) {
    if (values[i] < values[low]) low = i;
    if (values[i] > values[high]) high = i;
  }
  return {values[low], values[high], std::fabs(last[low]), std::fabs(last[high])};
}

}  // namespace

Extremes extreme_eigenvalues(double* a, std::size_t n) {
  const auto at = [&](std::size_t i, std::size_t j) -> double& { return a[i * n + j]; };
  double scale = 0;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      at(i, j) = at(j, i) = 0.5 * at(i, j) + 0.5 * at(j, i);
      if (!std::isfinite(at(i, j))) return none;
      scale = std::fmax(scale, std::fabs(at(i, j)));
    }
  std::vector<double> last(n, 0.0);  // the last row of the eigenvectors' matrix
  last[n - 1] = 1;
  const double negligible = scale * epsilon * 1e-2;
  for (int sweep = 0; sweep < max_sweeps; ++sweep) {
    bool rotated = false;
    for (std::size_t p = 0; p + 1 < n; ++p)
      for (std::size_t q = p + 1; q < n; ++q) {
        if (std::fabs(at(p, q)) <= negligible) continue;
        rotate(a, last, n, p, q);
        rotated = true;
      }
    if (!rotated) break;
  }
  for (std::size_t i = 0; i < n; ++i) a[i] = at(i, i);
  return extremes(a, last);
}

Extremes tridiagonal_eigenvalues(double* d, double* e, std::size_t n) {
  double scale = 0;
  e[n - 1] = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (!std::isfinite(d[i]) || !std::isfinite(e[i])) return none;
    scale = std::fmax(scale, std::fmax(std::fabs(d[i]), std::fabs(e[i])));
  }
  std::vector<double> last(n, 0.0);
  last[n - 1] = 1;
  if (scale == 0) return extremes(d, last);
  for (std::size_t i = 0; i < n; ++i) {  // so that squares neither overflow nor vanish
    d[i] /= scale;
    e[i] /= scale;
  }
  for (std::size_t l = 0; l < n; ++l)
    for (int step = 0; step < max_steps; ++step) {
      std::size_t m = l;
      while (m + 1 < n && std::fabs(e[m]) > epsilon * (std::fabs(d[m]) + std::fabs(d[m + 1]))) ++m;
      if (m == l) break;
      ql_step(d, e, last, l, m);
    }
  Extremes found = extremes(d, last);
  found.lowest *= scale;
  found.highest *= scale;
  return found;
}

}  // namespace optexplore::backend
