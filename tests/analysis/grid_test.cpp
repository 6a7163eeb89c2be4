#include "analysis/grid.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <optexplore/error.hpp>
#include <optexplore/function.hpp>

using namespace optexplore;
using analysis::Grid;
using analysis::GridSpec;

namespace {

GridSpec spec_of(std::vector<ColumnSpec> columns) {
  GridSpec spec;
  spec.axes = {2, 0};
  spec.ranges = {Interval{-1, 2}, Interval{0.5, 3}};
  spec.counts = {7, 300};
  spec.at = {9, 0.25, 9};
  spec.columns = std::move(columns);
  return spec;
}

std::string failure(const std::string& column) {
  try {
    const Function f = Function::parse("f(a,b,c) = a*b + c^2");
    const Grid grid(f.spec(), spec_of({{column, ""}}));
    return "no error";
  } catch (const InputError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a grid has the function's own values, gradients and expressions, at evenly spaced points") {
  const Function f = Function::parse("f(a,b,c) = exp(-a*b) + sin(3*c)*a + b^2");
  const Grid grid(f.spec(), spec_of({{"f", ""}, {"grad_norm", ""}, {"sum", "a + 10*b + 100*c"}}));
  REQUIRE(grid.schema().columns.size() == 5);
  CHECK(grid.schema().columns[0].name == "c");
  CHECK(grid.schema().columns[1].name == "a");
  // Blocks of any size have the same rows.
  std::vector<double> values;
  for (std::size_t line = 0, count = 1; line < grid.lines(); line += count, count = count % 50 + 7) {
    count = std::min(count, grid.lines() - line);
    const Block block = grid.compute(line, count);
    CHECK(block.rows == count * grid.line_length());
    for (std::size_t r = 0; r < block.rows; ++r)
      for (std::size_t c = 0; c < 5; ++c) values.push_back(block.at(c, r));
  }
  REQUIRE(values.size() == 7 * 300 * 5);
  for (std::size_t i = 0; i < 7 * 300; ++i) {
    const double* row = &values[5 * i];
    CHECK(std::fabs(row[0] - (-1 + 3.0 * static_cast<double>(i % 7) / 6)) <= 1e-15);
    CHECK(std::fabs(row[1] - (0.5 + 2.5 * static_cast<double>(i / 7) / 299)) <= 1e-15);
    const std::vector<double> point = {row[1], 0.25, row[0]};
    CHECK(row[2] == f.value(point));
    const std::vector<double> g = f.gradient(point);
    CHECK(std::fabs(row[3] - std::sqrt(g[0] * g[0] + g[1] * g[1] + g[2] * g[2])) <= 1e-14 * row[3]);
    CHECK(row[4] == row[1] + 2.5 + 100 * row[0]);
  }
  CHECK(values[0] == -1);  // both ends are met exactly
  CHECK(values[values.size() - 5] == 2);
  CHECK(values[values.size() - 4] == 3);
}

TEST_CASE("a grid has points and no steps") {
  CHECK(failure("path_length").starts_with("--columns: 'path_length' is not available here"));
  CHECK(failure("point_prev").starts_with("--columns: 'point_prev' is not available here"));
  CHECK(failure("run") == "--columns: a grid has points and no run");
  CHECK(failure("q").starts_with("--columns: undefined name 'q'"));
  CHECK(failure("lambda_max") == "no error");
}
