#include "backend/product.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>

namespace optexplore::backend {
namespace {

using std::size_t;

/// Below this many terms, packing costs more than it saves.
constexpr size_t few_terms = 4096;
/// Numbers of b that a small product may copy to the stack.
constexpr size_t few_numbers = 1024;
/// Rows for which a pass through b each takes less than packing it.
constexpr size_t few_rows = 3;
/// Terms of a sum between two visits to a tile: a panel of them fits the nearest cache.
constexpr size_t piece_terms = 512;
/// Rows of a packed block: with piece_terms, it fits the second cache.
constexpr size_t block_rows = 48;
/// Columns of a packed block, and numbers in it.
constexpr size_t block_columns = 256;
constexpr size_t least_block_columns = 64;
constexpr size_t block_numbers = size_t{1} << 19U;
/// Multiplications and additions from which a product is split among workers.
constexpr size_t worth_workers = 20'000'000;
/// Terms from which the matrices of each lane are brought together.
constexpr size_t worth_gathering = 16'000;
/// Terms of a vector, and lanes, from which a matrix by it is better made row by row in all lanes.
constexpr size_t many_terms = 32;
constexpr size_t many_lanes = 32;
/// Rows and columns below which a task's own packing would show.
constexpr size_t least_task = 64;

constexpr size_t pieces_of(size_t whole, size_t most) { return (whole + most - 1) / most; }
constexpr size_t rounded_up(size_t count, size_t unit) { return pieces_of(count, unit) * unit; }

/// Where the terms of a matrix are: term k of line i, a row of a or a column of b, at i*line + k*step.
struct Operand {
  const double* data;
  size_t line;
  size_t step;

  [[nodiscard]] Operand from(size_t i, size_t k) const { return {data + i * line + k * step, line, step}; }
};

/// A product in either orientation: element (i, j) of c stands at i*c_row + j*c_column.
struct Task {
  Operand a, b;
  double* c;
  size_t c_row, c_column;
  size_t m, k, n;

  [[nodiscard]] Task part(size_t i, size_t rows, size_t j, size_t columns) const {
    return {a.from(i, 0), b.from(j, 0), c + i * c_row + j * c_column, c_row, c_column, rows, k, columns};
  }
  /// The transposed product.
  [[nodiscard]] Task turned() const { return {b, a, c, c_column, c_row, n, k, m}; }
};

Task task_of(const ProductShape& shape, const double* a, const double* b, double* c) {
  const Operand left = shape.a_transposed ? Operand{a, 1, shape.m} : Operand{a, shape.k, 1};
  const Operand right = shape.b_transposed ? Operand{b, shape.k, 1} : Operand{b, 1, shape.n};
  return {left, right, c, shape.n, 1, shape.m, shape.k, shape.n};
}

/// Terms of an operand where they are, every number `unit` apart.
ProductTerms terms(const Operand& operand, size_t groups, size_t unit = 1) {
  const size_t step = operand.step * unit;
  return {operand.data, operand.line * unit, step, 8 * step, 8 * groups * step, step};
}

/// Terms as ProductKernels::pack leaves them.
ProductTerms packed_terms(const double* data, size_t height, size_t groups) {
  return {data, 1, groups * height, height, 8 * groups * height, height};
}

/// What a thread keeps memory for: new memory for every product would take longer than a product of medium size.
enum class Use { packed_operands, lanes };

/// Memory for `count` numbers, on the border of a cache line, until the next call for the same use.
template <Use>
double* scratch(size_t count) {
  constexpr size_t line = 64 / sizeof(double);
  thread_local std::unique_ptr<double[]> memory;
  thread_local size_t size = 0;
  if (size < count + line) {
    memory.reset();
    size = 0;
    memory = std::make_unique_for_overwrite<double[]>(count + line);
    size = count + line;
  }
  const size_t past = reinterpret_cast<std::uintptr_t>(memory.get()) / sizeof(double) % line;
  return memory.get() + (line - past) % line;
}

/// A product by packed blocks: of b all terms of some columns at a time, of a some rows of a piece of the terms.
class Blocks {
 public:
  Blocks(const Task& task, const ProductKernels& kernels)
      : t_(task),
        kernels_(kernels),
        piece_(rounded_up(pieces_of(task.k, pieces_of(task.k, piece_terms)), 8)),
        pieces_(pieces_of(task.k, piece_)),
        rows_(std::min(task.m, rounded_up(pieces_of(task.m, pieces_of(task.m, block_rows)), tile_rows))),
        columns_(block_width()),
        a_(scratch<Use::packed_operands>(rounded_up(rows_ * piece_size(0), 8) + columns_ * task.k +
                                         8 * (pieces_ > 1 ? rows_ * columns_ : 0))),
        b_(a_ + rounded_up(rows_ * piece_size(0), 8)),
        carried_(b_ + columns_ * task.k) {}

  void run() {
    for (size_t j = 0; j < t_.n; j += columns_) {
      const size_t columns = std::min(columns_, t_.n - j);
      for (size_t p = 0; p < pieces_; ++p) pack_columns(j, columns, p);
      for (size_t i = 0; i < t_.m; i += rows_)
        for (size_t p = 0; p < pieces_; ++p) {
          const size_t rows = std::min(rows_, t_.m - i);
          pack_rows(i, rows, p);
          multiply(t_.part(i, rows, j, columns), p);
        }
    }
  }

 private:
  static constexpr size_t tile_rows = ProductKernels::most_rows;

  [[nodiscard]] size_t block_width() const {
    const size_t most = std::clamp(block_numbers / t_.k, least_block_columns, block_columns);
    return rounded_up(pieces_of(t_.n, pieces_of(t_.n, most)), kernels_.columns);
  }
  [[nodiscard]] size_t piece_size(size_t p) const { return std::min(piece_, t_.k - p * piece_); }
  /// Where the block of b for a piece begins.
  [[nodiscard]] double* packed_columns(size_t p) const { return b_ + p * piece_ * columns_; }

  void pack_columns(size_t j, size_t columns, size_t p) {
    const size_t size = piece_size(p), width = kernels_.columns;
    double* to = packed_columns(p);
    for (size_t first = 0; first < columns; first += width, to += width * size)
      kernels_.pack(to, t_.b.from(j + first, p * piece_).data, t_.b.line, t_.b.step, std::min(width, columns - first),
                    width, size / 8, size % 8);
  }

  void pack_rows(size_t i, size_t rows, size_t p) {
    const size_t size = piece_size(p);
    for_panels(rows, [&](size_t first, size_t height) {
      kernels_.pack(a_ + first * size, t_.a.from(i + first, p * piece_).data, t_.a.line, t_.a.step, height, height,
                    size / 8, size % 8);
    });
  }

  /// The rows of a block in panels of about the same height.
  template <class F>
  static void for_panels(size_t rows, F&& panel) {
    const size_t panels = pieces_of(rows, tile_rows);
    size_t first = 0;
    for (size_t left = panels; left > 0; --left) {
      const size_t height = pieces_of(rows - first, left);
      panel(first, height);
      first += height;
    }
  }

  /// The tiles of a packed block.
  void multiply(const Task& block, size_t p) {
    const size_t size = piece_size(p), width = kernels_.columns;
    ProductTile tile;
    tile.groups = size / 8;
    tile.rest = size % 8;
    tile.first = p == 0;
    tile.last = p + 1 == pieces_;
    const double* b = packed_columns(p);
    double* carried = carried_;
    for (size_t j = 0; j < block.n; j += width, b += width * size) {
      tile.b = packed_terms(b, width, tile.groups);
      for_panels(block.m, [&](size_t i, size_t height) {
        tile.a = packed_terms(a_ + i * size, height, tile.groups);
        tile.carried = carried;
        if (pieces_ > 1) carried += 8 * width * height;
        finish(tile, height, block.part(i, height, j, std::min(width, block.n - j)));
      });
    }
  }

  /// A whole tile goes to c, what belongs to c of another one by way of a copy.
  void finish(ProductTile& tile, size_t height, const Task& to) const {
    const size_t width = kernels_.columns;
    const bool whole = to.n == width && to.c_column == 1;
    double copy[tile_rows * 8];
    tile.c = whole ? to.c : copy;
    tile.c_row = whole ? to.c_row : width;
    tile.c_column = width / 2;
    kernels_.packed[height - 1](tile);
    if (whole || !tile.last) return;
    for (size_t i = 0; i < to.m; ++i)
      for (size_t j = 0; j < to.n; ++j) to.c[i * to.c_row + j * to.c_column] = copy[i * width + j];
  }

  const Task t_;
  const ProductKernels& kernels_;
  const size_t piece_, pieces_, rows_, columns_;
  double *const a_, *const b_, *const carried_;
};

/// Columns that would be computed in vain if the columns of `task` were those of the tiles, for each that is needed.
double in_vain(const Task& task, const ProductKernels& kernels) {
  return static_cast<double>(rounded_up(task.n, kernels.columns)) / static_cast<double>(task.n);
}

void multiply_blocks(const Task& task, const ProductKernels& kernels) {
  const bool turn = in_vain(task, kernels) > 1.25 * in_vain(task.turned(), kernels);
  Blocks(turn ? task.turned() : task, kernels).run();
}

/// A piece of a range, its border on a multiple of `unit`.
struct Range {
  size_t begin, end;
  Range(size_t whole, size_t pieces, size_t piece, size_t unit)
      : begin(std::min(whole, rounded_up(whole * piece / pieces, unit))),
        end(std::min(whole, rounded_up(whole * (piece + 1) / pieces, unit))) {}
  [[nodiscard]] size_t size() const { return end - begin; }
};

/// How many rows and columns of tasks a product is split into.
struct Split {
  size_t rows = 1, columns = 1;
  Split(const Task& task, const Workers& workers) {
    const size_t threads = workers.threads();
    if (threads <= 1 || task.m * task.k < worth_workers / 2 / task.n) return;
    while (rows * columns < 2 * threads) {  // twice: threads may be held up
      const size_t height = task.m / rows, width = task.n / columns;
      if (std::max(height, width) < 2 * least_task) return;
      (height >= width ? rows : columns) *= 2;
    }
  }
};

void multiply_large(const Task& task, const ProductKernels& kernels, Workers& workers) {
  const Split split(task, workers);
  if (split.rows * split.columns == 1) return multiply_blocks(task, kernels);
  workers.run(split.rows * split.columns, [&](size_t piece) {
    const Range rows(task.m, split.rows, piece / split.columns, ProductKernels::most_rows);
    const Range columns(task.n, split.columns, piece % split.columns, kernels.columns);
    if (rows.size() > 0 && columns.size() > 0)
      multiply_blocks(task.part(rows.begin, rows.size(), columns.begin, columns.size()), kernels);
  });
}

/// A matrix by a vector, or a vector by a matrix: `matrix` has the lines, `vector` the terms of the only one.
void multiply_vector(const Operand& matrix, const double* vector, double* c, size_t lines, size_t k,
                     const ProductKernels& kernels, Workers& workers) {
  const Split split({matrix, {vector, k, 1}, c, 1, 1, lines, k, 1}, workers);
  const auto part = [&](size_t piece) {
    const Range range(lines, split.rows, piece, 8);
    const double* data = matrix.from(range.begin, 0).data;
    if (matrix.step == 1)
      kernels.rows_by_vector(c + range.begin, data, matrix.line, vector, range.size(), k);
    else
      kernels.vector_by_rows(c + range.begin, data, matrix.step, vector, range.size(), k);
  };
  if (split.rows == 1) return part(0);
  workers.run(split.rows, part);
}

/// Products of operands where they are, adjacent lanes in a register. @param unit  lanes in memory
void multiply_in_lanes(const Task& task, bool a_per_lane, bool b_per_lane, size_t unit, const ProductKernels& kernels) {
  ProductGrid grid;
  grid.m = task.m;
  grid.n = task.n;
  ProductTile& tile = grid.tile;
  tile.groups = task.k / 8;
  tile.rest = task.k % 8;
  tile.a = terms(task.a, tile.groups, a_per_lane ? unit : 1);
  tile.b = terms(task.b, tile.groups, b_per_lane ? unit : 1);
  tile.c_row = task.c_row * unit;
  tile.c_column = task.c_column * unit;
  const auto run = [&](const LaneKernel& kernel, size_t lane) {
    tile.a.data = task.a.data + (a_per_lane ? lane : 0);
    tile.b.data = task.b.data + (b_per_lane ? lane : 0);
    tile.c = task.c + lane;
    kernel.run(grid);
  };
  const LaneKernel& kernel = a_per_lane ? b_per_lane ? kernels.lanes : kernels.lanes_of_a : kernels.lanes_of_b;
  if (unit < kernel.lanes)
    for (size_t lane = 0; lane < unit; ++lane) run(kernels.one_lane, lane);
  else  // the last ones may be computed twice
    for (size_t lane = 0; lane < unit; lane += kernel.lanes) run(kernel, std::min(lane, unit - kernel.lanes));
}

/// The lines of a matrix that differs between lanes by a vector, as dots: they go through memory in one direction.
void multiply_vector_in_lanes(const Operand& matrix, const double* vector, bool vector_per_lane, double* c,
                              size_t lines, size_t k, size_t lanes, const KernelTable& kernels) {
  const Kernel dot = kernels.many[static_cast<size_t>(language::Op::dot)][vector_per_lane ? 0 : 2];
  for (size_t i = 0; i < lines; ++i)
    dot(c + i * lanes, matrix.data + i * matrix.line * lanes, vector, nullptr, lanes, static_cast<std::int32_t>(k));
}

/// A small product: the columns of b are the lanes of a product by one column.
void multiply_small(const Task& task, const ProductKernels& kernels) {
  double copy[few_numbers];
  const double* b = task.b.data;
  if (task.b.line != 1 || task.b.step != task.n) {
    for (size_t j = 0; j < task.n; ++j)
      for (size_t k = 0; k < task.k; ++k) copy[k * task.n + j] = *task.b.from(j, k).data;
    b = copy;
  }
  multiply_in_lanes({task.a, {b, 1, 1}, task.c, 1, 1, task.m, task.k, 1}, false, true, task.n, kernels);
}

/// An operand lane by lane: element r of lane l at r + size*l.
void gather(double* to, const double* from, size_t size, size_t lanes, size_t count, const ProductKernels& kernels) {
  if (count == 8) return kernels.pack(to, from, lanes, 1, size, size, 1, 0);
  for (size_t r = 0; r < size; ++r)
    for (size_t l = 0; l < count; ++l) to[l * size + r] = from[r * lanes + l];
}

/// Products of matrices that are worth bringing together, some lanes at a time.
void multiply_gathered(const ProductShape& shape, const double* a, bool a_per_lane, const double* b, bool b_per_lane,
                       double* c, size_t lanes, const KernelTable& kernels) {
  constexpr size_t block = 8;
  const size_t a_size = shape.m * shape.k, b_size = shape.k * shape.n, c_size = shape.m * shape.n;
  double* const of_a = scratch<Use::lanes>(block * ((a_per_lane ? a_size : 0) + (b_per_lane ? b_size : 0) + c_size));
  double* const of_b = of_a + (a_per_lane ? block * a_size : 0);
  double* const of_c = of_b + (b_per_lane ? block * b_size : 0);
  Workers serial;
  for (size_t first = 0; first < lanes; first += block) {
    const size_t count = std::min(block, lanes - first);
    if (a_per_lane) gather(of_a, a + first, a_size, lanes, count, kernels.product);
    if (b_per_lane) gather(of_b, b + first, b_size, lanes, count, kernels.product);
    for (size_t l = 0; l < count; ++l)
      product(shape, a_per_lane ? of_a + l * a_size : a, b_per_lane ? of_b + l * b_size : b, of_c + l * c_size, kernels,
              serial);
    for (size_t r = 0; r < c_size; ++r)
      for (size_t l = 0; l < count; ++l) c[r * lanes + first + l] = of_c[l * c_size + r];
  }
}

/// One product for all lanes.
void multiply_shared(const ProductShape& shape, const double* a, const double* b, double* c, size_t lanes,
                     const KernelTable& kernels) {
  const size_t size = shape.m * shape.n;
  double* const one = scratch<Use::lanes>(size);
  Workers serial;
  product(shape, a, b, one, kernels, serial);
  for (size_t r = 0; r < size; ++r) std::fill_n(c + r * lanes, lanes, one[r]);
}

}  // namespace

namespace {

Workers& calling_thread() {
  static Workers alone;
  return alone;
}

Workers* chosen_workers = nullptr;

}  // namespace

void use_workers(Workers& workers) { chosen_workers = &workers; }

Workers& workers() { return chosen_workers == nullptr ? calling_thread() : *chosen_workers; }

void Workers::run(size_t count, const std::function<void(size_t)>& task) {
  for (size_t i = 0; i < count; ++i) task(i);
}

void product(const ProductShape& shape, const double* a, const double* b, double* c, const KernelTable& kernels,
             Workers& workers) {
  const Task task = task_of(shape, a, b, c);
  if (task.k == 0) return void(std::fill_n(c, task.m * task.n, 0.0));
  if (task.m == 0 || task.n == 0) return;
  if (task.n == 1) return multiply_vector(task.a, b, c, task.m, task.k, kernels.product, workers);
  if (task.m == 1) return multiply_vector(task.b, a, c, task.n, task.k, kernels.product, workers);
  if (task.k * task.n <= few_numbers && task.m * task.k * task.n <= few_terms)
    return multiply_small(task, kernels.product);
  if (task.m <= few_rows && !shape.a_transposed) {
    for (size_t i = 0; i < task.m; ++i)
      multiply_vector(task.b, a + i * task.k, c + i * task.n, task.n, task.k, kernels.product, workers);
    return;
  }
  multiply_large(task, kernels.product, workers);
}

void product_of_lanes(const ProductShape& shape, const double* a, bool a_per_lane, const double* b, bool b_per_lane,
                      double* c, size_t lanes, const KernelTable& kernels) {
  const Task task = task_of(shape, a, b, c);
  if (task.k == 0) return void(std::fill_n(c, task.m * task.n * lanes, 0.0));
  if (task.m == 0 || task.n == 0 || lanes == 0) return;
  if (lanes == 1) {
    Workers serial;
    return product(shape, a, b, c, kernels, serial);
  }
  if (!a_per_lane && !b_per_lane) return multiply_shared(shape, a, b, c, lanes, kernels);
  if (task.k >= many_terms && lanes >= many_lanes) {
    if (task.n == 1 && a_per_lane && task.a.step == 1)
      return multiply_vector_in_lanes(task.a, b, b_per_lane, c, task.m, task.k, lanes, kernels);
    if (task.m == 1 && b_per_lane && task.b.step == 1)
      return multiply_vector_in_lanes(task.b, a, a_per_lane, c, task.n, task.k, lanes, kernels);
  }
  if (task.m * task.k * task.n >= worth_gathering && std::min(task.m, task.n) >= 8)
    return multiply_gathered(shape, a, a_per_lane, b, b_per_lane, c, lanes, kernels);
  multiply_in_lanes(task, a_per_lane, b_per_lane, lanes, kernels.product);
}

}  // namespace optexplore::backend
