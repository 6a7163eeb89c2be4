#pragma once

#include <cstddef>

namespace optexplore::backend {

/// Where the terms of an operand of a tile are. Term 8g + j of the sums, in the full groups of eight, stands at
/// j*partial + g*group; term i of those that remain at rest + i*step.
struct ProductTerms {
  const double* data = nullptr;
  std::size_t line = 1;  ///< from one row of a, or column of b, to the next
  std::size_t partial = 0;
  std::size_t group = 0;
  std::size_t rest = 0;
  std::size_t step = 0;
};

/// A few rows and columns of a product, or, for sums too long for the cache, a piece of them.
struct ProductTile {
  ProductTerms a, b;
  double* c = nullptr;
  std::size_t c_row = 0;      ///< from one row of c to the next
  std::size_t c_column = 0;   ///< from one column, or pack of columns, to the next
  std::size_t groups = 0;     ///< of eight terms
  std::size_t rest = 0;       ///< terms after them
  double* carried = nullptr;  ///< the eight partial sums from piece to piece: 8 tiles
  bool first = true;          ///< the sums begin here
  bool last = true;           ///< they end here: c is written and the rest added
};

/// The m×n matrix c of sums over tiles of any sizes.
struct ProductGrid {
  ProductTile tile;  ///< the first one
  std::size_t m = 0;
  std::size_t n = 0;
};

/// Products of adjacent lanes, their operands where they are.
struct LaneKernel {
  std::size_t lanes;
  void (*run)(const ProductGrid& grid);
};

/// The parts of a matrix product for one instruction set. Every element of c is language::ordered_sum of its terms.
struct ProductKernels {
  static constexpr std::size_t most_rows = 6;

  std::size_t columns;  ///< of a packed tile

  /// [rows - 1]: a tile of packed operands. Of a: `rows` numbers for each term; of b: `columns` numbers.
  void (*packed[most_rows])(const ProductTile& tile);

  /// Packs `count` lines of an operand, whose term k stands at line*i + step*k, one of which is 1. For each term, in
  /// the order of the sums (all of partial sum 0, of 1, …, the rest), come `height` >= count numbers: those of the
  /// lines and zeros.
  void (*pack)(double* to, const double* from, std::size_t line, std::size_t step, std::size_t count,
               std::size_t height, std::size_t groups, std::size_t rest);

  LaneKernel lanes;       ///< of two operands that differ between lanes
  LaneKernel lanes_of_a;  ///< b is the same for all lanes
  LaneKernel lanes_of_b;  ///< a is
  LaneKernel one_lane;

  /// y[i] = sum of a[i*line + k] * x[k] over k < count, for i < rows.
  void (*rows_by_vector)(double* y, const double* a, std::size_t line, const double* x, std::size_t rows,
                         std::size_t count);

  /// y[j] = sum of x[k] * a[k*line + j] over k < count, for j < columns.
  void (*vector_by_rows)(double* y, const double* a, std::size_t line, const double* x, std::size_t columns,
                         std::size_t count);
};

}  // namespace optexplore::backend
