#include "analysis/comparison.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <optexplore/error.hpp>
#include <set>

#include "analysis/judgement.hpp"
#include "analysis/profile.hpp"
#include "drive/sweep.hpp"

using namespace optexplore;
using analysis::Comparison;
using analysis::Curve;
using analysis::Entry;
using analysis::Judgement;

namespace {

constexpr double inf = std::numeric_limits<double>::infinity();

Comparison compared(const std::string& config, const analysis::Options& options = {}) {
  return analysis::compare(read_experiment(config, "test"), options);
}

std::string failure(const std::string& config, const analysis::Options& options) {
  try {
    compared(config, options);
    return "no error";
  } catch (const InputError& error) {
    return error.what();
  }
}

// On x², SGD multiplies x by 1 - 2 lr: "half" by 1/2, so x² by 1/4; "jump" by 0; "out" by -3.
const std::string squares = R"({"function": {"definition": "f(x) = x^2", "minimum": 0}, "steps": 3,
    "start": {"points": [[1], [0.25], [0]]},
    "optimizers": [{"label": "half", "type": "sgd", "lr": 0.25}, {"label": "jump", "type": "sgd", "lr": 0.5},
                   {"label": "out", "type": "sgd", "lr": 2}]})";

analysis::Options target(const std::string& text) {
  analysis::Options options;
  options.target = text;
  return options;
}

}  // namespace

TEST_CASE("A comparison by hand") {
  const Comparison comparison = compared(squares, target("f < 0.01"));
  CHECK(comparison.problems.size() == 3);
  // half: 1, 1/4, 1/16, 1/64 never reaches 0.01; 1/16, 1/64, 1/256 in 2; 0 in 0.
  const Judgement half = judge(comparison, comparison.entries[0]);
  CHECK(half.runs == 3);
  CHECK(half.solved == 2);
  CHECK(half.solved_share == 2.0 / 3);
  CHECK(half.steps.low == 1);
  CHECK(half.steps.median == 2);
  CHECK(half.steps.high == inf);
  CHECK(half.ert == (3 + 2 + 0) / 2.0);
  CHECK(half.gap.median == 1.0 / 1024);  // 1/64, 1/1024, 0
  CHECK(half.gap.high == (1.0 / 64 + 1.0 / 1024) / 2);
  CHECK(half.diverged_share == 0);
  // jump: in 1, 1 and 0 steps; everything is solved, so ERT is the mean.
  const Judgement jump = judge(comparison, comparison.entries[1]);
  CHECK(jump.solved == 3);
  CHECK(jump.ert == 2.0 / 3);
  CHECK(jump.gap.high == 0);
  // out: only from the minimum.
  const Judgement out = judge(comparison, comparison.entries[2]);
  CHECK(out.solved == 1);
  CHECK(out.ert == 3 + 3 + 0);
  // From 1: jump (1), half (final 1/64), out (729). From 1/4: jump (1), half (2), out. From 0: all alike.
  CHECK(half.mean_rank == (2 + 2 + 2) / 3.0);
  CHECK(jump.mean_rank == (1 + 1 + 2) / 3.0);
  CHECK(out.mean_rank == (3 + 3 + 2) / 3.0);
}

TEST_CASE("A run that flew through its target isn't solved") {
  // Heavy ball on x²: far from 0 at the end in one setting, in the target to stay from some step on in the other.
  const std::string config = R"({"function": {"definition": "f(x) = x^2", "minimum": 0}, "start": [1], "steps": 9,
      "optimizers": [{"type": "momentum", "momentum": 0.95, "lr": [0.4, 0.6]}]})";
  analysis::Options every = target("abs(x) < 0.3");
  every.every_setting = true;
  const Comparison all = compared(config, every);
  const Entry &through = all.entries[0], &stayed = all.entries[1];
  double x = 1, v = 0, settled = inf;
  for (int step = 1; step <= 9; ++step) {
    v = 0.95 * v + 2 * x;
    x -= 0.6 * v;
    settled = std::fabs(x) < 0.3 ? std::min(settled, static_cast<double>(step)) : inf;
  }
  CHECK(settled < inf);
  CHECK(through.outcomes[0].touched);
  CHECK(!through.outcomes[0].solved());
  CHECK(through.outcomes[0].spent == 9);
  CHECK(through.outcomes[0].final > 0.3);
  CHECK(stayed.outcomes[0].steps == settled);
  CHECK(stayed.ranks[0] == 1);
  CHECK(through.ranks[0] == 2);
  const Judgement judgement = judge(all, through);
  CHECK(judgement.solved_share == 0);
  CHECK(judgement.touched_share == 1);
  CHECK(judgement.ert == inf);
  CHECK(compared(config, target("abs(x) < 0.3")).entries[0].setting == "lr=0.6");
  for (const Curve& curve : analysis::profiles(all, 0)) CHECK(curve.share.back() == (curve.entry == 0 ? 0 : 1));
}

TEST_CASE("A best value at an end of its range is told") {
  const auto ends = [](const std::string& rates, const analysis::Options& options) {
    const std::string config = R"({"function": {"definition": "f(x) = x^2", "minimum": 0}, "steps": 20,
        "start": {"points": [[1], [2]]}, "optimizers": [{"type": "sgd", "lr": )" +
                               rates + "}]}";
    std::string text;
    const Comparison comparison = compared(config, options);
    for (const analysis::RangeEnd& end : comparison.entries[0].range_ends)
      text += end.name + (end.greatest ? " greatest " : " least ");
    return text;
  };
  CHECK(ends("[0.01, 0.1, 0.3]", {}) == "lr greatest ");
  CHECK(ends("[0.6, 0.7, 0.8]", {}) == "lr least ");
  CHECK(ends("[0.1, 0.45, 0.9]", {}) == "");
  CHECK(ends("[0.1]", {}) == "");
  CHECK(ends("[0.25, 0.75, 0.1]", {}) == "");  // 1/2 and -1/2: as good, and one of them is at no end
  analysis::Options tuned;
  tuned.tuning = analysis::Tuning{3, std::nullopt};
  CHECK(ends("[0.01, 0.1, 0.3]", tuned) == "lr greatest ");
  CHECK(ends("[0.1, 0.45, 0.9]", tuned) == "");
}

TEST_CASE("Diverged runs count as infinitely far from the minimum") {
  std::string config = squares;
  config.replace(config.find("\"steps\": 3"), 10, "\"steps\": 2000");
  const Comparison comparison = compared(config);
  const Judgement out = judge(comparison, comparison.entries[2]);
  CHECK(out.diverged_share == 2.0 / 3);
  CHECK(out.gap.median == inf);
  CHECK(comparison.entries[2].outcomes[0].spent < 2000);
}

TEST_CASE("Profiles by hand") {
  const Comparison comparison = compared(squares, target("f < 0.01"));
  const std::vector<Curve> curves = analysis::profiles(comparison, 0);
  REQUIRE(curves.size() == 9);
  // Evaluations, with the start's: half ∞, 3, 1; jump 2, 2, 1; out ∞, ∞, 1.
  CHECK(curves[0].x == std::vector<double>{1, 3});
  CHECK(curves[0].share == std::vector<double>{1.0 / 3, 2.0 / 3});
  CHECK(curves[1].x == std::vector<double>{1, 2, 3});
  CHECK(curves[1].share == std::vector<double>{1.0 / 3, 1, 1});
  CHECK(curves[2].share == std::vector<double>{1.0 / 3, 1.0 / 3});
  // Divided by the quickest's: half ∞, 1.5, 1; jump 1, 1, 1; out ∞, ∞, 1.
  CHECK(curves[3].x == std::vector<double>{1, 1.5});
  CHECK(curves[3].share == std::vector<double>{1.0 / 3, 2.0 / 3});
  CHECK(curves[4].share == std::vector<double>{1, 1});
  CHECK(curves[5].share == std::vector<double>{1.0 / 3, 1.0 / 3});
  // Divided by n + 1 = 2.
  CHECK(curves[6].x == std::vector<double>{0.5, 1.5});
  CHECK(curves[7].x == std::vector<double>{0.5, 1, 1.5});
  CHECK(analysis::profiles(compared(R"({"function": "f(x) = x^2", "start": [1],
                                       "optimizers": [{"type": "sgd"}]})"),
                           0)
            .empty());
}

namespace {

const std::string mixed =
    R"({"functions": ["himmelblau", "rosenbrock"], "steps": 300, "seeds": 2, "seed": 5,
        "start": {"uniform": [[-4, 4], [-4, 4]], "count": 17}, "stop": "norm(g) < 1e-9",
        "optimizers": [{"type": "sgd", "lr": {"log": [1e-4, 1e-1, 5]}},
                       {"label": "noisy", "chain": [{"type": "gradient_noise", "eta": [0.1, 10]},
                                                    {"type": "adam", "lr": 0.3}]},
                       {"label": "sam", "chain": [{"type": "sam"}, {"type": "sgd", "lr": 0.01}]},
                       {"type": "momentum", "lr": {"loguniform": [1e-3, 1]}, "samples": 4}]})";

}  // namespace

TEST_CASE("Outcomes are those of the sweep") {
  analysis::Options options;
  options.every_setting = true;
  options.jobs = 3;
  const Comparison comparison = compared(mixed, options);
  CHECK(comparison.entries.size() == 5 + 2 + 1 + 4);
  CHECK(comparison.problems.size() == 2 * 17 * 2);
  drive::SweepOptions columns;
  columns.columns = {{"f_final", ""}, {"steps_to_settle", ""}, {"evals_g", ""}, {"evals_f", ""}, {"steps", ""}};
  const drive::Sweep sweep(read_experiment(mixed, "test"), columns);
  std::vector<std::vector<double>> rows;
  drive::RunBlocks blocks(sweep, 0, sweep.runs());
  while (const auto part = blocks.next()) {
    const Block block = sweep.compute(part->first, part->count);
    for (std::size_t r = 0; r < block.rows; ++r) {
      rows.emplace_back();
      for (std::size_t c = 0; c < 5; ++c) rows.back().push_back(block.at(c, r));
    }
  }
  std::size_t row = 0, entry_of_optimizer = 0, differences = 0;
  for (std::size_t f = 0; f < 2; ++f) {
    entry_of_optimizer = 0;
    for (const std::size_t settings : {5U, 2U, 1U, 4U}) {
      for (std::size_t s = 0; s < settings; ++s)
        for (std::size_t p = 0; p < 34; ++p, ++row) {
          if (settings == 2 && s > 0) continue;  // a sweep's runs have draws of their own, see below
          const analysis::Outcome& outcome = comparison.entries[entry_of_optimizer + s].outcomes[34 * f + p];
          const double reached = rows[row][1];
          const bool solved = !std::isnan(reached);
          const double per_step = rows[row][4] == 0 ? 0 : (rows[row][2] + rows[row][3]) / rows[row][4];
          if (solved != outcome.solved() || (solved && reached != outcome.steps)) ++differences;
          if (outcome.spent != per_step * (solved ? reached : rows[row][4])) ++differences;
          if (!(outcome.final == rows[row][0] || (std::isnan(rows[row][0]) && outcome.final == inf))) ++differences;
        }
      entry_of_optimizer += settings;
    }
  }
  CHECK(row == sweep.runs());
  CHECK(differences == 0);
}

TEST_CASE("Of a noisy optimizer a setting sees the same noise wherever it stands among the settings") {
  const auto noisy = [](const std::string& label, const std::string& rates) {
    return R"({"label": ")" + label + R"(", "chain": [{"type": "gradient_noise", "eta": 1}, {"type": "sgd", "lr": )" +
           rates + "}]}";
  };
  analysis::Options options;
  options.every_setting = true;
  const Comparison comparison = compared(
      R"({"function": "book", "steps": 20, "seeds": 2, "start": {"points": [[1, 2], [3, 4]]}, "optimizers": [)" +
          noisy("a", "[0.1, 0.2]") + "," + noisy("b", "[0.2, 0.1]") + "]}",
      options);
  REQUIRE(comparison.entries.size() == 4);
  for (std::size_t p = 0; p < 4; ++p) {
    const auto final_of = [&](std::size_t entry) { return comparison.entries[entry].outcomes[p].final; };
    CHECK(final_of(0) == final_of(3));
    CHECK(final_of(1) == final_of(2));
    CHECK(final_of(0) != final_of(1));
  }
}

TEST_CASE("Tuning gives each function's runs as many evaluations, whatever function comes first") {
  analysis::Options options;
  options.tuning = analysis::Tuning{2, 1};
  const std::string rest = R"(], "steps": 100, "start": {"points": [0.3, 0.5, 0.7]},
                               "optimizers": [{"type": "damped_newton", "lr": [0.01, 0.02]}]})";
  const std::string small = R"({"name": "sphere", "dim": 2})", large = R"({"name": "sphere", "dim": 10})";
  for (const std::string& functions : {small + "," + large, large + "," + small}) {
    const Comparison comparison = compared(R"({"functions": [)" + functions + rest, options);
    REQUIRE(comparison.entries.size() == 1);
    CHECK(comparison.entries[0].steps == 33);
    for (std::size_t p = 0; p < comparison.problems.size(); ++p) {
      const double spent = comparison.entries[0].outcomes[p].spent;
      CHECK(spent == (comparison.problems[p].dim == 2 ? 33 * 3 : 9 * 11));
    }
  }
}

TEST_CASE("Ranks of a problem sum to what they must, and threads change nothing") {
  analysis::Options options;
  options.jobs = 1;
  const Comparison one = compared(mixed, options);
  options.jobs = 4;
  const Comparison four = compared(mixed, options);
  for (std::size_t p = 0; p < one.problems.size(); ++p) {
    double sum = 0;
    for (std::size_t e = 0; e < one.entries.size(); ++e) {
      sum += one.entries[e].ranks[p];
      CHECK(one.entries[e].ranks[p] == four.entries[e].ranks[p]);
    }
    CHECK(sum == 10);  // 1 + 2 + 3 + 4
  }
  for (std::size_t e = 0; e < one.entries.size(); ++e) CHECK(one.entries[e].setting == four.entries[e].setting);
}

TEST_CASE("The best setting is the one whose row would be best") {
  analysis::Options every = target("f < 0.5");
  every.every_setting = true;
  const Comparison all = compared(mixed, every);
  const Comparison best = compared(mixed, target("f < 0.5"));
  std::size_t first = 0;
  for (const Entry& chosen : best.entries) {
    double least = inf;
    std::string setting;
    for (std::size_t s = 0; s < chosen.settings; ++s) {
      const Entry& entry = all.entries[first + s];
      double spent = 0, solved = 0;
      const double budget = 300 * (entry.label == "sam" ? 2 : 1);
      for (const analysis::Outcome& outcome : entry.outcomes) {
        spent += outcome.solved() ? outcome.spent : budget;
        solved += outcome.solved() ? 1 : 0;
      }
      if (solved > 0 && spent / solved < least) {
        least = spent / solved;
        setting = entry.setting;
      }
    }
    CHECK(chosen.setting == setting);
    first += chosen.settings;
  }
}

TEST_CASE("Tuning: as many settings and evaluations for all, and other starts to judge on") {
  analysis::Options options;
  options.tuning = analysis::Tuning{3, 5};
  std::string config = mixed;
  config.replace(config.find("[0.1, 10]"), 9, "[0.1, 1, 10, 100]");
  const Comparison comparison = compared(config, options);
  CHECK(comparison.tuning_starts == 5);
  CHECK(comparison.problems.size() == 2 * 12 * 2);
  for (const Entry& entry : comparison.entries) {
    const bool sam = entry.label == "sam";
    CHECK(entry.settings == (sam ? 1 : 3));
    CHECK(entry.tuning_runs == (sam ? 0 : 3 * 2 * 5 * 2));
    CHECK(entry.steps == (sam ? 150 : 300));  // SAM takes two gradients a step
    CHECK(entry.outcomes.size() == comparison.problems.size());
  }
  // What is judged: rows that a comparison without tuning has too, of 12 of the 17 starts.
  options.tuning.reset();
  options.every_setting = true;
  const Comparison all = compared(config, options);
  for (const Entry& entry : comparison.entries) {
    if (entry.label == "sam") continue;
    for (const Entry& other : all.entries) {
      if (other.label != entry.label || other.setting != entry.setting) continue;
      std::multiset<double> judged, present;
      for (const analysis::Outcome& outcome : entry.outcomes) judged.insert(outcome.final);
      for (const analysis::Outcome& outcome : other.outcomes) present.insert(outcome.final);
      CHECK(std::includes(present.begin(), present.end(), judged.begin(), judged.end()));
    }
  }
}

TEST_CASE("What can't be tuned") {
  analysis::Options options;
  options.tuning = analysis::Tuning{10, std::nullopt};
  CHECK(failure(mixed, options) ==
        "--tune: 'sgd' has 5 settings, but each is to try 10; \"loguniform\" and \"uniform\" give any number");
  const std::string one_start = R"({"function": "book", "start": [1, 1],
                                    "optimizers": [{"type": "sgd", "lr": [0.1, 0.2]}]})";
  options.tuning = analysis::Tuning{2, std::nullopt};
  CHECK(failure(one_start, options) ==
        "--tune: tuning needs starts to tune on and others to judge on, found one start; give several, as in "
        "\"start\": {\"domain\": 20}");
  options.tuning = analysis::Tuning{2, 17};
  CHECK(failure(mixed, options) != "no error");
  options = target("nonsense < 1");
  CHECK(failure(mixed, options).starts_with("--target: "));
  CHECK(failure(R"({"function": "book", "start": {"uniform": [[0,1],[0,1]], "count": 1e15},
                    "optimizers": [{"type": "sgd"}]})",
                {}) ==
        "the experiment means more than 100000000 runs, whose outcomes would have to be kept; `sweep` writes any "
        "number");
}

TEST_CASE("Bootstrap") {
  const Comparison comparison = compared(mixed, target("f < 0.5"));
  for (std::uint64_t b = 0; b < 20; ++b) {
    std::uint64_t total = 0;
    for (const std::uint32_t count : analysis::resample(comparison, b)) total += count;
    CHECK(total == comparison.problems.size());
  }
  const std::vector<analysis::Bands> bands = bootstrap(comparison, 400);
  for (std::size_t e = 0; e < bands.size(); ++e) {
    const Judgement judgement = judge(comparison, comparison.entries[e]);
    CHECK(bands[e].mean_rank.low < judgement.mean_rank);
    CHECK(judgement.mean_rank < bands[e].mean_rank.high);
    CHECK(bands[e].ert.low <= judgement.ert);
    CHECK(judgement.ert <= bands[e].ert.high);
    CHECK(bands[e].gap_median.low <= judgement.gap.median);
    CHECK(judgement.gap.median <= bands[e].gap_median.high);
    // Of a mean, the band is about 2 · 1.96 standard errors wide.
    double variance = 0;
    for (const double rank : comparison.entries[e].ranks) variance += std::pow(rank - judgement.mean_rank, 2);
    const double error = std::sqrt(variance) / static_cast<double>(comparison.problems.size());
    CHECK((bands[e].mean_rank.high - bands[e].mean_rank.low) / (2 * 1.96 * error) == doctest::Approx(1).epsilon(0.2));
  }
  for (const Curve& curve : analysis::profiles(comparison, 200))
    for (std::size_t i = 0; i < curve.x.size(); ++i) {
      CHECK(curve.bands[i].low <= curve.share[i]);
      CHECK(curve.share[i] <= curve.bands[i].high);
      if (i > 0) CHECK(curve.share[i - 1] <= curve.share[i]);
    }
}
