#include <doctest/doctest.h>

#include <cmath>
#include <optexplore/catalog.hpp>
#include <optexplore/error.hpp>

#include "experiment/hyperparameters.hpp"
#include "study/run_tools.hpp"
#include "text/number.hpp"

using namespace optexplore;
using run_tools::optimizer;
using run_tools::Run;
using run_tools::run;

namespace {

constexpr int steps = 7;

std::vector<double> last(Run& run_, std::initializer_list<const char*> columns) {
  std::vector<double> values;
  for (const char* column : columns) values.push_back(run_[column].back());
  return values;
}

}  // namespace

TEST_CASE("hypergradients are the central differences of whole runs, for all rules") {
  std::size_t compared = 0, moved = 0, none = 0;
  for (const std::string& name : catalog::rule_names()) {
    const RuleEntry rule = catalog::rule(name);
    for (const auto& entry : rule.params) {
      const std::string& param = entry.first;
      const auto* value = std::get_if<double>(&entry.second);
      if (value == nullptr || !std::isfinite(*value)) continue;
      // Beside the default, which may be a kink: 0 switches something off, 1 makes two things equal.
      const double at_value = *value == 0 ? 0.01 : 0.97 * *value;
      const auto go = [&](double at, const std::string& columns) {
        const std::string text = optimizer(name, ", \"" + param + "\": " + text::to_text(at));
        return text.empty()
                   ? std::vector<Run>()
                   : run(R"({"function": "himmelblau", "start": [0.5, 1.25], "steps": )" + std::to_string(steps) +
                         R"(, "columns": [)" + columns + R"(], "optimizers": [)" + text + "]}");
      };
      CAPTURE(name);
      CAPTURE(param);
      std::vector<Run> exact;
      try {
        exact = go(at_value, "\"f\", \"point\", \"d." + param + "\", \"dx." + param + "\"");
      } catch (const InputError& error) {
        ++none;
        CHECK(std::string(error.what()).find("derivative") != std::string::npos);
        continue;
      }
      if (exact.empty()) continue;
      const std::string d = "d." + param, dx = "dx." + param;
      const std::vector<double> ours = {exact[0][d].back(), exact[0][dx + ".x"].back(), exact[0][dx + ".y"].back()};
      const std::vector<double> values = last(exact[0], {"f", "x", "y"});
      // Where two differences don't agree there is a kink, a jump or too little slope for them.
      const auto difference = [&](double h) {
        std::vector<Run> low, high;
        try {
          low = go(at_value - h, R"("f", "point")");
          high = go(at_value + h, R"("f", "point")");
        } catch (const InputError&) {
          return std::vector<double>{};
        }
        if (low.empty() || high.empty()) return std::vector<double>{};  // a size, which must be a whole number
        std::vector<double> below = last(low[0], {"f", "x", "y"}), above = last(high[0], {"f", "x", "y"});
        for (std::size_t k = 0; k < 3; ++k) above[k] = (above[k] - below[k]) / (2 * h);
        return above;
      };
      const double unit = std::fabs(at_value);
      const std::vector<double> fine = difference(1e-5 * unit), coarse = difference(3e-5 * unit);
      if (fine.empty() || coarse.empty()) continue;
      for (std::size_t k = 0; k < 3; ++k) {
        const double scale = std::max({std::fabs(fine[k]), 1e-6 / unit});
        if (!std::isfinite(fine[k]) || std::fabs(fine[k] - coarse[k]) > 1e-5 * scale) continue;
        ++compared;
        moved += fine[k] != 0 ? 1 : 0;
        CAPTURE(k);
        // What two runs differ by has the rounding errors of both.
        const double noise = 1e-13 * std::max(1.0, std::fabs(values[k])) / (1e-5 * unit);
        CHECK(std::fabs(ours[k] - fine[k]) <= 1e-4 * scale + noise);
      }
    }
  }
  MESSAGE(compared << " compared, " << moved << " of them not zero; " << none << " hyperparameters without");
  CHECK(moved > 1000);
}
