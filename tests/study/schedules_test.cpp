#include <doctest/doctest.h>

#include <cmath>
#include <optexplore/catalog.hpp>
#include <optexplore/error.hpp>

#include "study/run_tools.hpp"

namespace {

/// The learning rate of updates 1…100 that an expression means.
std::vector<double> rates(const std::string& lr) {
  auto runs = run_tools::run(R"j({"function": "book", "steps": 100, "optimizers": [{"type": "sgd", "lr": ")j" + lr +
                             R"j("}], "columns": ["hp.lr"]})j");
  std::vector<double> values = runs[0]["hp.lr"];
  values.resize(100);  // row 100 is about an update that never happens
  return values;
}

std::string failure(const std::string& lr) {
  try {
    rates(lr);
    return "no error";
  } catch (const optexplore::InputError& error) {
    return error.message();
  }
}

}  // namespace

TEST_CASE("schedules are PyTorch's: the expressions were checked against its schedulers at every step") {
  // Left: ours. Right: the expressions of tests/golden/rules/torch-sched-*.json, verified there to 3e-15.
  const std::pair<const char*, const char*> pairs[] = {
      {"step_decay(0.1, 20, 0.5)", "0.1*0.5^floor((t-1)/20)"},
      {"exponential_decay(0.3, 0.95)", "0.3*0.95^(t-1)"},
      {"cosine_decay(0.1, 100, 0.001)", "0.001 + 0.5*(0.1-0.001)*(1+cos(pi*(t-1)/100))"},
      {"cosine_restarts(0.3, 25, 1, 0.01)", "0.01 + (0.3-0.01)*(1+cos(pi*mod(t-1,25)/25))/2"},
      {"linear_decay(0.001, 20, 0.1, 1)", "0.001*(0.1 + (1.0-0.1)*min(t-1,20)/20)"},
      {"polynomial_decay(0.1, 80, 2)", "0.1*(1 - min(t-1,80)/80)^2"},
      {"cyclic(0.01, 0.1, 10)", "0.01 + (0.1-0.01)*max(0, 1 - abs((t-1)/10 - 2*floor(1+(t-1)/20) + 1))"},
      {"one_cycle(0.2, 100, 0.3, 25, 1000)",
       "where(t<=30, 0.2+(0.008-0.2)/2*(1+cos(pi*(t-1)/29)), 0.000008+(0.2-0.000008)/2*(1+cos(pi*(t-30)/70)))"},
      {"piecewise(0.2, 30, 0.2*0.1, 70, 0.2*0.1*0.1)", "where(t>=71, 0.2*0.1*0.1, where(t>=31, 0.2*0.1, 0.2))"},
      {"piecewise(0.2*0.25, 15, 0.2)", "where(t<=15, 0.2*0.25, 0.2)"}};
  for (const auto& pair : pairs) {  // a structured binding could not be captured by INFO's lambda in clang 14
    INFO(pair.first);
    const std::vector<double> a = rates(pair.first), b = rates(pair.second);
    for (std::size_t k = 0; k < 100; ++k) CHECK(std::fabs(a[k] - b[k]) <= 1e-14 * 0.3);
  }
}

TEST_CASE("restarts with growing periods begin again exactly where they should") {
  const std::vector<double> lr = rates("cosine_restarts(1, 4, 2)");  // periods 4, 8, 16, 32, 64
  for (const std::size_t restart : {0, 4, 12, 28, 60}) CHECK(lr[restart] == 1);
  std::size_t ones = 0;
  for (const double rate : lr) ones += rate == 1 ? 1 : 0;
  CHECK(ones == 5);
  CHECK(lr[4 + 4] == doctest::Approx(0.5).epsilon(1e-15));
}

TEST_CASE("warm-up and warmup-stable-decay go through their corners, and schedules nest") {
  const std::vector<double> warm = rates("warmup(0.5, 10)");
  CHECK(warm[0] == doctest::Approx(0.05).epsilon(1e-15));
  CHECK(warm[9] == 0.5);
  CHECK(warm[99] == 0.5);
  const std::vector<double> wsd = rates("wsd(2, 10, 20)");
  CHECK(wsd[4] == doctest::Approx(1).epsilon(1e-15));
  CHECK(wsd[40] == 2);
  CHECK(wsd[80] == 2);
  CHECK(wsd[90] == doctest::Approx(1).epsilon(1e-15));
  CHECK(wsd[99] == doctest::Approx(0.1).epsilon(1e-14));
  const std::vector<double> both = rates("warmup(cosine_decay(0.1), 10)"), cosine = rates("cosine_decay(0.1)");
  CHECK(both[4] == doctest::Approx(cosine[4] / 2).epsilon(1e-15));
  CHECK(both[50] == cosine[50]);
  CHECK(rates("inverse_time_decay(1, 0.5, 2)")[4] == doctest::Approx(0.5).epsilon(1e-15));
}

TEST_CASE("every schedule's file is complete and its example runs") {
  for (const std::string& name : optexplore::catalog::schedule_names()) {
    INFO(name);
    const auto entry = optexplore::catalog::schedule(name);
    CHECK(entry.name == name);
    CHECK_FALSE(entry.title.empty());
    CHECK_FALSE(entry.reference.empty());
    for (const double rate : rates(entry.example)) CHECK((rate >= 0 && rate <= 1));
  }
}

TEST_CASE("a schedule called with the wrong arguments says what it takes") {
  CHECK(failure("cosine_decay()") == "cosine_decay takes 1 to 3 arguments (lr, length = steps, end = 0), found 0");
  CHECK(failure("step_decay(1, 2, 3, 4)") == "step_decay takes 2 to 3 arguments (lr, every, factor = 0.1), found 4");
  CHECK(failure("exponential_decay(1)") == "exponential_decay takes 2 arguments (lr, factor), found 1");
  CHECK(failure("cosin_decay(1)") == "undefined function 'cosin_decay'; did you mean 'cosine_decay'?");
}
