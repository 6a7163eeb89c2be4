#include <doctest/doctest.h>

#include <cmath>
#include <optexplore/error.hpp>

#include "study/run_tools.hpp"

using run_tools::Run;
using run_tools::run;

namespace {

/// The catalogue's Adam, operation by operation, in a compiler's float.
struct Adam {
  float m = 0, v = 0;
  float step(float x, float g, float t) {
    const auto lr = 0.1F, beta1 = 0.9F, beta2 = 0.999F, eps = 1e-8F;
    m = beta1 * m + (1.0F - beta1) * g;
    v = beta2 * v + (1.0F - beta2) * (g * g);
    const float first = m / (1.0F - static_cast<float>(std::pow(double{beta1}, double{t})));
    const float second = v / (1.0F - static_cast<float>(std::pow(double{beta2}, double{t})));
    return x - lr * first / (std::sqrt(second) + eps);
  }
};

}  // namespace

TEST_CASE("float32 is what a compiler's float gives, operation by operation") {
  Run path =
      run(R"({"function": {"definition": "f(x,y) = x^2/20 + y^2", "gradient": ["x/10", "2*y"]}, "start": [-7.3, 2.1],
                     "steps": 200, "precision": "float32", "optimizers": [{"type": "adam", "lr": 0.1}],
                     "columns": ["point", "f", "state.m"]})")
          .at(0);
  float x = -7.3F, y = 2.1F;
  Adam of_x, of_y;
  for (std::size_t t = 0; t <= 200; ++t) {
    CAPTURE(t);
    REQUIRE(path["x"][t] == x);
    REQUIRE(path["y"][t] == y);
    REQUIRE(path["f"][t] == x * x / 20.0F + y * y);
    const auto next = static_cast<float>(t + 1);
    x = of_x.step(x, x / 10.0F, next);
    y = of_y.step(y, 2.0F * y, next);
  }
}

TEST_CASE("one optimizer may have a precision of its own, and states, gradients and starts have it") {
  const std::vector<Run> both = run(
      R"({"function": "rosenbrock", "start": [0.1, 0.3], "steps": 5, "columns": ["point", "f", "state.m", "g"],
          "optimizers": [{"type": "adamax", "lr": 0.001}, {"type": "adamax", "lr": 0.001, "precision": "float16"}]})");
  Run wide = both.at(0), narrow = both.at(1);
  for (const char* column : {"x1", "x2", "f", "state.m.x1", "state.m.x2", "g.x1", "g.x2"})
    for (std::size_t t = 1; t <= 5; ++t) {
      CAPTURE(column);
      const double value = narrow[column][t];
      // 11 digits of the number, or a multiple of 2^-24.
      CHECK(std::remainder(value, std::max(std::ldexp(1.0, std::ilogb(value) - 10), std::ldexp(1.0, -24))) == 0);
      CHECK(std::fabs(value - wide[column][t]) <= 0.02 * std::max(1.0, std::fabs(value)));
      CHECK(wide[column][t] != value);
    }
}

TEST_CASE("counters and counts stay exact in small formats") {
  Run long_run = run(R"j({"function": "book", "steps": 3000, "precision": "bfloat16",
                          "columns": ["step", "evals_f"],
                          "optimizers": [{"label": "o", "state": {"last": 0, "y": 0},
                            "update": ["last = 0", {"for": "k = 1:min(t, 300)", "do": ["last = k"]}, "y = f(x)",
                                       "x = x - 0.001*last*g/300*min(y, 1)"]}]})j")
                     .at(0);
  CHECK(long_run["evals_f"][3000] == 3000);
}

TEST_CASE("subscripts, ranges and sizes are exact in small formats") {
  const auto value = [](const std::string& definition) {
    return run(R"j({"function": {"definition": ")j" + definition +
               R"j(", "start": [1]}, "steps": 0, "precision": "bfloat16",
               "optimizers": [{"type": "sgd"}], "columns": ["f"]})j")
        .at(0)["f"][0];
  };
  CHECK(value("f(x[512]) = sum(x[2:512] - x[1:511])") == 0);
  CHECK(value("f(x[512]) = sum(k, 1, 257, 0*x[k] + 1) - 256") == 0);  // 257 isn't a bfloat16: the sum is 256
  CHECK(value("f(x[512]) = sum(zeros(301, 1)) + x[1]") == 1);
  CHECK(value("f(x[512]) = x[301] + where(range(1, 301)[301] == 301, 1, 0)") == 2);
  Run moved =
      run(R"j({"function": {"definition": "f(x[500]) = x[301]^2", "start": [1]}, "steps": 1, "precision": "bfloat16",
                       "optimizers": [{"type": "sgd", "lr": 0.5}], "columns": ["x300", "x301"]})j")
          .at(0);
  CHECK(moved["x300"][1] == 1);
  CHECK(moved["x301"][1] == 0);
}

TEST_CASE("a precision that isn't known is refused with what it is called here") {
  const auto failure = [](const std::string& precision) -> std::string {
    try {
      run(R"({"function": "book", "optimizers": [{"type": "sgd", "precision": )" + precision + "}]}");
      return "no error";
    } catch (const optexplore::InputError& error) {
      return error.what();
    }
  };
  CHECK(failure(R"("half")").find(R"('half' is called "float16" here)") != std::string::npos);
  CHECK(failure(R"("quad")").find(R"(expected "float64", "float32", "float16" or "bfloat16", found)") !=
        std::string::npos);
}
