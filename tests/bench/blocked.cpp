#include "blocked.hpp"

#include <algorithm>
#include <vector>

namespace optexplore::bench {
namespace {

// Compiled with -mavx2, like the kernels that it is compared with.
using Four = double __attribute__((vector_size(32), aligned(8), may_alias));

constexpr std::size_t tile_rows = 6;
constexpr std::size_t tile_columns = 8;
constexpr std::size_t block_rows = 96;

const Four& four(const double* p) { return *reinterpret_cast<const Four*>(p); }
Four& four(double* p) { return *reinterpret_cast<Four*>(p); }

/// rows×8 elements of c. For each of the eight partial sums, n/8 terms follow one another in the panels.
template <std::size_t rows>
void tile(double* c, const double* a, const double* b, std::size_t n) {
  Four partial[8][rows][2];
  for (auto& to : partial) {
    Four sum[rows][2];
#pragma GCC unroll 8
    for (std::size_t i = 0; i < rows; ++i) sum[i][0] = a[i] * four(b), sum[i][1] = a[i] * four(b + 4);
    a += rows, b += tile_columns;
    for (std::size_t g = 1; g < n / 8; ++g, a += rows, b += tile_columns) {
      const Four low = four(b), high = four(b + 4);
#pragma GCC unroll 8
      for (std::size_t i = 0; i < rows; ++i) sum[i][0] += a[i] * low, sum[i][1] += a[i] * high;
    }
#pragma GCC unroll 8
    for (std::size_t i = 0; i < rows; ++i) to[i][0] = sum[i][0], to[i][1] = sum[i][1];
  }
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < 2; ++j) {
      const auto p = [&](std::size_t k) { return partial[k][i][j]; };
      four(c + i * n + 4 * j) = ((p(0) + p(1)) + (p(2) + p(3))) + ((p(4) + p(5)) + (p(6) + p(7)));
    }
}

/// Rows of a, term by term in the order of the partial sums.
void pack_rows(double* to, const double* a, std::size_t rows, std::size_t n) {
  for (std::size_t p = 0; p < 8; ++p)
    for (std::size_t k = p; k < n; k += 8)
      for (std::size_t i = 0; i < rows; ++i) *to++ = a[i * n + k];
}

void pack_columns(double* to, const double* b, std::size_t n) {
  for (std::size_t j = 0; j < n; j += tile_columns)
    for (std::size_t p = 0; p < 8; ++p)
      for (std::size_t k = p; k < n; k += 8, to += tile_columns) std::copy_n(b + k * n + j, tile_columns, to);
}

void multiply(double* c, const double* a, const double* b, std::size_t rows, std::size_t n) {
  std::size_t i = 0;
  for (; i + tile_rows <= rows; i += tile_rows) tile<tile_rows>(c + i * n, a + i * n, b, n);
  if (rows - i == 4) tile<4>(c + i * n, a + i * n, b, n);
  if (rows - i == 2) tile<2>(c + i * n, a + i * n, b, n);
}

}  // namespace

void blocked_product(const double* a, const double* b, double* c, std::size_t n) {
  static std::vector<double> of_a, of_b;
  of_a.resize(std::max(of_a.size(), block_rows * n));
  of_b.resize(std::max(of_b.size(), n * n));
  pack_columns(of_b.data(), b, n);
  for (std::size_t first = 0; first < n; first += block_rows) {
    const std::size_t rows = std::min(block_rows, n - first);
    for (std::size_t i = 0; i < rows; i += tile_rows)
      pack_rows(of_a.data() + i * n, a + (first + i) * n, std::min(tile_rows, rows - i), n);
    for (std::size_t j = 0; j < n; j += tile_columns)
      multiply(c + first * n + j, of_a.data(), of_b.data() + j * n, rows, n);
  }
}

}  // namespace optexplore::bench
