#include "analysis/formula_diff.hpp"

#include <doctest/doctest.h>

#include <optexplore/error.hpp>

using namespace optexplore;

namespace {

bool same(const std::string& a, const std::string& b) {
  const auto experiment = [](const std::string& optimizer) {
    return read_experiment(R"({"function": "book", "steps": 60, "optimizers": [)" + optimizer + "]}", "test");
  };
  return analysis::same_computation(experiment(a), experiment(b));
}

/// A rule with two states.
std::string rule(const std::string& state, const std::string& update, const std::string& params = "\"lr\": 0.1") {
  return R"({"label": "a", "params": {)" + params + R"(}, "state": {)" + state + R"(}, "update": [)" + update + "]}";
}

}  // namespace

TEST_CASE("the same computation under other names, in another order, with other brackets") {
  const std::string swapped = rule(R"~("v": 0, "m": 1)~", R"~("m = m/2 + g", "v = v/3 + g*m", "x = x - lr*(m + v)")~");
  CHECK(same(swapped, swapped));
  CHECK(same(swapped, rule(R"~("b": 1, "a": 0)~", R"~("b = g + b/2", "a = (b*g) + a/3", "x = x - (a + b)*lr")~")));
  CHECK(same(swapped, rule(R"~("b": 1, "a": 0, "idle": 5)~",
                           R"~("idle = idle + g", "b = g + b/2", "a = (b*g) + a/3", "x = x - (a + b)*lr")~")));
  CHECK(same(R"~({"type": "sgd", "lr": 0.1})~", rule("", R"~("x = x - eta*g")~", R"~("eta": 0.1)~")));
  CHECK(same(R"~({"type": "momentum", "dampening": 0})~",
             rule(R"~("v": 0)~", R"~("v = where(t == 1, g, 0.9*v + g)", "x = x - 0.001*v")~")));
}

TEST_CASE("what isn't the same computation") {
  const std::string two = rule(R"~("v": 0, "m": 1)~", R"~("m = m/2 + g", "v = v/3 + g*m", "x = x - lr*(m + v)")~");
  CHECK_FALSE(same(two, rule(R"~("v": 1, "m": 0)~", R"~("m = m/2 + g", "v = v/3 + g*m", "x = x - lr*(m + v)")~")));
  CHECK_FALSE(same(two, rule(R"~("v": 0, "m": 1)~", R"~("m = m/2 + g", "v = v/3 + g*m", "x = x - lr*m - lr*v")~")));
  CHECK_FALSE(same(two, rule(R"~("v": 0, "m": 1)~", R"~("v = v/3 + g*m", "m = m/2 + g", "x = x - lr*(m + v)")~")));
  CHECK_FALSE(same(R"~({"type": "sgd", "lr": 0.1})~", R"~({"type": "sgd", "lr": 0.2})~"));
  CHECK_FALSE(same(R"~({"type": "sgd", "lr": 0.1})~", R"~({"type": "sgd", "lr": "0.1/t"})~"));
  CHECK_FALSE(same(R"~({"type": "adam"})~", R"~({"type": "amsgrad"})~"));
  // Whoever has but one coordinate can't tell these apart.
  CHECK_FALSE(same(rule("", R"~("x = x - lr*norm(g)*g")~"), rule("", R"~("x = x - lr*abs(g)*g")~")));
  // Two draws, one of them twice.
  CHECK(same(rule("", R"~("x = x - lr*(g + randn() - randn())")~"),
             rule("", R"~("x = x - lr*(g + randn() - randn())")~")));
  CHECK_FALSE(same(rule("", R"~("x = x - lr*(g + randn())")~"), rule("", R"~("x = x - lr*(g + rand())")~")));
}

TEST_CASE("loops and schedules are compared as what they compute") {
  const auto looped = [](const std::string& text) { return rule("", R"~("x = x - lr*g*)~" + text + "\""); };
  CHECK(same(looped("sum(k, 1, 5, prod(j, 1, 3, x[1] + j*k))"), looped("sum(i, 1, 5, prod(l, 1, 3, i*l + x[1]))")));
  CHECK_FALSE(
      same(looped("sum(k, 1, 5, prod(j, 1, 3, x[1] + j*k))"), looped("sum(k, 1, 5, prod(j, 1, 3, x[1] - j*k))")));
  CHECK(
      same(R"~({"type": "sgd", "lr": "cosine_decay(0.1)"})~", R"~({"type": "sgd.keras", "lr": "cosine_decay(0.1)"})~"));
}
