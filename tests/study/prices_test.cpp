#include "study/prices.hpp"

#include <doctest/doctest.h>

#include <optexplore/error.hpp>

using namespace optexplore;
using study::prices;

TEST_CASE("evaluations cost one each and a Hessian n, unless a weighted sum says otherwise") {
  const study::Evaluations evaluations = {3, 5, 2};
  CHECK(prices({}, 10).of(evaluations) == 3 + 5 + 20);
  CHECK(prices("evals_f", 10).of(evaluations) == 3);
  CHECK(prices("evals_f + 4*evals_g", 10).of(evaluations) == 23);
  CHECK(prices("(evals_f + n*evals_g + n*(n+1)/2*evals_h)/2", 3).of(evaluations) == 15);
}

TEST_CASE("other costs are refused") {
  for (const char* cost :
       {"evals_f*evals_g", "evals_f + 1", "evals_f - evals_g", "0*evals_f", "max(evals_f, evals_g)", "1/0"}) {
    CAPTURE(cost);
    CHECK_THROWS_WITH_AS(prices(cost, 2), doctest::Contains("expected a sum of evals_f, evals_g and evals_h"),
                         InputError);
  }
  CHECK_THROWS_WITH_AS(prices("evals", 2), doctest::Contains("--cost"), InputError);
  CHECK_THROWS_WITH_AS(prices("", 2), doctest::Contains("--cost"), InputError);
}
