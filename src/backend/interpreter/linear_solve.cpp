#include "backend/interpreter/linear_solve.hpp"

#include <cmath>

namespace optexplore::backend {
namespace {

/// Swaps the lanes of two rows where `swap` says so.
void swap_where(const bool* swap, double* u, double* v, std::size_t lanes) {
  for (std::size_t l = 0; l < lanes; ++l) {
    const double a = u[l], b = v[l];
    u[l] = swap[l] ? b : a;
    v[l] = swap[l] ? a : b;
  }
}

}  // namespace

void linear_solve(double* a, double* b, std::size_t n, std::size_t lanes) {
  const auto at = [&](std::size_t i, std::size_t j) { return a + (i * n + j) * lanes; };
  const auto right = [&](std::size_t i) { return b + i * lanes; };
  constexpr std::size_t piece = 64;  // lanes at a time, so that the choices and factors fit on the stack
  for (std::size_t begin = 0; begin < lanes; begin += piece) {
    const std::size_t count = lanes - begin < piece ? lanes - begin : piece;
    bool swap[piece];
    double factor[piece];
    for (std::size_t k = 0; k < n; ++k) {
      double* const pivot = at(k, k) + begin;
      for (std::size_t i = k + 1; i < n; ++i) {
        // Each row in turn takes the pivot's place when it is larger: the largest stays.
        const double* const candidate = at(i, k) + begin;
        bool any = false;
        for (std::size_t l = 0; l < count; ++l) {
          swap[l] = std::fabs(candidate[l]) > std::fabs(pivot[l]);
          any = any || swap[l];
        }
        if (!any) continue;
        for (std::size_t j = k; j < n; ++j) swap_where(swap, at(k, j) + begin, at(i, j) + begin, count);
        swap_where(swap, right(k) + begin, right(i) + begin, count);
      }
      for (std::size_t i = k + 1; i < n; ++i) {
        const double* const lead = at(i, k) + begin;
        for (std::size_t l = 0; l < count; ++l) factor[l] = lead[l] / pivot[l];
        for (std::size_t j = k + 1; j < n; ++j) {
          double* const target = at(i, j) + begin;
          const double* const source = at(k, j) + begin;
          for (std::size_t l = 0; l < count; ++l) target[l] -= factor[l] * source[l];
        }
        double* const target = right(i) + begin;
        const double* const source = right(k) + begin;
        for (std::size_t l = 0; l < count; ++l) target[l] -= factor[l] * source[l];
      }
    }
    for (std::size_t k = n; k-- > 0;) {
      double* const target = right(k) + begin;
      for (std::size_t j = k + 1; j < n; ++j) {
        const double* const coefficient = at(k, j) + begin;
        const double* const known = right(j) + begin;
        for (std::size_t l = 0; l < count; ++l) target[l] -= coefficient[l] * known[l];
      }
      const double* const pivot = at(k, k) + begin;
      for (std::size_t l = 0; l < count; ++l) target[l] /= pivot[l];
    }
  }
}

}  // namespace optexplore::backend
