#include "backend/interpreter/fusion.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace optexplore::backend;
using namespace optexplore::compile;
using optexplore::language::Op;

namespace {

/// Instructions on rows of four doubles.
struct Rows {
  std::vector<double> memory = std::vector<double>(4 * 10);
  std::vector<Bound> code;
  const KernelTable& kernels = best_kernels();

  double* row(std::size_t i) { return memory.data() + 4 * i; }
  void add(Op op, std::size_t out, std::size_t a, std::size_t b, unsigned splat = 0) {
    Bound bound;
    bound.op = op;
    bound.arity = op == Op::fill || op == Op::sqrt ? 1 : 2;
    bound.kernel = kernels.many[static_cast<std::size_t>(op)][splat];
    bound.splat = static_cast<std::uint8_t>(splat);
    bound.elementwise = true;
    bound.count = 4;
    bound.out = row(out);
    bound.written = {row(out), 4};
    bound.args[0] = row(a);
    bound.args[1] = row(b);
    for (std::size_t k = 0; k < bound.arity; ++k) bound.read[k] = {bound.args[k], ((splat >> k) & 1U) != 0 ? 1U : 4U};
    code.push_back(bound);
  }
  /// How many passes are left when only the rows from `first_live` on are wanted; their values stay the same.
  std::size_t passes(std::size_t first_live) {
    for (std::size_t i = 0; i < memory.size(); ++i) memory[i] = 1.0 / static_cast<double>(i + 2);
    const std::vector<double> before = memory;
    const auto run = [&] {
      memory = before;  // the same place: the code points to it
      for (const Bound& b : code) b.kernel(b.out, b.args[0], b.args[1], b.args[2], b.count, b.aux);
      return std::vector<double>(memory.begin() + static_cast<std::ptrdiff_t>(4 * first_live), memory.end());
    };
    const std::vector<double> expected = run();
    const auto live = [&](const Span& span, std::size_t end) {
      bool read = span.first >= row(first_live);
      for (std::size_t i = end; i < code.size(); ++i)
        for (std::size_t k = 0; k < code[i].arity; ++k) read = read || code[i].read[k].first == span.first;
      return read;
    };
    fuse(code, live, kernels);
    CHECK(run() == expected);
    return code.size();
  }
};

}  // namespace

TEST_CASE("a temporary that is read once disappears") {
  Rows rows;
  rows.add(Op::mul, 0, 1, 2, 1);
  rows.add(Op::add, 9, 3, 0);
  CHECK(rows.passes(9) == 1);
}

TEST_CASE("not when it is read twice, wanted later, or by an operand alone") {
  Rows twice;
  twice.add(Op::mul, 0, 1, 2);
  twice.add(Op::add, 9, 0, 0);
  CHECK(twice.passes(9) == 2);
  Rows later;
  later.add(Op::mul, 0, 1, 2);
  later.add(Op::add, 8, 3, 0);
  later.add(Op::sub, 9, 0, 4);
  CHECK(later.passes(8) == 3);
  Rows wanted;
  wanted.add(Op::mul, 8, 1, 2);
  wanted.add(Op::add, 9, 3, 8);
  CHECK(wanted.passes(8) == 2);
  Rows one;  // only the first element
  one.add(Op::mul, 0, 1, 2);
  one.add(Op::add, 9, 3, 0, 2);
  CHECK(one.passes(9) == 2);
}

TEST_CASE("not when an operand is overwritten meanwhile") {
  Rows rows;
  rows.add(Op::mul, 0, 1, 2);
  rows.add(Op::add, 1, 3, 4);
  rows.add(Op::sub, 9, 0, 1);
  CHECK(rows.passes(9) == 2);  // the second and the third
}

TEST_CASE("in place") {
  Rows rows;
  rows.add(Op::mul, 9, 9, 1, 2);
  rows.add(Op::add, 9, 9, 2);
  CHECK(rows.passes(9) == 1);
}

TEST_CASE("copies are written where they are wanted, and pairs are not joined to a third") {
  Rows rows;
  rows.add(Op::mul, 0, 1, 2);
  rows.add(Op::sqrt, 3, 0, 0);
  rows.add(Op::fill, 9, 3, 3);
  CHECK(rows.passes(9) == 1);
  Rows chain;
  chain.add(Op::mul, 0, 1, 2);
  chain.add(Op::add, 3, 0, 4);
  chain.add(Op::sub, 9, 3, 5);
  CHECK(chain.passes(9) == 2);
}
