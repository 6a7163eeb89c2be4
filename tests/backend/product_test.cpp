#include "backend/product.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "language/ops.hpp"
#include "parallel/pool.hpp"
#include "program/graph_tools.hpp"

using namespace optexplore::backend;
using optexplore::test::same_bits;
using Vector = std::vector<double>;

namespace {

std::vector<const KernelTable*> tables() {
  std::vector<const KernelTable*> all{&portable_kernels(), &baseline_kernels()};
  if (avx2_kernels() != nullptr) all.push_back(avx2_kernels());
  return all;
}

class Threads : public Workers {
 public:
  explicit Threads(unsigned count) : pool_(count) {}
  [[nodiscard]] std::size_t threads() const override { return pool_.threads(); }
  void run(std::size_t count, const std::function<void(std::size_t)>& task) override {
    ++runs;
    pool_.run(count, task);
  }
  int runs = 0;

 private:
  optexplore::parallel::Pool pool_;
};

std::array<Threads, 3>& pools() {
  static std::array<Threads, 3> all{Threads(1), Threads(2), Threads(5)};
  return all;
}

enum Numbers { ordinary, with_specials, zeros, kinds_of_numbers };

/// A matrix, its elements for each lane.
struct Matrix {
  std::size_t rows, columns, lanes;
  Vector values;  ///< row by row, the lanes of an element beside one another

  Matrix(std::size_t m, std::size_t n, std::size_t l) : rows(m), columns(n), lanes(l), values(m * n * l) {}
  [[nodiscard]] double at(std::size_t i, std::size_t j, std::size_t lane = 0) const {
    return values[(i * columns + j) * lanes + (lanes == 1 ? 0 : lane)];
  }
  [[nodiscard]] Matrix transposed() const {
    Matrix other(columns, rows, lanes);
    for (std::size_t i = 0; i < rows; ++i)
      for (std::size_t j = 0; j < columns; ++j)
        for (std::size_t l = 0; l < lanes; ++l) other.values[(j * rows + i) * lanes + l] = at(i, j, l);
    return other;
  }
  void fill(std::mt19937_64& random, Numbers kind, std::size_t terms) {
    constexpr double inf = std::numeric_limits<double>::infinity(), tiny = 4e-320;
    constexpr double special[] = {0.0, -0.0, inf, -inf, std::numeric_limits<double>::quiet_NaN(), tiny, -tiny, 1e300};
    for (double& v : values) {
      v = std::ldexp(static_cast<double>(random() >> 11U), static_cast<int>(random() % 40) - 70);
      if (random() % 2 == 0) v = -v;
      if (kind == with_specials && random() % (terms + 1) == 0) v = special[random() % std::size(special)];
      if (kind == zeros && random() % 16 != 0) v = std::copysign(0.0, v);
    }
  }
};

/// The sums as language::ordered_sum makes them.
Matrix expected_product(const Matrix& a, const Matrix& b) {
  Matrix c(a.rows, b.columns, std::max(a.lanes, b.lanes));
  const Matrix columns = b.transposed();
  Vector products(a.columns);
  for (std::size_t i = 0; i < c.rows; ++i)
    for (std::size_t j = 0; j < c.columns; ++j)
      for (std::size_t l = 0; l < c.lanes; ++l) {
        for (std::size_t k = 0; k < a.columns; ++k) products[k] = a.at(i, k, l) * columns.at(j, k, l);
        c.values[(i * c.columns + j) * c.lanes + l] =
            optexplore::language::ordered_sum(products.data(), products.size());
      }
  return c;
}

int differences(const Vector& a, const Vector& b) {
  int count = 0;
  for (std::size_t i = 0; i < a.size(); ++i) count += same_bits(a[i], b[i]) ? 0 : 1;
  return count;
}

constexpr double untouched = 12345;

/// Both operands as they are and transposed.
template <class F>
void for_transpositions(const Matrix& a, const Matrix& b, F&& check) {
  const std::array as{a, a.transposed()}, bs{b, b.transposed()};
  for (const bool at : {false, true})
    for (const bool bt : {false, true})
      check(ProductShape{a.rows, a.columns, b.columns, at, bt}, as[at ? 1 : 0], bs[bt ? 1 : 0]);
}

void check_product(std::size_t m, std::size_t k, std::size_t n, Numbers kind, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Matrix a(m, k, 1), b(k, n, 1);
  a.fill(random, kind, 2 * k);
  b.fill(random, kind, 2 * k);
  const Matrix expected = expected_product(a, b);
  for_transpositions(a, b, [&](const ProductShape& shape, const Matrix& left, const Matrix& right) {
    for (const KernelTable* table : tables()) {
      Vector c(m * n + 8, untouched);
      product(shape, left.values.data(), right.values.data(), c.data(), *table, pools()[random() % pools().size()]);
      INFO(table->name, " ", m, "×", k, " by ", k, "×", n, ", transposed ", shape.a_transposed, shape.b_transposed,
           ", numbers ", static_cast<int>(kind), ", seed ", seed);
      CHECK(differences(expected.values, c) == 0);
      CHECK(Vector(c.begin() + static_cast<std::ptrdiff_t>(m * n), c.end()) == Vector(8, untouched));
    }
  });
}

void check_lanes(std::size_t m, std::size_t k, std::size_t n, std::size_t lanes, Numbers kind, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  for (unsigned per_lane = 0; per_lane < 4; ++per_lane) {
    Matrix a(m, k, (per_lane & 1U) != 0 ? lanes : 1), b(k, n, (per_lane & 2U) != 0 ? lanes : 1);
    a.fill(random, kind, 2 * k);
    b.fill(random, kind, 2 * k);
    const Matrix one = expected_product(a, b);
    Vector expected;
    for (const double v : one.values) expected.insert(expected.end(), lanes / one.lanes, v);
    for_transpositions(a, b, [&](const ProductShape& shape, const Matrix& left, const Matrix& right) {
      for (const KernelTable* table : tables()) {
        Vector c(expected.size(), untouched);
        product_of_lanes(shape, left.values.data(), (per_lane & 1U) != 0, right.values.data(), (per_lane & 2U) != 0,
                         c.data(), lanes, *table);
        INFO(table->name, " ", m, "×", k, " by ", k, "×", n, ", transposed ", shape.a_transposed, shape.b_transposed,
             ", numbers ", static_cast<int>(kind), ", ", lanes, " lanes, per lane ", per_lane, ", seed ", seed);
        CHECK(differences(expected, c) == 0);
      }
    });
  }
}

constexpr std::size_t sizes[] = {1, 7, 8, 9, 15, 16, 17, 63, 64, 65, 100, 257};

}  // namespace

TEST_CASE("every element of a product is the ordered sum of its terms") {
  std::mt19937_64 random(1);
  const auto any = [&] { return sizes[random() % std::size(sizes)]; };
  for (int done = 0; done < 300;) {
    const std::size_t m = any(), k = any(), n = any();
    if (m * k * n > 300'000) continue;
    check_product(m, k, n, static_cast<Numbers>(done % kinds_of_numbers), random());
    ++done;
  }
  for (std::size_t m = 1; m <= 8; ++m)
    for (std::size_t k = 0; k <= 9; k += 3)
      for (std::size_t n = 1; n <= 9; ++n) check_product(m, k, n, static_cast<Numbers>(n % kinds_of_numbers), random());
}

TEST_CASE("long sums come in pieces, wide products in blocks") {
  check_product(17, 1030, 9, with_specials, 2);
  check_product(51, 513, 8, ordinary, 3);
  check_product(7, 1600, 19, zeros, 4);
  check_product(4, 32257, 2, with_specials, 8);  // the last piece has no group of eight
  check_product(15, 9, 600, with_specials, 5);
  check_product(100, 17, 65, zeros, 6);
  check_product(2, 40, 300, with_specials, 7);
}

TEST_CASE("workers share a large product and change no bit of it") {
  constexpr std::size_t n = 257;
  std::mt19937_64 random(8);
  Matrix a(n, n, 1), b(n, n, 1);
  a.fill(random, with_specials, 4 * n);
  b.fill(random, with_specials, 4 * n);
  const Matrix expected = expected_product(a, b);
  for (Threads& threads : pools()) {
    Vector c(n * n);
    threads.runs = 0;
    product({n, n, n}, a.values.data(), b.values.data(), c.data(), best_kernels(), threads);
    CHECK(differences(expected.values, c) == 0);
    CHECK(threads.runs == (threads.threads() > 1 ? 1 : 0));
  }
}

TEST_CASE("workers share a large matrix by a vector") {
  constexpr std::size_t m = 3301, k = 3303;
  Matrix a(m, k, 1), x(k, 1, 1);
  for (std::size_t i = 0; i < m * k; ++i) a.values[i] = static_cast<double>((i * 7919) % 1009) / 997;
  for (std::size_t i = 0; i < k; ++i) x.values[i] = static_cast<double>((i * 31) % 101) / 97;
  Vector rows(m), columns(k), serial_columns(k);
  Workers serial;
  Threads& threads = pools()[1];
  product({m, k, 1}, a.values.data(), x.values.data(), rows.data(), best_kernels(), threads);
  CHECK(differences(expected_product(a, x).values, rows) == 0);
  product({1, m, k}, rows.data(), a.values.data(), columns.data(), best_kernels(), threads);
  product({1, m, k}, rows.data(), a.values.data(), serial_columns.data(), portable_kernels(), serial);
  CHECK(differences(serial_columns, columns) == 0);
}

TEST_CASE("a product of lanes is the product of each lane") {
  std::mt19937_64 random(9);
  constexpr std::size_t lanes[] = {1, 3, 8, 13, 64};
  for (int done = 0; done < 100;) {
    const std::size_t m = sizes[random() % 7], k = sizes[random() % 9], n = sizes[random() % 7];
    const std::size_t count = lanes[random() % std::size(lanes)];
    if (m * k * n * count > 60'000) continue;
    check_lanes(m, k, n, count, static_cast<Numbers>(done % kinds_of_numbers), random());
    ++done;
  }
  for (const std::size_t count : lanes)
    for (const std::size_t n : {1, 2, 3, 4, 5})
      check_lanes(n, 3 * n - 2, n, count, static_cast<Numbers>(n % kinds_of_numbers), random());
  check_lanes(33, 17, 31, 3, with_specials, random());  // these are brought together lane by lane
  check_lanes(26, 27, 25, 13, with_specials, random());
  check_lanes(6, 41, 1, 33, with_specials, random());
  check_lanes(1, 33, 5, 64, zeros, random());
  check_lanes(5, 0, 2, 8, ordinary, random());
}

TEST_CASE("a sum begins with its first term, so it may be -0") {
  for (const KernelTable* table : tables())
    for (const std::size_t k : {1, 7, 8, 9, 16, 40, 600})
      for (const std::size_t n : {1, 3, 40}) {
        const Vector a(n * k, -0.0), b(k * n, 1.0);
        Vector c(n * n, untouched);
        Workers serial;
        product({n, k, n}, a.data(), b.data(), c.data(), *table, serial);
        CHECK(differences(c, Vector(n * n, -0.0)) == 0);
      }
}
