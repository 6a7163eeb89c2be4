#include "picture/view.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace optexplore;
using picture::fit_view;
using picture::fits_logarithm;
using picture::View;
using picture::ViewInput;

namespace {

double length(const Interval& range) { return range.high - range.low; }
bool holds(const View& view, double x, double y) {
  return x >= view.range[0].low && x <= view.range[0].high && y >= view.range[1].low && y <= view.range[1].high;
}

/// From (-4, 2) straight to the minimizer at (0, 0) of x² + y².
std::vector<picture::Sample> descent() {
  std::vector<picture::Sample> path;
  for (int i = 0; i <= 10; ++i) {
    const double x = -4 + 0.4 * i, y = 2 - 0.2 * i;
    path.push_back({x, y, x * x + y * y});
  }
  return path;
}

}  // namespace

TEST_CASE("the view holds a path and the minimizer, and units are equal") {
  ViewInput input;
  input.paths = {descent()};
  input.minimizers = {{0, 0}};
  const View view = fit_view(input);
  CHECK(holds(view, -4, 2));
  CHECK(holds(view, 0, 0));
  CHECK(view.equal);
  CHECK(length(view.range[0]) / length(view.range[1]) == doctest::Approx(input.aspect));
  CHECK(length(view.range[0]) < 6);
}

TEST_CASE("a path that diverges does not spoil the view") {
  ViewInput input;
  input.paths = {descent()};
  input.minimizers = {{0, 0}};
  const View alone = fit_view(input);
  std::vector<picture::Sample> diverging = {{-4, 2, 20}};
  for (double x = 10; x < 1e200; x *= -3) diverging.push_back({x, x, x < 1e150 && x > -1e150 ? 2 * x * x : 1e308});
  input.paths.push_back(diverging);
  const View view = fit_view(input);
  CHECK(holds(view, -4, 2));
  for (int k : {0, 1}) CHECK(length(view.range[static_cast<std::size_t>(k)]) <= 3 * length(alone.range[0]));
}

TEST_CASE("a minimizer too far away is left out, one near enough is not") {
  ViewInput input;
  input.paths = {descent()};
  input.minimizers = {{10, 0}, {1000, 0}};
  const View view = fit_view(input);
  CHECK(holds(view, 10, 0));
  CHECK_FALSE(holds(view, 1000, 0));
}

TEST_CASE("a function that falls for ever is followed only near its domain") {
  ViewInput input;
  input.has_domain = true;
  input.domain = {Interval{-5, 5}, Interval{-5, 5}};
  input.paths = {{{1, 1, 0}}};
  for (double x = 1; x < 1e30; x *= 2) input.paths[0].push_back({x, x, -x});
  const View view = fit_view(input);
  CHECK(length(view.range[1]) < 50);
}

TEST_CASE("without a domain it is followed until f has fallen very far") {
  ViewInput input;
  input.paths = {{{1, 1, 0}}};
  for (double x = 1; x < 1e200; x *= 2) input.paths[0].push_back({x, x, -x});
  const View view = fit_view(input);
  CHECK(holds(view, 1e5, 1e5));
  CHECK(length(view.range[1]) < 1e7);
}

TEST_CASE("there is always something to see: no paths, a single point, a path along one axis") {
  for (const bool domain : {false, true}) {
    CAPTURE(domain);
    ViewInput input;
    input.has_domain = domain;
    input.domain = {Interval{-5, 5}, Interval{-3, 3}};
    const auto sound = [](const View& view) {
      for (const Interval& range : view.range)
        if (!(std::isfinite(range.low) && std::isfinite(range.high) && range.low < range.high)) return false;
      return true;
    };
    CHECK(sound(fit_view(input)));
    input.paths = {{}};
    CHECK(sound(fit_view(input)));
    input.paths = {{{2, -1, 5}}};
    CHECK(sound(fit_view(input)));
    CHECK(holds(fit_view(input), 2, -1));
    input.paths = {{{1e6, 3, 5}, {1e6 + 1, 3, 4}}};
    CHECK(sound(fit_view(input)));
    CHECK(holds(fit_view(input), 1e6, 3));
  }
}

TEST_CASE("an axis along which only rounding moves is not drawn to scale") {
  ViewInput input;
  input.paths = {{{0, 1e-14, 2}, {50, -3e-14, 1}, {100, 2e-14, 0}}};
  CHECK(length(fit_view(input).range[1]) > 5);
}

TEST_CASE("axes that need very different units get them") {
  ViewInput input;
  input.paths = {{{0, 0, 2}, {1, 1000, 1}}};
  CHECK_FALSE(fit_view(input).equal);
  input.paths = {{{0, 0, 2}, {1, 1.5, 1}}};
  CHECK(fit_view(input).equal);
  input.same_unit = false;
  CHECK_FALSE(fit_view(input).equal);
}

TEST_CASE("a logarithmic axis is for values that fill decades, not for zeros with the noise of rounding") {
  CHECK(fits_logarithm({10, 1, 0.1, 0.01}));
  CHECK(fits_logarithm({1, 1e-2, 1e-4, 1e-8, 1e-16}));  // Newton's method
  CHECK(fits_logarithm({1, 0.1, 0.01, 0}));
  CHECK_FALSE(fits_logarithm({1.5, 0.7, 1e-16, 3e-17, 0}));
  CHECK_FALSE(fits_logarithm({3, 2, 1}));
  CHECK_FALSE(fits_logarithm({10, 0.1, -1}));
  CHECK_FALSE(fits_logarithm({0, 0}));
  CHECK_FALSE(fits_logarithm({}));
}
