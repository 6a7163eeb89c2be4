#include "backend/interpreter/kernels.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cstdlib>
#include <limits>
#include <random>
#include <vector>

#include "program/graph_tools.hpp"

using namespace optexplore::backend;
using namespace optexplore::language;
using namespace optexplore::program;
using optexplore::test::same_bits;
using Vector = std::vector<double>;

namespace {

std::vector<const KernelTable*> tables() {
  std::vector<const KernelTable*> all{&portable_kernels(), &baseline_kernels()};
  if (avx2_kernels() != nullptr) all.push_back(avx2_kernels());
  return all;
}

std::vector<Op> elementwise_ops() {
  std::vector<Op> ops;
  for (int i = static_cast<int>(Op::neg); i <= static_cast<int>(Op::where); ++i) ops.push_back(static_cast<Op>(i));
  return ops;
}

/// Special values, doubles of any bits, and everyday numbers.
class Arguments {
 public:
  explicit Arguments(std::uint64_t seed) : random_(seed) {}
  double next() {
    constexpr double inf = std::numeric_limits<double>::infinity();
    constexpr double special[] = {0.0,
                                  -0.0,
                                  1.0,
                                  -1.0,
                                  0.5,
                                  -0.5,
                                  1.5,
                                  2.5,
                                  -2.5,
                                  0x1p-1074,
                                  -0x1p-1074,
                                  0x1p-1022,
                                  0x1.fffffffffffffp1023,
                                  inf,
                                  -inf,
                                  3.0,
                                  709.9,
                                  -745.2,
                                  1e22,
                                  -1e300,
                                  0x1p52,
                                  0x1p53,
                                  1e-8,
                                  std::numeric_limits<double>::quiet_NaN()};
    switch (random_() % 4) {
      case 0: return special[random_() % std::size(special)];
      case 1: return std::bit_cast<double>(random_());
      case 2: return std::uniform_real_distribution<double>(-800, 800)(random_);
      default: return std::uniform_real_distribution<double>(-2, 2)(random_);
    }
  }
  Vector many(std::size_t count) {
    Vector values(count);
    for (double& v : values) v = next();
    return values;
  }
  std::uint64_t number() { return random_(); }

 private:
  std::mt19937_64 random_;
};

double expected(Op op, unsigned mode, const Vector* v, std::size_t i, std::int32_t aux) {
  const double arguments[3] = {v[0][(mode & 1U) ? 0 : i], v[1][(mode & 2U) ? 0 : i], v[2][(mode & 4U) ? 0 : i]};
  return evaluate(op, arguments, aux);
}

/// How many of `count` results differ from the scalar function's.
int differences(const KernelTable& table, Op op, unsigned mode, const Vector* v, std::size_t count, std::int32_t aux) {
  Vector out(count + 1, 42.0);
  const int arity = info(op).arity;  // operands that are not there are null, as the machine passes them
  table.many[static_cast<std::size_t>(op)][mode](out.data(), v[0].data(), arity > 1 ? v[1].data() : nullptr,
                                                 arity > 2 ? v[2].data() : nullptr, count, aux);
  int different = out[count] == 42.0 ? 0 : 1000;  // writes nothing past the end
  for (std::size_t i = 0; i < count; ++i) different += same_bits(out[i], expected(op, mode, v, i, aux)) ? 0 : 1;
  return different;
}

}  // namespace

TEST_CASE("every elementwise kernel computes the scalar function's bits, for every operand mode and odd counts") {
  constexpr std::uint64_t seed = 3;
  Arguments arguments(seed);
  for (const KernelTable* table : tables())
    for (const Op op : elementwise_ops()) {
      const unsigned modes = op == Op::powi ? 1U : 1U << static_cast<unsigned>(info(op).arity);
      for (unsigned mode = 0; mode < modes; ++mode)
        for (const std::size_t count : {1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 33, 127})
          for (int trial = 0; trial < 6; ++trial) {
            const Vector v[3] = {arguments.many(count), arguments.many(count), arguments.many(count)};
            const auto aux = static_cast<std::int32_t>(arguments.number() % 21) - 10;
            INFO("seed ", seed, " ", table->name, " ", std::string(info(op).name), " mode ", mode, " count ", count);
            CHECK(differences(*table, op, mode, v, count, aux) == 0);
          }
    }
}

TEST_CASE("kernels for a single number compute the same bits") {
  Arguments arguments(4);
  for (const KernelTable* table : tables())
    for (const Op op : elementwise_ops()) {
      int different = 0;
      for (int trial = 0; trial < 2000; ++trial) {
        const double v[3] = {arguments.next(), arguments.next(), arguments.next()};
        const auto aux = static_cast<std::int32_t>(arguments.number() % 21) - 10;
        double out = 42;
        table->one[static_cast<std::size_t>(op)](&out, &v[0], info(op).arity > 1 ? &v[1] : nullptr,
                                                 info(op).arity > 2 ? &v[2] : nullptr, 1, aux);
        different += same_bits(out, evaluate(op, v, aux)) ? 0 : 1;
      }
      INFO(table->name, " ", std::string(info(op).name));
      CHECK(different == 0);
    }
}

TEST_CASE("a result may take the place of any operand") {
  Arguments arguments(5);
  for (const KernelTable* table : tables())
    for (const Op op : elementwise_ops())
      for (int place = 0; place < info(op).arity; ++place)
        for (const std::size_t count : {1, 3, 8, 31}) {
          Vector v[3] = {arguments.many(count), arguments.many(count), arguments.many(count)};
          const Vector before[3] = {v[0], v[1], v[2]};
          table->many[static_cast<std::size_t>(op)][0](v[place].data(), v[0].data(), v[1].data(), v[2].data(), count,
                                                       5);
          int different = 0;
          for (std::size_t i = 0; i < count; ++i)
            different += same_bits(v[place][i], expected(op, 0, before, i, 5)) ? 0 : 1;
          INFO(table->name, " ", std::string(info(op).name), " in place of operand ", place);
          CHECK(different == 0);
        }
}

TEST_CASE("SLEEF's vector functions return its scalar functions' bits on a hundred thousand arguments") {
  constexpr std::size_t count = 100'003;
  Arguments arguments(6);
  const Vector v[3] = {arguments.many(count), arguments.many(count), arguments.many(count)};
  for (const KernelTable* table : tables())
    for (const Op op : elementwise_ops()) {
      INFO(table->name, " ", std::string(info(op).name));
      CHECK(differences(*table, op, 0, v, count, 7) == 0);
    }
}

TEST_CASE("the scalar functions are close to the C library's") {
  struct Row {
    Op op;
    double (*reference)(double);
    double low, high;
  };
  const Row rows[] = {
      {Op::cbrt, std::cbrt, -1e9, 1e9},   {Op::exp, std::exp, -700, 700},    {Op::expm1, std::expm1, -30, 700},
      {Op::log, std::log, 1e-9, 1e9},     {Op::log1p, std::log1p, -0.99, 9}, {Op::log2, std::log2, 1e-9, 1e9},
      {Op::log10, std::log10, 1e-9, 1e9}, {Op::sin, std::sin, -1e4, 1e4},    {Op::cos, std::cos, -1e4, 1e4},
      {Op::tan, std::tan, -1e4, 1e4},     {Op::asin, std::asin, -1, 1},      {Op::acos, std::acos, -1, 1},
      {Op::atan, std::atan, -50, 50},     {Op::sinh, std::sinh, -700, 700},  {Op::cosh, std::cosh, -700, 700},
      {Op::tanh, std::tanh, -20, 20},     {Op::erf, std::erf, -6, 6}};
  std::mt19937_64 random(8);
  for (const Row& row : rows)
    for (int i = 0; i < 3000; ++i) {
      const double x = std::uniform_real_distribution<double>(row.low, row.high)(random);
      const double want = row.reference(x);
      if (std::fabs(evaluate(row.op, &x) - want) > 7e-16 * std::fabs(want))  // about three units in the last place
        FAIL(std::string(info(row.op).name), "(", x, ") is ", evaluate(row.op, &x), ", not ", want);
    }
  const double pair[] = {-2.0, 3.0};
  CHECK(evaluate(Op::pow, pair) == -8);
  const double legs[] = {3e200, 4e200};
  CHECK(evaluate(Op::hypot, legs) == doctest::Approx(5e200).epsilon(1e-15));
}

TEST_CASE("reductions add in the documented order, in every lane, for every operand mode") {
  constexpr Op reductions[] = {Op::sum, Op::dot, Op::norm, Op::reduce_min, Op::reduce_max};
  std::mt19937_64 random(9);
  std::uniform_real_distribution<double> between(-1, 1);
  std::vector<std::size_t> lengths{100, 1000};
  for (std::size_t n = 1; n <= 40; ++n) lengths.push_back(n);
  for (const KernelTable* table : tables())
    for (const Op op : reductions)
      for (const std::size_t rows : lengths)
        for (const std::size_t lanes : {1, 2, 3, 7, 8, 9, 16, 31}) {
          for (unsigned mode = 0; mode < (op == Op::dot ? 4U : 2U); ++mode) {
            Vector a(rows * lanes);
            Vector b(rows * lanes);
            for (double& x : a) x = std::exp(30 * between(random)) * between(random);
            for (double& x : b) x = between(random);
            if (rows % 7 == 3) a[rows * lanes / 2] = std::nan("");
            Vector out(lanes);
            table->many[static_cast<std::size_t>(op)][mode](out.data(), a.data(), op == Op::dot ? b.data() : nullptr,
                                                            nullptr, lanes, static_cast<std::int32_t>(rows));
            int different = 0;
            for (std::size_t l = 0; l < lanes; ++l) {
              Vector la(rows);
              Vector lb(rows);
              for (std::size_t r = 0; r < rows; ++r) {
                la[r] = a[(mode & 1U) ? r : r * lanes + l];
                lb[r] = b[(mode & 2U) ? r : r * lanes + l];
              }
              different += same_bits(out[l], optexplore::test::reduce(op, la, lb)[0]) ? 0 : 1;
            }
            INFO(table->name, " ", std::string(info(op).name), " rows ", rows, " lanes ", lanes, " mode ", mode);
            CHECK(different == 0);
          }
        }
}

TEST_CASE("ordered_sum adds eight interleaved partial sums, then the remainder") {
  CHECK(ordered_sum(nullptr, 0) == 0);
  std::mt19937_64 random(10);
  for (std::size_t n = 1; n <= 1000; n += n < 40 ? 1 : 120) {
    Vector v(n);
    for (double& x : v) x = std::exp(std::uniform_real_distribution<double>(-20, 20)(random));
    CHECK(ordered_sum(v.data(), n) == optexplore::test::ordered(v));
  }
  const double cancelling[] = {1e300, 1, -1e300, 0, 0, 0, 0, 0};  // (1e300 + 1) + (-1e300 + 0) + …
  CHECK(ordered_sum(cancelling, 8) == 0);
}

TEST_CASE("the environment can ask for the portable kernels") {
  ::setenv("OPTEXPLORE_KERNELS", "baseline", 1);
  CHECK(std::string(best_kernels().name) == "baseline");
  ::setenv("OPTEXPLORE_KERNELS", "portable", 1);
  CHECK(&best_kernels() == &portable_kernels());
  ::unsetenv("OPTEXPLORE_KERNELS");
  CHECK(&best_kernels() == tables().back());
}

TEST_CASE("fused kernels compute what the two operations compute one after the other") {
  const std::pair<Op, std::int32_t> ops[] = {{Op::neg, 0}, {Op::sqrt, 0}, {Op::powi, 2}, {Op::add, 0},
                                             {Op::sub, 0}, {Op::mul, 0},  {Op::div, 0}};
  Arguments arguments(7);
  int kernels = 0;
  for (const KernelTable* table : tables())
    for (const auto& first : ops)
      for (const auto& second : ops)
        for (unsigned k = 0; k < 2; ++k)
          for (unsigned mode = 0; mode < 8; ++mode) {
            const Kernel fused = table->fused[fused_op(first.first)][fused_op(second.first)][k][mode];
            if (fused == nullptr) continue;
            ++kernels;
            const std::size_t count = 1 + arguments.number() % 37;
            const Vector a = arguments.many(count), b = arguments.many(count), c = arguments.many(count);
            const auto many = [&](const std::pair<Op, std::int32_t>& op, unsigned splat) {
              return table->many[static_cast<std::size_t>(op.first)][splat];
            };
            const bool unary = second.first == Op::neg || second.first == Op::sqrt || second.first == Op::powi;
            Vector inner(count), expected_values(count), out = a;
            many(first, mode & 3U)(inner.data(), a.data(), b.data(), nullptr, count, first.second);
            const unsigned other = (mode >> 2U) & 1U;
            if (unary || k == 0)
              many(second, unary ? 0 : other << 1U)(expected_values.data(), inner.data(), c.data(), nullptr, count,
                                                    second.second);
            else
              many(second, other)(expected_values.data(), c.data(), inner.data(), nullptr, count, second.second);
            // In place where it may be.
            const bool in_place = (mode & 1U) == 0;
            fused(out.data(), in_place ? out.data() : a.data(), b.data(), c.data(), count, 0);
            int wrong = 0;
            for (std::size_t i = 0; i < count; ++i) wrong += same_bits(out[i], expected_values[i]) ? 0 : 1;
            INFO(table->name, " ", static_cast<int>(first.first), " ", static_cast<int>(second.first), " ", k, " ",
                 mode);
            CHECK(wrong == 0);
          }
  CHECK(kernels == static_cast<int>(tables().size()) * (3 * (3 + 4 * 2 * 2) + 4 * (3 * 3 + 4 * 2 * 6)));
}
